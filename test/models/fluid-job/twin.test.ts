// The fluid job against its slow twin, on random plans without chance: every total, to the microsecond.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FluidPlan, PLAIN_FLUID_PLAN, simulateFluid } from '../../../models/fluid-job/index.ts';
import { stepThrough } from './stepped-twin.ts';

const small = fc.nat({ max: 30 });

const plans: fc.Arbitrary<{ plan: FluidPlan; p: number; q: number }> = fc
  .record({
    load: fc.constantFrom([1, 2], [2, 3], [1, 7], [9, 10], [5, 4]),
    interval: fc.integer({ min: 5, max: 90 }),
    first: small,
    pause: small,
    delay: small,
    minPause: small,
    concurrent: fc.constantFrom(1, 1, 2, 50),
    timeout: fc.option(fc.integer({ min: 10, max: 60 })),
    failures: fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: 6 }),
    outage: fc.tuple(small, small, small, small),
  })
  .map(({ load: [p, q], outage: [down, detect, restart, restore], ...each }) => ({
    p: p,
    q: q,
    plan: {
      ...PLAIN_FLUID_PLAN,
      end: { kind: 'time', micros: 1000 },
      load: { kind: 'constant', inputPerSecond: p * 1000, capacityPerSecond: q * 1000, recordBytes: 1 },
      checkpoint: {
        ...PLAIN_FLUID_PLAN.checkpoint,
        intervalMicros: each.interval,
        firstTriggerMicros: each.first,
        pauseMicros: each.pause,
        delay: { kind: 'constant', micros: each.delay },
        minPauseMicros: each.minPause,
        maxConcurrent: each.concurrent,
        timeoutMicros: each.timeout,
      },
      failures: [{ name: 'node', law: { kind: 'at', micros: each.failures.toSorted((a, b) => a - b) }, level: 1 }],
      recovery: {
        ...PLAIN_FLUID_PLAN.recovery,
        downMicros: [down, down],
        detect: { kind: 'constant', micros: detect },
        restart: { kind: 'constant', micros: restart },
        restore: { kind: 'constant', micros: restore },
      },
      measure: { ...PLAIN_FLUID_PLAN.measure, recoveriesMax: 100 },
    },
  }));

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

test('a fluid job does what its slow twin does, microsecond by microsecond', () => {
  fc.assert(
    fc.property(plans, ({ plan, p, q }) => {
      const fast = simulateFluid(plan, 'twin');
      const slow = stepThrough(plan, p, q);
      const { budget, checkpoints, recoveries, space, latency } = fast;
      const busy = Math.round((slow.caughtUp * p) / q);
      expect(budget.useful_us).toBe(slow.useful + busy);
      expect(budget.idle_us).toBe(slow.caughtUp - busy);
      expect(budget.paused_us).toBe(slow.paused);
      expect(budget.replay_us).toBe(slow.replay);
      expect(budget.down_us + budget.detect_us + budget.restart_us + budget.restore_us).toBe(slow.outage);
      expect(checkpoints.triggered).toBe(slow.triggers.length);
      expect(checkpoints.completed).toBe(slow.completed);
      expect(checkpoints.aborted).toBe(slow.aborted);
      expect(checkpoints.timedOut).toBe(slow.timedOut);
      expect(checkpoints.subsumed).toBe(slow.subsumed);
      expect(recoveries.list.map(({ age_us }) => age_us)).toEqual(slow.ages);
      expect(recoveries.outage_us.n).toBe(slow.outages.length);
      if (slow.outages.length > 0) expect(recoveries.outage_us.mean).toBeCloseTo(mean(slow.outages), 9);
      expect(recoveries.total_us.n).toBe(slow.recoveries.length);
      if (slow.recoveries.length > 0) expect(recoveries.total_us.mean).toBeCloseTo(mean(slow.recoveries), 9);
      expect(fast.committedMicros).toBeCloseTo(slow.committed, 9);
      // 1000 p records a second of one byte each: a unit is a thousandth of a byte.
      expect(space.replayLogMeanBytes).toBeCloseTo(slow.twiceRetained / 2 / 1000 / 1000, 9);
      expect(space.replayLogPeakBytes).toBeCloseTo(slow.retainedPeak / 1000, 9);
      expect(latency === null).toBe(p >= q);
      if (latency === null) return;
      // A unit is a thousandth of a record, a unit of backlog 1/p µs. The microsecond in which a backlog or a replay ends is shared.
      const ends = fast.failures.count + slow.triggers.length + 1;
      const area = (view: { area_record_s: number }): number => view.area_record_s * 1e9 * p;
      expect(Math.abs(area(latency.firstOutput) - slow.firstArea)).toBeLessThan(2 * q * q * ends + 1000 * q * p);
      expect(Math.abs(area(latency.replay) - slow.anyArea)).toBeLessThan(2 * q * q * ends);
    }),
    { numRuns: 500 },
  );
});
