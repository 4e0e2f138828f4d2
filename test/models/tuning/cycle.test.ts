// How far apart checkpoints are, by the plan and in a run.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FluidPlan, simulateFluid } from '../../../models/fluid-job/index.ts';
import { cycleOf, shortestPeriodMicros } from '../../../models/tuning/cycle.ts';
import { loadedPlan } from './plans.ts';

const calm = fc
  .record({
    interval: fc.integer({ min: 1, max: 30_000 }),
    minPause: fc.integer({ min: 0, max: 9000 }),
    delay: fc.integer({ min: 0, max: 4000 }),
    length: fc.integer({ min: 1, max: 6 }),
    updates: fc.integer({ min: 0, max: 3000 }),
    input: fc.integer({ min: 1, max: 500 }),
    isBlocking: fc.boolean(),
    isSaturated: fc.boolean(),
  })
  .map(({ interval, minPause, delay, length, updates, input, isBlocking, isSaturated }): FluidPlan => {
    const plan = loadedPlan({ C: 0.05, M: 1000, R: 0 }, input, 1000);
    return {
      ...plan,
      end: { kind: 'time', micros: 2_000_000_000 },
      load: isSaturated ? { kind: 'saturated' } : plan.load,
      checkpoint: {
        ...plan.checkpoint,
        intervalMicros: interval * 1000,
        firstTriggerMicros: interval * 1000,
        delay: { kind: 'constant', micros: delay * 1000 },
        upload: { bytesPerSecond: 400_000, isBlocking },
        minPauseMicros: minPause * 1000,
      },
      snapshot: {
        kind: 'chain',
        stateBytes: 1_000_000,
        length,
        delta: { kind: 'uniformUpdates', updatesPerSecond: updates, entryBytes: 100 },
      },
      failures: [],
    };
  });

describe('checkpoints of a job in calm', () => {
  it('come round in the cycle that is said, and are never closer than the shortest period', () => {
    let [cycles, bound] = [0, 0];
    fc.assert(
      fc.property(calm, (plan) => {
        const cycle = cycleOf(plan);
        const { period } = simulateFluid(plan, 'cycle').checkpoints;
        expect(period.min).toBeGreaterThanOrEqual(shortestPeriodMicros(plan));
        if (period.min > plan.checkpoint.intervalMicros) bound++;
        if (cycle === null) return;
        cycles++;
        // From a full snapshot to the next is a cycle: so many of them end with the trigger that they say.
        const whole = Math.floor((plan.end.micros - plan.checkpoint.firstTriggerMicros) / cycle.micros);
        const until = (micros: number): number =>
          simulateFluid({ ...plan, end: { kind: 'time', micros } }, 'cycle').checkpoints.triggered;
        const last = plan.checkpoint.firstTriggerMicros + whole * cycle.micros;
        expect(until(last)).toBe(1 + whole * cycle.checkpoints);
        expect(until(last - 1)).toBe(whole * cycle.checkpoints);
      }),
      { seed: 11, numRuns: 60 },
    );
    expect(cycles).toBeGreaterThan(50);
    expect(bound).toBeGreaterThan(10);
  });

  it('have no cycle where they are not all alike', () => {
    const plan = loadedPlan({ C: 0.05, M: 1000, R: 0 }, 100, 1000);
    const drawn = { ...plan.checkpoint, delay: { kind: 'exponential', meanMicros: 1000 } } as const;
    expect(cycleOf({ ...plan, checkpoint: drawn })).toBeNull();
    expect(cycleOf({ ...plan, checkpoint: { ...plan.checkpoint, timeoutMicros: 1 } })).toBeNull();
  });
});
