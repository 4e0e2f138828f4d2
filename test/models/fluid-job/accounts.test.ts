// The accounts of a fluid job, each against a count by hand or by brute force.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  energyJoules,
  fitPowerLaw,
  type FluidPlan,
  measureClaims,
  money,
  PLAIN_FLUID_PLAN,
  simulateFluid,
} from '../../../models/fluid-job/index.ts';
import { LatencyProfile } from '../../../models/fluid-job/latency-profile.ts';
import { SnapshotFiles } from '../../../models/fluid-job/snapshot-files.ts';

const { measure } = PLAIN_FLUID_PLAN;

test('what the last n checkpoints of a chain rest on is what a list of all files says', () => {
  const cases = fc.record({
    length: fc.integer({ min: 1, max: 6 }),
    retainedSnapshots: fc.integer({ min: 1, max: 8 }),
    historyMicros: fc.nat({ max: 500 }),
    gaps: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
  });
  fc.assert(
    fc.property(cases, ({ length, retainedSnapshots, historyMicros, gaps }) => {
      const snapshot = { kind: 'chain', stateBytes: 1000, delta: { kind: 'constant', bytes: 10 }, length } as const;
      const files = new SnapshotFiles(snapshot, { ...measure, retainedSnapshots, historyMicros });
      const done: { at: number; bytes: number; base: number }[] = [];
      let now = 0;
      let [kept, history] = [0, 0];
      const pass = (span: number): void => {
        const oldest = done[Math.max(0, done.length - retainedSnapshots)];
        const held = oldest === undefined ? [] : done.slice(oldest.base);
        kept += span * held.reduce((sum, { bytes }) => sum + bytes, 0);
        for (const { at, bytes } of done)
          history += bytes * Math.max(0, Math.min(now + span, at + historyMicros) - now);
        now += span;
      };
      for (const gap of gaps) {
        pass(gap);
        const isFull = done.length % length === 0;
        expect(files.isNextFull).toBe(isFull);
        const bytes = files.bytesOfNext(5);
        expect(bytes).toBe(isFull ? 1000 : 10);
        files.add(now, bytes, 0);
        done.push({ at: now, bytes, base: isFull ? done.length : done.at(-1)!.base });
        expect(files.chainBytes).toBe(done.slice(done.at(-1)!.base).reduce((sum, each) => sum + each.bytes, 0));
      }
      pass(17);
      const means = files.means(now);
      expect(means.retained * now).toBeCloseTo(kept, 6);
      expect(means.history * now).toBeCloseTo(history, 6);
    }),
  );
});

test('files that nobody needs are forgotten, and the totals stay', () => {
  const files = new SnapshotFiles({ kind: 'full', stateBytes: 8 }, { ...measure, historyMicros: 30 });
  for (let now = 10; now <= 50_000; now += 10) files.add(now, 8, 2);
  expect(files.writtenBytes.toNumber()).toBe(40_000);
  const { retained, history, uploading } = files.means(50_010);
  expect(retained).toBeCloseTo(8, 2);
  expect(history).toBeCloseTo(24, 1);
  expect(uploading).toBeCloseTo(1.6, 2);
});

test('quantiles of stretches and atoms are those of as many values', () => {
  const stretches = fc.array(
    fc.record({ low: fc.nat({ max: 2000 }), width: fc.nat({ max: 2000 }), mass: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(stretches, (parts) => {
      const profile = new LatencyProfile();
      const values: number[] = [];
      for (const { low, width, mass } of parts) {
        profile.add(low, low + width, mass);
        for (let i = 0; i < mass * 200; i++) values.push(low + (width * (i + 0.5)) / (mass * 200));
      }
      values.sort((a, b) => a - b);
      const shares = [0.1, 0.5, 0.9];
      LatencyProfile.quantiles([profile], shares).forEach((quantile, i) => {
        // Between the values below and above, allowing one value's worth of mass.
        const at = Math.floor(shares[i]! * values.length);
        expect(quantile).toBeGreaterThanOrEqual(values[Math.max(0, at - 2)]! - 11);
        expect(quantile).toBeLessThanOrEqual(values[Math.min(values.length - 1, at + 2)]! + 11);
      });
    }),
  );
});

test('mass is not lost where a stretch is narrower than the rounding', () => {
  const profile = new LatencyProfile();
  profile.add(1_000_000, 1_000_001, 3);
  profile.add(0, 10, 1);
  expect(LatencyProfile.quantiles([profile], [0.2, 0.5])).toEqual([8, 1_000_064 - (1_000_064 % 128)]);
});

test('a power law is found again, and a constant has exponent 0', () => {
  expect(
    fitPowerLaw([
      [1, 5],
      [10, 500],
      [100, 50_000],
    ]),
  ).toEqual({ exponent: expect.closeTo(2, 12), rSquared: expect.closeTo(1, 12) });
  expect(
    fitPowerLaw([
      [1, 5],
      [10, 5],
    ]),
  ).toEqual({ exponent: 0, rSquared: 1 });
  expect(() =>
    fitPowerLaw([
      [3, 5],
      [3, 6],
    ]),
  ).toThrow(RangeError);
});

const base: FluidPlan = {
  ...PLAIN_FLUID_PLAN,
  load: { kind: 'constant', inputPerSecond: 1000, capacityPerSecond: 4000, recordBytes: 100 },
  checkpoint: { ...PLAIN_FLUID_PLAN.checkpoint, upload: { bytesPerSecond: 1e8, isBlocking: true } },
  snapshot: { kind: 'full', stateBytes: 1e7 },
  failures: [{ name: 'node', law: { kind: 'exponential', meanMicros: 1e10 }, level: 1 }],
  recovery: { ...PLAIN_FLUID_PLAN.recovery, readBytesPerSecond: 1e8 },
  measure: { ...measure, historyMicros: 600_000_000 },
};
const sweep = { stateBytes: [1e6, 1e7, 1e8], periodsMicros: [10e6, 30e6, 90e6], seed: 'claims' };

test('each term of space follows its own power of the frequency', () => {
  const { spaceAgainstFrequency, timeAgainstState } = measureClaims(base, sweep);
  expect(spaceAgainstFrequency.map(({ term, regime }) => [term, regime])).toEqual([
    ['replayLog', 'inverse'],
    ['retained', 'independent'],
    ['history', 'proportional'],
    ['uploading', 'proportional'],
    ['writtenPerSecond', 'proportional'],
  ]);
  expect(timeAgainstState.map(({ term, exponent }) => [term, Number(exponent.toFixed(2))])).toEqual([
    ['pause', 1],
    ['checkpointDuration', 1],
    ['restore', 1],
  ]);
});

test('a changelog does not care for the frequency of checkpoints, its log for that of materialisation', () => {
  const claims = measureClaims(
    {
      ...base,
      snapshot: {
        kind: 'changelog',
        stateBytes: 1e7,
        logBytesPerSecond: 1000,
        materializationPeriodMicros: 60_000_000,
        materializationMicros: 0,
      },
    },
    sweep,
  );
  expect(claims.spaceAgainstFrequency.find(({ term }) => term === 'changelog')!.regime).toBe('independent');
  expect(claims.logAgainstMaterialization!.exponent).toBeCloseTo(-1, 2);
  expect(claims.timeAgainstState.find(({ term }) => term === 'checkpointDuration')!.exponent).toBeCloseTo(0, 4);
});

test('energy and money are the accounts times the prices', () => {
  const outcome = simulateFluid(
    { ...base, failures: [{ name: 'node', law: { kind: 'at', micros: [1_000_000_000] }, level: 1 }] },
    'prices',
  );
  const watts = { staticWatts: 1, computeWatts: 0, ioWatts: 0, downWatts: 0 };
  expect(energyJoules(outcome, watts)).toBe(86_400);
  expect(energyJoules(outcome, { ...watts, staticWatts: 0, ioWatts: 10 })).toBeCloseTo(
    (outcome.budget.paused_us + outcome.budget.restore_us) / 1e5,
    9,
  );
  const prices = {
    cores: 2,
    coreHourUsd: 3600,
    putUsd: 5,
    getUsd: 7,
    transferUsdPerGb: 11,
    storageUsdPerGbMonth: 30,
  };
  const bill = money(outcome, prices);
  expect(bill.pausesUsd).toBeCloseTo((2 * outcome.budget.paused_us) / 1e6, 9);
  expect(bill.requestsUsd).toBe(5 * outcome.checkpoints.completed + 7);
  expect(bill.transferUsd).toBeCloseTo(11 * 0.01 * outcome.checkpoints.completed, 9);
  expect(bill.snapshotsUsd).toBeCloseTo(outcome.space.retainedMeanBytes / 1e9, 9);
  const { totalUsd, ...parts } = bill;
  expect(totalUsd).toBeCloseTo(
    Object.values(parts).reduce((sum, each) => sum + each, 0),
    9,
  );
});

test('records later than a bound after one failure are those of the first outputs above it', () => {
  // Checkpoints every 60 s that take no time, a failure 40.25 s after one, 20 s of outage, load 1/4: the peak is 30.0625 s.
  const { firstOutput, late } = simulateFluid(
    {
      ...base,
      checkpoint: PLAIN_FLUID_PLAN.checkpoint,
      failures: [{ name: 'node', law: { kind: 'at', micros: [6_040_250_000] }, level: 1 }],
      recovery: { ...PLAIN_FLUID_PLAN.recovery, restart: { kind: 'constant', micros: 20_000_000 } },
      measure: { ...measure, latencyBoundsMicros: [0, 10_000_000, 30_062_500, 99_000_000] },
    },
    'late',
  ).latency!;
  expect(firstOutput.max_us).toBe(30_062_500);
  const perSecondOfLatency = 1000 / (1 - 1 / 4);
  expect(late.map(({ records }) => records)).toEqual([
    expect.closeTo(30.0625 * perSecondOfLatency, 6),
    expect.closeTo(20.0625 * perSecondOfLatency, 6),
    0,
    0,
  ]);
});
