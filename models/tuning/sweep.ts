/**
 * Every interval of a range with many replications, each a run of the same length with the same failures: one row of figures per
 * run, for whoever wants to look at more than one number.
 */
import { type FluidOutcome, type FluidPlan, simulateFluid } from '../fluid-job/index.ts';
import { spread } from './logarithmic-steps.ts';
import type { Rounds } from './tune.ts';

export interface SweepJob {
  readonly interval_s: number;
  readonly replication: number;
  readonly plan: FluidPlan;
}

/** A run as one tidy row; null where a figure does not exist (nothing failed, nothing was caught up, no state). */
export interface SweepRow {
  readonly interval_s: number;
  readonly replication: number;
  readonly simulated_s: number;
  /** Share of the time that was lost to checkpoints, failures and replay. */
  readonly lost_fraction: number;
  readonly paused_s: number;
  readonly replay_s: number;
  readonly outage_s: number;
  readonly failures: number;
  readonly checkpoints_triggered: number;
  readonly checkpoints_completed: number;
  readonly recovery_mean_s: number | null;
  readonly recovery_max_s: number | null;
  readonly latency_first_output_mean_s: number | null;
  readonly latency_first_output_max_s: number | null;
  readonly latency_sink_mean_s: number | null;
  readonly replay_log_mean_bytes: number | null;
  readonly changelog_mean_bytes: number | null;
  readonly snapshots_mean_bytes: number;
  readonly written_bytes: number;
  readonly read_bytes: number;
  readonly puts: number;
  readonly gets: number;
  readonly order_digest: string;
  readonly cost_digest: string;
}

export interface SweepRange {
  readonly from_s: number;
  readonly to_s: number;
  readonly points: number;
}

/** The runs of a sweep, interval by interval; intervals are spread evenly over the logarithm. */
export function sweepJobs(
  plan: FluidPlan,
  { from_s, to_s, points }: SweepRange,
  { replications, horizon_s }: { readonly replications: number; readonly horizon_s: number },
): SweepJob[] {
  const intervals = points === 1 ? [from_s] : spread(from_s, to_s, points);
  return intervals.flatMap((interval_s) => {
    const micros = Math.max(1, Math.round(interval_s * 1e6));
    const job: FluidPlan = {
      ...plan,
      end: { kind: 'time', micros: Math.round(horizon_s * 1e6) },
      checkpoint: { ...plan.checkpoint, intervalMicros: micros, firstTriggerMicros: micros },
    };
    return Array.from({ length: replications }, (_, replication) => ({ interval_s, replication, plan: job }));
  });
}

/** All runs in one round. */
export function* runsOf(jobs: readonly SweepJob[]): Rounds<readonly SweepRow[], SweepJob, SweepRow> {
  return yield jobs;
}

/** Makes a run. The same (job, seed) gives the same row, wherever it is made. */
export function runSweepJob({ interval_s, replication, plan }: SweepJob, seed: string): SweepRow {
  return rowOf({ interval_s, replication }, simulateFluid(plan, seed, replication));
}

function rowOf(of: Pick<SweepRow, 'interval_s' | 'replication'>, outcome: FluidOutcome): SweepRow {
  const { budget, elapsedMicros, checkpoints, recoveries, latency, space, io, digests } = outcome;
  const outage = budget.down_us + budget.detect_us + budget.restart_us + budget.restore_us;
  const { total_us: total } = recoveries;
  return {
    ...of,
    simulated_s: elapsedMicros / 1e6,
    lost_fraction: (budget.paused_us + budget.replay_us + outage) / elapsedMicros,
    paused_s: budget.paused_us / 1e6,
    replay_s: budget.replay_us / 1e6,
    outage_s: outage / 1e6,
    failures: outcome.failures.count,
    checkpoints_triggered: checkpoints.triggered,
    checkpoints_completed: checkpoints.completed,
    recovery_mean_s: total.n === 0 ? null : total.mean / 1e6,
    recovery_max_s: total.n === 0 ? null : total.max / 1e6,
    latency_first_output_mean_s: latency === null ? null : latency.firstOutput.mean_us / 1e6,
    latency_first_output_max_s: latency === null ? null : latency.firstOutput.max_us / 1e6,
    latency_sink_mean_s: latency === null ? null : latency.sink.mean_us / 1e6,
    replay_log_mean_bytes: space.replayLogMeanBytes,
    changelog_mean_bytes: space.changelogMeanBytes,
    snapshots_mean_bytes: space.retainedMeanBytes,
    written_bytes: io.writtenBytes,
    read_bytes: io.readBytes,
    puts: io.puts,
    gets: io.gets,
    order_digest: digests.order,
    cost_digest: digests.cost,
  };
}
