/** One part of the study of other intervals: a run at an interval, the study of space, or the longer run as configured. */
import { type FluidOutcome, type FluidPlan, simulateFluid } from '../fluid-job/index.ts';
import { recoveryP99, recoveryTimes } from '../tuning/constraints.ts';
import { costOf, planFor, type Prices } from '../tuning/objective.ts';
import { withInterval } from '../tuning/tune-job.ts';
import { type ConfiguredRun, configuredRun } from './configured-run.ts';
import { type SpaceStudy, spaceStudy } from './space-study.ts';

export type WhatIfJob =
  | {
      readonly kind: 'interval';
      readonly plan: FluidPlan;
      readonly interval_s: number;
      readonly replication: number;
      /** The run is long enough for so many. */
      readonly failures: number;
    }
  | { readonly kind: 'space'; readonly plan: FluidPlan }
  | { readonly kind: 'configured'; readonly plan: FluidPlan; readonly prices: Prices; readonly failures: number };

/** What a run at an interval came to. */
export interface IntervalRun {
  readonly kind: 'interval';
  readonly interval_s: number;
  readonly replication: number;
  readonly simulated_s: number;
  readonly failures: number;
  readonly checkpoints_triggered: number;
  readonly checkpoints_completed: number;
  readonly budget: FluidOutcome['budget'];
  /** Share of the time that is not useful work, in a second run with a backlog that never ends. */
  readonly overhead: number;
  /** Mean latency of first outputs; Infinity where the job cannot keep up. */
  readonly latency_s: number;
  /** From a failure to no backlog; NaN where nothing was caught up. */
  readonly recovery_mean_s: number;
  readonly recovery_p99_s: number;
  /** Replay log, changelog and snapshots, mean over time. */
  readonly kept_bytes: number;
  readonly digests: FluidOutcome['digests'];
}

/** Plain data; numbers may be Infinity or NaN. */
export type WhatIfSample =
  | IntervalRun
  | { readonly kind: 'space'; readonly study: SpaceStudy }
  | { readonly kind: 'configured'; readonly run: ConfiguredRun };

/** Does a part. The same (job, seed) gives the same sample, wherever it is made. */
export function runWhatIfJob(job: WhatIfJob, seed: string | number): WhatIfSample {
  switch (job.kind) {
    case 'interval':
      return intervalRun(job, seed);
    case 'space':
      return { kind: 'space', study: spaceStudy(job.plan, seed) };
    case 'configured': {
      const { plan, prices, failures } = job;
      return { kind: 'configured', run: configuredRun(plan, { seed, prices, failures }) };
    }
  }
}

function intervalRun(
  { plan, interval_s, replication, failures }: Extract<WhatIfJob, { readonly kind: 'interval' }>,
  seed: string | number,
): IntervalRun {
  const backlogged = withInterval(planFor({ kind: 'utilisation' }, plan), interval_s, failures);
  const overhead = costOf(simulateFluid(backlogged, seed, replication), { kind: 'utilisation' }, plan);
  const outcome = simulateFluid(withInterval(plan, interval_s, failures), seed, replication);
  const { checkpoints, recoveries } = outcome;
  return {
    kind: 'interval',
    interval_s,
    replication,
    simulated_s: outcome.elapsedMicros / 1e6,
    failures: outcome.failures.count,
    checkpoints_triggered: checkpoints.triggered,
    checkpoints_completed: checkpoints.completed,
    budget: outcome.budget,
    overhead,
    latency_s: costOf(outcome, { kind: 'latency', view: 'first-output' }, plan),
    recovery_mean_s: recoveries.total_us.mean / 1e6,
    recovery_p99_s: recoveryP99(recoveryTimes(outcome)),
    kept_bytes: costOf(outcome, { kind: 'storage' }, plan),
    digests: outcome.digests,
  };
}
