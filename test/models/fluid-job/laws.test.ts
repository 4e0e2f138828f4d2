import { expect, test } from 'vitest';
import { type FailureLaw, type FluidPlan, PLAIN_FLUID_PLAN, simulateFluid } from '../../../models/fluid-job/index.ts';
import { drawDuration, gapsOf } from '../../../models/fluid-job/laws.ts';
import { Moments, randomStreams } from '../../../sim/index.ts';

const stream = (name: string): ReturnType<ReturnType<typeof randomStreams>> => randomStreams('laws')(name);

test.each([
  [{ kind: 'exponential', meanMicros: 5e6 }, 1],
  [{ kind: 'weibull', shape: 2, meanMicros: 5e6 }, 0.5227],
  [{ kind: 'weibull', shape: 0.7, meanMicros: 5e6 }, 1.4624],
  [{ kind: 'resampled', micros: [2e6, 8e6] }, 0.6],
] as const)('gaps of %j have the mean they are given and their deviation', (law: FailureLaw, relativeDeviation) => {
  const gap = gapsOf(law, stream('gaps'));
  const seen = new Moments();
  for (let i = 0; i < 40_000; i++) seen.add(gap());
  const error = Math.sqrt(seen.variance / seen.n);
  expect(Math.abs(seen.mean - 5e6)).toBeLessThan(3 * error);
  expect(Math.sqrt(seen.variance) / seen.mean).toBeCloseTo(relativeDeviation, 1);
});

test('durations keep to their range', () => {
  const open = stream('durations');
  for (let i = 0; i < 1000; i++) {
    expect(drawDuration({ kind: 'constant', micros: 7 }, open)).toBe(7);
    const uniform = drawDuration({ kind: 'uniform', minMicros: 3, maxMicros: 9 }, open);
    expect(uniform).toBeGreaterThanOrEqual(3);
    expect(uniform).toBeLessThanOrEqual(9);
    expect([4, 6]).toContain(drawDuration({ kind: 'resampled', micros: [4, 6] }, open));
  }
});

function failing(law: FailureLaw, downMicros: number): FluidPlan {
  return {
    ...PLAIN_FLUID_PLAN,
    end: { kind: 'time', micros: 10_000 },
    failures: [{ name: 'node', law, level: 1 }],
    recovery: { ...PLAIN_FLUID_PLAN.recovery, downMicros: [downMicros, 0] },
    measure: { ...PLAIN_FLUID_PLAN.measure, recoveriesMax: 100 },
  };
}

const failuresOf = (plan: FluidPlan): number[] =>
  simulateFluid(plan, 'laws').recoveries.list.map(({ failedAt_us }) => failedAt_us);

test('a list of gaps runs in the time of the platform, which stands still in a downtime', () => {
  expect(failuresOf(failing({ kind: 'gaps', micros: [100, 200, 300] }, 0))).toEqual([100, 300, 600]);
  expect(failuresOf(failing({ kind: 'gaps', micros: [100, 200, 300] }, 50))).toEqual([100, 350, 700]);
});

test('given moments are moments of the run, and those in a downtime do not count', () => {
  expect(failuresOf(failing({ kind: 'at', micros: [100, 149, 150, 400] }, 50))).toEqual([100, 150, 400]);
});

test('the clock of another source stands still in a downtime too', () => {
  const plan = failing({ kind: 'gaps', micros: [100] }, 50);
  const second = { name: 'disk', law: { kind: 'gaps', micros: [120, 1000] }, level: 1 } as const;
  expect(failuresOf({ ...plan, failures: [...plan.failures, second] })).toEqual([100, 170, 1220]);
});

test('a plan that makes no sense is refused with the field and the remedy', () => {
  const broken = (change: Partial<FluidPlan>) => () => simulateFluid({ ...PLAIN_FLUID_PLAN, ...change }, 'x');
  expect(broken({ end: { kind: 'time', micros: 0.5 } })).toThrow('end.micros should be a whole number from 1');
  expect(
    broken({
      end: { kind: 'work', micros: 5 },
      load: { kind: 'constant', inputPerSecond: 1, capacityPerSecond: 2, recordBytes: 1 },
    }),
  ).toThrow(/needs a saturated load/);
  expect(broken({ checkpoint: { ...PLAIN_FLUID_PLAN.checkpoint, failureProbability: 1 } })).toThrow(
    /at least 0 and below 1/,
  );
});
