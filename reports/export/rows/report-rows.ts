/** The rows of `report`: the run of the job itself, and every run behind the curves over intervals, under the same columns. */
import { fsum, quantileSorted } from 'd3-array';
import type { FlowIntervalRun, IntervalRun } from '../../../models/what-if/index.ts';
import { recoveryMicros, type ReportData, type ReportRecovery, type RunPart } from '../../report-page/report-data.ts';
import { type Cell, fields, type RowColumn, rowTable, type RowTable, same } from './row-table.ts';

export interface ReportRowsContext {
  readonly data: ReportData;
  /** Runs at other intervals. */
  readonly runs: readonly (IntervalRun | FlowIntervalRun)[];
  /** Of the job itself, in seconds; null: it has none. */
  readonly interval_s: number | null;
}

/** What a kind of run does not have is null. */
interface ReportRow {
  readonly part: 'job' | 'interval';
  readonly interval_s: Cell;
  readonly replication: number;
  readonly simulated_s: number;
  readonly events: Cell;
  readonly verdict: Cell;
  /** Shares of the time; the six add up to 1. A fluid job is never blocked. */
  readonly useful_fraction: number;
  readonly blocked_fraction: number;
  readonly snapshot_fraction: number;
  readonly restart_fraction: number;
  readonly replay_fraction: number;
  readonly idle_fraction: number;
  /** What is not useful work in the same job with a backlog that never ends. */
  readonly overhead_backlogged_fraction: Cell;
  readonly failures: number;
  readonly checkpoints_triggered: number;
  readonly checkpoints_completed: number;
  readonly latency_first_output_mean_s: Cell;
  readonly recovery_mean_s: Cell;
  readonly recovery_p99_s: Cell;
  /** Per failure. */
  readonly replayed_records_mean: Cell;
  readonly kept_mean_bytes: Cell;
  readonly order_digest: string;
  readonly cost_digest: string;
}

const COLUMNS: readonly RowColumn<ReportRow>[] = [
  ...fields<ReportRow>('text', ['part']),
  ...fields<ReportRow>('number', ['interval_s']),
  ...fields<ReportRow>('whole', ['replication']),
  ...fields<ReportRow>('number', ['simulated_s']),
  ...fields<ReportRow>('whole', ['events']),
  ...fields<ReportRow>('text', ['verdict']),
  ...fields<ReportRow>('number', [
    'useful_fraction',
    'blocked_fraction',
    'snapshot_fraction',
    'restart_fraction',
    'replay_fraction',
    'idle_fraction',
    'overhead_backlogged_fraction',
  ]),
  ...fields<ReportRow>('whole', ['failures', 'checkpoints_triggered', 'checkpoints_completed']),
  ...fields<ReportRow>('number', [
    'latency_first_output_mean_s',
    'recovery_mean_s',
    'recovery_p99_s',
    'replayed_records_mean',
    'kept_mean_bytes',
  ]),
  ...fields<ReportRow>('text', ['order_digest', 'cost_digest']),
];

/** The job first, then interval by interval. */
export function reportRows({ data, runs, interval_s }: ReportRowsContext): RowTable {
  const { scenario, engine, seed, run } = data;
  const rows = [
    ...(run === null ? [] : [jobRow(run, interval_s)]),
    ...runs.map((run) => (run.kind === 'interval' ? intervalRow(run) : flowIntervalRow(run))),
  ];
  return rowTable(rows, [same('scenario', scenario), same('engine', engine), same('seed', seed), ...COLUMNS]);
}

function jobRow({ cost, recoveries, checkpoints, ...run }: RunPart, interval_s: number | null): ReportRow {
  const share = (term: string): number => cost.find((each) => each.term === term)!.share;
  const recovered = recoveries.flatMap(recoverySeconds).toSorted((a, b) => a - b);
  return {
    part: 'job',
    interval_s,
    replication: 0,
    simulated_s: run.simulated_s,
    events: run.events,
    verdict: run.verdict.kind,
    useful_fraction: share('useful'),
    blocked_fraction: share('blocked'),
    snapshot_fraction: share('snapshot'),
    restart_fraction: share('restart'),
    replay_fraction: share('replay'),
    idle_fraction: share('idle'),
    overhead_backlogged_fraction: null,
    failures: recoveries.length,
    checkpoints_triggered: checkpoints.total,
    checkpoints_completed: checkpoints.counts.find(({ status }) => status === 'completed')?.count ?? 0,
    latency_first_output_mean_s: null,
    recovery_mean_s: recovered.length === 0 ? null : recovered.reduce((sum, each) => sum + each, 0) / recovered.length,
    recovery_p99_s: quantileSorted(recovered, 0.99) ?? null,
    replayed_records_mean:
      recoveries.length === 0 ? null : fsum(recoveries, (each) => each.replayed_records) / recoveries.length,
    kept_mean_bytes: null,
    order_digest: run.digests.order,
    cost_digest: run.digests.cost,
  };
}

/** From the death to caught up; none where that was not seen. */
function recoverySeconds(recovery: ReportRecovery): number[] {
  return recovery.catchup_us === null ? [] : [recoveryMicros(recovery) / 1e6];
}

function intervalRow({ budget, overhead, latency_s, kept_bytes, digests, ...run }: IntervalRun): ReportRow {
  const down = budget.down_us + budget.detect_us + budget.restart_us + budget.restore_us;
  const whole = budget.useful_us + budget.replay_us + budget.paused_us + down + budget.idle_us;
  return {
    ...run,
    part: 'interval',
    events: null,
    verdict: null,
    useful_fraction: budget.useful_us / whole,
    blocked_fraction: 0,
    snapshot_fraction: budget.paused_us / whole,
    restart_fraction: down / whole,
    replay_fraction: budget.replay_us / whole,
    idle_fraction: budget.idle_us / whole,
    overhead_backlogged_fraction: overhead,
    latency_first_output_mean_s: latency_s,
    replayed_records_mean: null,
    kept_mean_bytes: kept_bytes,
    order_digest: digests.order,
    cost_digest: digests.cost,
  };
}

function flowIntervalRow({
  shares,
  latency_s,
  replayed_records,
  kept_bytes,
  digests,
  ...run
}: FlowIntervalRun): ReportRow {
  return {
    ...run,
    part: 'interval',
    verdict: null,
    useful_fraction: shares.useful_share,
    blocked_fraction: shares.blocked_share,
    snapshot_fraction: shares.snapshot_share,
    restart_fraction: shares.restart_share,
    replay_fraction: shares.replay_share,
    idle_fraction: 1 - shares.useful_share - shares.overhead_share,
    overhead_backlogged_fraction: null,
    latency_first_output_mean_s: latency_s,
    recovery_p99_s: null,
    replayed_records_mean: replayed_records,
    kept_mean_bytes: kept_bytes,
    order_digest: digests.order,
    cost_digest: digests.cost,
  };
}
