/** Jobs on which the two sayings about time and space are measured, one per way of taking snapshots. */
import { type Claims, type FluidPlan, measureClaims } from '../../models/fluid-job/index.ts';
import { constant, exponential, loadedJob, micros, withMeasure } from './jobs.ts';

const base: FluidPlan = withMeasure(
  loadedJob({ period_s: 60, failures: exponential(20_000), restart_s: 10 }, 1_000_000, [10_000, 20_000]),
  { historyMicros: micros(3600), retainedSnapshots: 3 },
);

const readsBack: FluidPlan['recovery'] = { ...base.recovery, readBytesPerSecond: 2e9, replayBytesPerSecond: 1e8 };

const blocking: FluidPlan = {
  ...base,
  checkpoint: { ...base.checkpoint, upload: { bytesPerSecond: 1e9, isBlocking: true } },
  snapshot: { kind: 'full', stateBytes: 5e7 },
  recovery: readsBack,
};

const asynchronous: FluidPlan = {
  ...blocking,
  checkpoint: {
    ...base.checkpoint,
    pauseMicros: micros(0.02),
    delay: constant(0),
    upload: { bytesPerSecond: 1e9, isBlocking: false },
  },
};

const changelog: FluidPlan = {
  ...asynchronous,
  snapshot: {
    kind: 'changelog',
    stateBytes: 5e7,
    logBytesPerSecond: 1e5,
    materializationPeriodMicros: micros(180),
    materializationMicros: micros(0.05),
  },
};

export interface SchemeClaims {
  readonly scheme: string;
  readonly claims: Claims;
}

/** Both sayings for each scheme, over three decades of state and seven periods. */
export function claimsByScheme(): SchemeClaims[] {
  const sweep = {
    stateBytes: [1e6, 1e7, 1e8, 1e9],
    periodsMicros: [5, 10, 20, 40, 80, 160, 320].map(micros),
    seed: 'validation/claims',
  };
  return [
    { scheme: 'full, blocking', claims: measureClaims(blocking, sweep) },
    { scheme: 'full, asynchronous behind a pause of 20 ms', claims: measureClaims(asynchronous, sweep) },
    { scheme: 'changelog, asynchronous behind a pause of 20 ms', claims: measureClaims(changelog, sweep) },
  ];
}
