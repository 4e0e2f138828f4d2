// Plans with chance in everything: what must hold of every run.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type DurationLaw,
  type FailureLaw,
  type FluidPlan,
  type Levels,
  type Load,
  PLAIN_FLUID_PLAN,
  simulateFluid,
  type Snapshot,
} from '../../../models/fluid-job/index.ts';

const upTo = (max: number): fc.Arbitrary<number> => fc.nat({ max: max * 1_000_000 });

const durations: fc.Arbitrary<DurationLaw> = fc.oneof(
  upTo(20).map((micros) => ({ kind: 'constant' as const, micros })),
  upTo(20).map((meanMicros) => ({ kind: 'exponential' as const, meanMicros })),
  upTo(20).map((maxMicros) => ({ kind: 'uniform' as const, minMicros: 0, maxMicros })),
  fc.array(upTo(20), { minLength: 1, maxLength: 4 }).map((micros) => ({ kind: 'resampled' as const, micros })),
);

const laws: fc.Arbitrary<FailureLaw> = fc.oneof(
  fc.constantFrom<FailureLaw>(
    { kind: 'exponential', meanMicros: 2e8 },
    { kind: 'weibull', shape: 0.6, meanMicros: 2e8 },
    { kind: 'resampled', micros: [5e7, 9e7, 0] },
  ),
  fc.array(upTo(900), { maxLength: 9 }).map((micros) => ({ kind: 'gaps' as const, micros })),
  fc
    .array(upTo(900), { maxLength: 9 })
    .map((micros) => ({ kind: 'at' as const, micros: micros.toSorted((a, b) => a - b) })),
);

const loads: fc.Arbitrary<Load> = fc.oneof(
  fc.constant<Load>({ kind: 'saturated' }),
  fc.record({
    kind: fc.constant('constant' as const),
    inputPerSecond: fc.integer({ min: 1, max: 5000 }),
    capacityPerSecond: fc.integer({ min: 1, max: 9000 }),
    recordBytes: fc.constant(100),
  }),
);

const snapshots: fc.Arbitrary<Snapshot> = fc.constantFrom<Snapshot>(
  { kind: 'full', stateBytes: 1e8 },
  { kind: 'chain', stateBytes: 1e8, delta: { kind: 'constant', bytes: 1e6 }, length: 5 },
  {
    kind: 'chain',
    stateBytes: 1e8,
    delta: { kind: 'uniformUpdates', entryBytes: 100, updatesPerSecond: 1000 },
    length: 3,
  },
  {
    kind: 'changelog',
    stateBytes: 1e8,
    logBytesPerSecond: 1e5,
    materializationPeriodMicros: 5e7,
    materializationMicros: 9e6,
  },
);

const levels: fc.Arbitrary<Levels> = fc.constantFrom<Levels>(
  { kind: 'single' },
  { kind: 'nested', segments: 4, remotePauseMicros: 2e6 },
  { kind: 'stochastic', remoteProbability: 0.3, remotePauseMicros: 2e6 },
);

const plans: fc.Arbitrary<FluidPlan> = fc
  .record({
    load: loads,
    snapshot: snapshots,
    levels,
    interval: fc.integer({ min: 1_000_000, max: 90_000_000 }),
    pause: upTo(3),
    delay: durations,
    minPause: upTo(9),
    concurrent: fc.constantFrom(1, 1, 3),
    timeout: fc.option(fc.integer({ min: 1_000_000, max: 30_000_000 })),
    failureProbability: fc.constantFrom(0, 0.4),
    isBlocking: fc.boolean(),
    first: laws,
    second: laws,
    down: fc.tuple(upTo(9), upTo(30)),
    detect: durations,
    restore: durations,
  })
  .map((each) => {
    const oneAtATime = each.snapshot.kind === 'chain' || each.levels.kind !== 'single';
    return {
      ...PLAIN_FLUID_PLAN,
      end: { kind: 'time', micros: 1_000_000_007 },
      load: each.levels.kind === 'single' ? each.load : { kind: 'saturated' },
      checkpoint: {
        intervalMicros: each.interval,
        firstTriggerMicros: each.interval,
        pauseMicros: each.pause,
        delay: each.delay,
        upload: { bytesPerSecond: 1e8, isBlocking: each.isBlocking },
        minPauseMicros: each.minPause,
        maxConcurrent: oneAtATime ? 1 : each.concurrent,
        timeoutMicros: each.timeout,
        failureProbability: each.failureProbability,
        levels: each.levels,
      },
      snapshot: each.snapshot,
      failures: [
        { name: 'process', law: each.first, level: 1 },
        { name: 'node', law: each.second, level: 2 },
      ],
      recovery: {
        downMicros: each.down,
        detect: each.detect,
        restart: { kind: 'constant', micros: 500_000 },
        restore: each.restore,
        readBytesPerSecond: 2e8,
        replayBytesPerSecond: 1e6,
      },
      measure: {
        latencyBoundsMicros: [1_000_000, 30_000_000],
        quantiles: true,
        historyMicros: 100_000_000,
        retainedSnapshots: 2,
        objectsPerCheckpoint: 3,
        objectsPerRestore: 4,
        recoveriesMax: 1000,
      },
    };
  });

test('time is conserved to the microsecond, whatever the plan', () => {
  fc.assert(
    fc.property(plans, fc.nat({ max: 9 }), (plan, replication) => {
      const { budget, elapsedMicros } = simulateFluid(plan, 'random', replication);
      const parts = Object.values(budget);
      expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(elapsedMicros);
    }),
  );
});

test('checkpoints that were triggered have one end each, or are in flight', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { checkpoints: seen } = simulateFluid(plan, 'random');
      const ended = seen.completed + seen.failed + seen.timedOut + seen.aborted + seen.subsumed;
      expect(seen.triggered - ended).toBeGreaterThanOrEqual(0);
      expect(seen.triggered - ended).toBeLessThanOrEqual(plan.checkpoint.maxConcurrent);
    }),
  );
});

test('records leave once: none is first output before it arrives, and late ones are part of all', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { latency, elapsedMicros } = simulateFluid(plan, 'random');
      if (latency === null || plan.load.kind === 'saturated') return;
      const arrived = (plan.load.inputPerSecond * elapsedMicros) / 1e6;
      const { firstOutput, replay, sink, late } = latency;
      expect(firstOutput.records).toBeLessThanOrEqual(arrived * (1 + 1e-9));
      expect(replay.records).toBeGreaterThanOrEqual(firstOutput.records);
      expect(sink.records).toBeLessThanOrEqual(firstOutput.records * (1 + 1e-9));
      expect(late[1]!.records).toBeLessThanOrEqual(late[0]!.records);
      expect(late[0]!.records).toBeLessThanOrEqual(firstOutput.records);
      for (const { mean_us, max_us, quantiles } of [firstOutput, replay, sink]) {
        expect(mean_us).toBeLessThanOrEqual(max_us);
        const { p50_us, p90_us, p99_us, p999_us } = quantiles!;
        const ascending = [0, p50_us, p90_us, p99_us, p999_us, max_us * (1 + 1 / 4096)];
        if (max_us > 0) expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
      }
    }),
  );
});

test('a recovery is listed for every failure of a job that was up, in order, and ages fit the checkpoints', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { recoveries, failures } = simulateFluid(plan, 'random');
      expect(recoveries.list.length).toBe(failures.count - failures.inOutage);
      expect(recoveries.age_us.n).toBe(recoveries.list.length);
      for (const [i, each] of recoveries.list.entries()) {
        expect(each.age_us).toBeLessThanOrEqual(each.failedAt_us);
        expect(each.resumedAt_us).toBeGreaterThanOrEqual(each.failedAt_us);
        if (each.caughtUpAt_us !== null) expect(each.caughtUpAt_us).toBeGreaterThanOrEqual(each.resumedAt_us);
        const next = recoveries.list[i + 1];
        if (next !== undefined) expect(next.failedAt_us).toBeGreaterThanOrEqual(each.caughtUpAt_us ?? each.failedAt_us);
      }
    }),
  );
});
