/** The job on which the two sayings about time and space are measured: full snapshots that block, a log, failures now and then. */
import { type Claims, type FluidPlan, measureClaims } from '../../models/fluid-job/index.ts';
import { exponential, loadedJob, micros, withMeasure } from './jobs.ts';

const base: FluidPlan = loadedJob(
  { period_s: 60, failures: exponential(20_000), restart_s: 10 },
  2_000_000,
  [10_000, 20_000],
);

const plan: FluidPlan = withMeasure(
  {
    ...base,
    checkpoint: { ...base.checkpoint, upload: { bytesPerSecond: 1e9, isBlocking: true } },
    snapshot: { kind: 'full', stateBytes: 5e7 },
    recovery: { ...base.recovery, readBytesPerSecond: 2e9 },
  },
  { historyMicros: micros(3600), retainedSnapshots: 3 },
);

/** Both sayings, over three decades of state and seven periods. */
export function claimsOfSweep(): Claims {
  return measureClaims(plan, {
    stateBytes: [1e6, 1e7, 1e8, 1e9],
    periodsMicros: [5, 10, 20, 40, 80, 160, 320].map(micros),
    seed: 'validation/claims',
  });
}
