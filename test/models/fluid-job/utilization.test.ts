import { expect, test } from 'vitest';
import { type FluidPlan, PLAIN_FLUID_PLAN, simulateFluid } from '../../../models/fluid-job/index.ts';

const seconds = 1_000_000;

const plan: FluidPlan = {
  ...PLAIN_FLUID_PLAN,
  end: { kind: 'time', micros: 600_000 * seconds },
  checkpoint: {
    ...PLAIN_FLUID_PLAN.checkpoint,
    intervalMicros: 60 * seconds,
    firstTriggerMicros: 59 * seconds,
    pauseMicros: seconds,
  },
  failures: [{ name: 'node', law: { kind: 'exponential', meanMicros: 600 * seconds }, level: 1 }],
  recovery: { ...PLAIN_FLUID_PLAN.recovery, restart: { kind: 'constant', micros: 20 * seconds } },
};

test('the same plan, seed and replication give the same outcome, and another replication another', () => {
  expect(simulateFluid(plan, 'a', 1)).toEqual(simulateFluid(plan, 'a', 1));
  expect(simulateFluid(plan, 'a', 1).digests).not.toEqual(simulateFluid(plan, 'a', 2).digests);
});

test('plans that differ in their checkpoints alone see the same failures', () => {
  const listed = { ...plan, measure: { ...plan.measure, recoveriesMax: 1_000_000 } };
  const longer = { ...listed, checkpoint: { ...listed.checkpoint, intervalMicros: 240 * seconds } };
  const [a, b] = [simulateFluid(listed, 'a'), simulateFluid(longer, 'a')];
  expect(a.failures.count).toBe(b.failures.count);
  expect(a.recoveries.list.map(({ failedAt_us }) => failedAt_us)).toEqual(
    b.recoveries.list.map(({ failedAt_us }) => failedAt_us),
  );
  expect(a.utilization).not.toBe(b.utilization);
});
