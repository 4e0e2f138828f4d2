/** The rows of `sweep`: a run at an interval, with its costs. */
import type { SweepRow } from '../../../models/tuning/index.ts';
import { fields, type RowColumn, rowTable, type RowTable, same } from './row-table.ts';

/** In the order in which the runs were asked for: interval by interval. */
export function sweepRows(
  runs: readonly SweepRow[],
  { scenario, seed }: { readonly scenario: string; readonly seed: string },
): RowTable {
  return rowTable(runs, [same('scenario', scenario), same('seed', seed), ...COLUMNS]);
}

const COLUMNS: readonly RowColumn<SweepRow>[] = [
  ...fields<SweepRow>('number', ['interval_s']),
  ...fields<SweepRow>('whole', ['replication']),
  ...fields<SweepRow>('number', ['simulated_s', 'lost_fraction', 'paused_s', 'replay_s', 'outage_s']),
  ...fields<SweepRow>('whole', ['failures', 'checkpoints_triggered', 'checkpoints_completed']),
  ...fields<SweepRow>('number', [
    'recovery_mean_s',
    'recovery_max_s',
    'latency_first_output_mean_s',
    'latency_first_output_max_s',
    'latency_sink_mean_s',
    'replay_log_mean_bytes',
    'changelog_mean_bytes',
    'snapshots_mean_bytes',
    'written_bytes',
    'read_bytes',
  ]),
  ...fields<SweepRow>('whole', ['puts', 'gets']),
  ...fields<SweepRow>('text', ['order_digest', 'cost_digest']),
];
