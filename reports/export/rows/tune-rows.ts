/** The rows of `tune`: every run of the search, with what was measured of it; and of `tune --adaptive`, with its policy. */
import { mean, quantileSorted } from 'd3-array';
import type { AdaptiveJob, AdaptiveSample } from '../../../models/tuning/adaptive.ts';
import type { Objective } from '../../../models/tuning/objective.ts';
import type { TuneJob, TuneSample } from '../../../models/tuning/tune-job.ts';
import { type Cell, type RowColumn, rowTable, type RowTable, same } from './row-table.ts';

/** A run that was asked for, in which round, and what it came to. */
export interface RoundRun<Job, Sample> {
  readonly round: number;
  readonly job: Job;
  readonly sample: Sample;
}

interface Of {
  readonly scenario: string;
  readonly seed: string;
}

type TuneRun = RoundRun<TuneJob, TuneSample>;
type AdaptiveRun = RoundRun<AdaptiveJob, AdaptiveSample>;

const simulated = ({ plan }: TuneJob): Cell => (plan.end.kind === 'time' ? plan.end.micros / 1e6 : null);

/** The cost of the objectives that are meant; null where the run was made for another. */
function cost(name: string, isMeant: (objective: Objective) => boolean): RowColumn<TuneRun> {
  return { name, kind: 'number', of: ({ job, sample }) => sample.costs[job.objectives.findIndex(isMeant)] ?? null };
}

const latencyOf =
  (view: string) =>
  (objective: Objective): boolean =>
    objective.kind === 'latency' && objective.view === view;

/** The recoveries of a run, as one number of them; null where they were not wanted, or there was none. */
function recovery(name: string, of: (ascending: number[]) => number | undefined): RowColumn<TuneRun> {
  return { name, kind: 'number', of: ({ sample }) => of(sample.recoveries_s.toSorted((a, b) => a - b)) ?? null };
}

const TUNE_COLUMNS: readonly RowColumn<TuneRun>[] = [
  { name: 'run', kind: 'whole', of: (_run, position) => position },
  { name: 'round', kind: 'whole', of: ({ round }) => round },
  { name: 'interval_s', kind: 'number', of: ({ job }) => job.interval_s },
  { name: 'replication', kind: 'whole', of: ({ job }) => job.replication },
  { name: 'simulated_s', kind: 'number', of: ({ job }) => simulated(job) },
  { name: 'failures', kind: 'whole', of: ({ sample }) => sample.failures },
  // A job with a backlog that never ends: 1 - utilisation.
  cost('overhead_backlogged_fraction', ({ kind }) => kind === 'utilisation' || kind === 'recovery-slo'),
  cost('latency_first_output_mean_s', latencyOf('first-output')),
  cost('latency_replay_mean_s', latencyOf('replay')),
  cost('latency_sink_mean_s', latencyOf('sink')),
  cost('kept_mean_bytes', ({ kind }) => kind === 'storage'),
  cost('usd_per_month', ({ kind }) => kind === 'money'),
  cost('weighted_cost', ({ kind }) => kind === 'weighted'),
  recovery('recovery_mean_s', (values) => mean(values)),
  recovery('recovery_p99_s', (values) => quantileSorted(values, 0.99)),
  recovery('recovery_max_s', (values) => values.at(-1)),
];

const ADAPTIVE_COLUMNS: readonly RowColumn<AdaptiveRun>[] = [
  { name: 'run', kind: 'whole', of: (_run, position) => position },
  { name: 'round', kind: 'whole', of: ({ round }) => round },
  { name: 'policy', kind: 'text', of: ({ job }) => job.policy.kind },
  {
    name: 'interval_s',
    kind: 'number',
    of: ({ job: { policy } }) => (policy.kind === 'fixed' ? policy.interval_s : null),
  },
  { name: 'change', kind: 'text', of: ({ job }) => job.change.what },
  { name: 'change_factor', kind: 'number', of: ({ job }) => job.change.factor },
  { name: 'replication', kind: 'whole', of: ({ job }) => job.replication },
  { name: 'failures_expected_per_half', kind: 'number', of: ({ job }) => job.failures },
  // Without outages, which are the same for all policies.
  { name: 'lost_fraction', kind: 'number', of: ({ sample }) => sample.lost },
  { name: 'checkpoints_completed', kind: 'whole', of: ({ sample }) => sample.checkpoints },
];

/** In the order in which the search asked for the runs. */
export function tuneRows(runs: readonly TuneRun[], { scenario, seed }: Of): RowTable {
  return rowTable(runs, [same('scenario', scenario), same('seed', seed), ...TUNE_COLUMNS]);
}

/** In the order in which the study asked for the runs. */
export function adaptiveRows(runs: readonly AdaptiveRun[], { scenario, seed }: Of): RowTable {
  return rowTable(runs, [same('scenario', scenario), same('seed', seed), ...ADAPTIVE_COLUMNS]);
}
