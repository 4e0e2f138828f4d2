// Runs without their calms come to what the whole runs come to.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FluidOutcome, type FluidPlan, simulateFluid } from '../../../models/fluid-job/index.ts';
import type { Delta } from '../../../models/fluid-job/plan.ts';
import { simulateCalm } from '../../../models/tuning/calm.ts';
import { loadedPlan } from './plans.ts';

/** Everything that adds up over a run. */
function totals({ elapsedMicros, budget, latency, space, io, failures, checkpoints }: FluidOutcome): readonly number[] {
  return [
    elapsedMicros,
    ...Object.values(budget),
    ...Object.values(io),
    failures.count,
    checkpoints.triggered,
    checkpoints.completed,
    latency?.firstOutput.mean_us ?? -1,
    latency?.replay.mean_us ?? -1,
    latency?.sink.mean_us ?? -1,
    latency?.firstOutput.records ?? -1,
    latency?.firstOutput.max_us ?? -1,
    space.replayLogMeanBytes ?? -1,
    space.retainedMeanBytes,
    space.historyMeanBytes,
    space.uploadingMeanBytes,
  ];
}

const arbitraryPlan: fc.Arbitrary<FluidPlan> = fc
  .record({
    C: fc.integer({ min: 1, max: 500 }),
    R: fc.integer({ min: 0, max: 40 }),
    input: fc.integer({ min: 1, max: 800 }),
    interval: fc.integer({ min: 2, max: 60 }),
    delay: fc.integer({ min: 0, max: 900 }),
    shape: fc.constantFrom(0.7, 1, 2),
    keep: fc.integer({ min: 1, max: 4 }),
    history: fc.constantFrom(0, 300),
    chain: fc.constantFrom(1, 5),
    delta: fc.constantFrom<Delta>(
      { kind: 'constant', bytes: 30_000 },
      { kind: 'uniformUpdates', updatesPerSecond: 500, entryBytes: 10 },
    ),
    upload: fc.constantFrom(null, { bytesPerSecond: 100_000, isBlocking: false }),
    minPause: fc.constantFrom(0, 0, 7),
    isSaturated: fc.boolean(),
  })
  .map(
    ({
      C,
      R,
      input,
      interval,
      delay,
      shape,
      keep,
      history,
      chain,
      delta,
      upload,
      minPause,
      isSaturated,
    }): FluidPlan => {
      const plan = loadedPlan({ C: C / 1000, M: 3000, R }, input, 1000);
      return {
        ...plan,
        end: { kind: 'time', micros: 40_000_000_000 },
        load: isSaturated ? { kind: 'saturated' } : plan.load,
        checkpoint: {
          ...plan.checkpoint,
          intervalMicros: interval * 1_000_000,
          firstTriggerMicros: interval * 1_000_000 - C * 1000,
          delay: { kind: 'constant', micros: delay * 1000 },
          upload,
          minPauseMicros: minPause * 1_000_000,
        },
        snapshot:
          chain === 1
            ? { kind: 'full', stateBytes: 1_000_000 }
            : { kind: 'chain', stateBytes: 1_000_000, delta, length: chain },
        failures: [{ name: 'job', law: { kind: 'weibull', shape, meanMicros: 3_000_000_000 }, level: 1 }],
        recovery: { ...plan.recovery, readBytesPerSecond: 500_000 },
        measure: { ...plan.measure, historyMicros: history * 1_000_000, retainedSnapshots: keep },
      };
    },
  );

describe('a run without its calms', () => {
  it('has the totals of the whole run, for any plan', () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.integer({ min: 0, max: 1000 }), (plan, replication) => {
        const whole = totals(simulateFluid(plan, 'calm', replication));
        const cut = totals(simulateCalm(plan, 'calm', replication));
        // Accounts are whole microseconds, so each period cut out may be off by one.
        const periods = plan.end.micros / Math.min(plan.checkpoint.intervalMicros, 2_000_000);
        whole.forEach((value, i) => {
          const slack = i >= 1 && i <= 8 ? periods : 1e-9 * Math.max(1, Math.abs(value));
          expect(Math.abs(cut[i]! - value)).toBeLessThanOrEqual(slack);
        });
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('passes through fewer checkpoints', () => {
    const plan = loadedPlan({ C: 0.01, M: 100_000, R: 10 }, 500, 1000);
    const long: FluidPlan = {
      ...plan,
      end: { kind: 'time', micros: 2_000_000_000_000 },
      checkpoint: { ...plan.checkpoint, intervalMicros: 5_000_000, firstTriggerMicros: 4_990_000 },
    };
    const { checkpoints, digests } = simulateCalm(long, 'calm', 0);
    const whole = simulateFluid(long, 'calm', 0);
    expect(checkpoints.triggered).toBe(whole.checkpoints.triggered);
    expect(digests.order).not.toBe(whole.digests.order);
  });
});
