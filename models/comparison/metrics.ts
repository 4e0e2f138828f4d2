/**
 * The price list: what a run under a protocol cost, one number per line. A number that a run does not have (no crash, no
 * recovery; a cycle, no count of outputs that are owed) is null, never 0.
 */
import type { FlowJobOutcome, FlowRecovery } from '../flow-job/outcome.ts';
import type { TaskBudget } from '../outcome.ts';

export type MetricUnit = 'share' | 'count' | 'bytes' | 'us' | 'per-second';

export interface Metric {
  readonly name: MetricName;
  readonly unit: MetricUnit;
  /** What a table calls it. */
  readonly label: string;
  readonly means: string;
}

export type MetricName =
  | 'overhead_share'
  | 'useful_share'
  | 'blocked_share'
  | 'snapshot_share'
  | 'restart_share'
  | 'replay_share'
  | 'throughput_per_s'
  | 'checkpoints_completed'
  | 'checkpoints_aborted'
  | 'checkpoint_duration_us'
  | 'alignment_us'
  | 'checkpoint_bytes'
  | 'channel_state_bytes'
  | 'control_elements'
  | 'rpc_messages'
  | 'network_bytes'
  | 'storage_mean_bytes'
  | 'storage_max_bytes'
  | 'output_latency_mean_us'
  | 'output_latency_p99_us'
  | 'recoveries'
  | 'replayed_records'
  | 'detect_us'
  | 'restart_us'
  | 'restore_us'
  | 'catchup_us'
  | 'recovery_us'
  | 'duplicated_records'
  | 'lost_records';

/** In the order of a report: time, what travels and is stored, output, what a failure costs, correctness. */
export const METRIC_LIST: readonly Metric[] = [
  {
    name: 'overhead_share',
    unit: 'share',
    label: 'overhead',
    means: 'time of all tasks that is blocked, snapshot, restart or replay',
  },
  {
    name: 'useful_share',
    unit: 'share',
    label: 'useful',
    means: 'time of all tasks spent on records read for the first time',
  },
  {
    name: 'blocked_share',
    unit: 'share',
    label: 'blocked',
    means: 'time without room in an output, or with nothing but blocked inputs',
  },
  { name: 'snapshot_share', unit: 'share', label: 'snapshot', means: 'time in synchronous parts of snapshots' },
  { name: 'restart_share', unit: 'share', label: 'restart', means: 'time down' },
  { name: 'replay_share', unit: 'share', label: 'replay', means: 'time spent on records read again' },
  {
    name: 'throughput_per_s',
    unit: 'per-second',
    label: 'throughput',
    means: 'records read for the first time, per second of simulated time',
  },
  { name: 'checkpoints_completed', unit: 'count', label: 'completed', means: 'checkpoints that completed' },
  { name: 'checkpoints_aborted', unit: 'count', label: 'aborted', means: 'checkpoints that were begun and given up' },
  {
    name: 'checkpoint_duration_us',
    unit: 'us',
    label: 'checkpoint duration',
    means: 'from the trigger to completion, mean',
  },
  {
    name: 'alignment_us',
    unit: 'us',
    label: 'alignment',
    means: 'first barrier to last at the task where it takes longest, mean over completed checkpoints',
  },
  {
    name: 'checkpoint_bytes',
    unit: 'bytes',
    label: 'written',
    means: 'bytes uploaded for checkpoints, channel state included',
  },
  {
    name: 'channel_state_bytes',
    unit: 'bytes',
    label: 'channel state',
    means: 'records under way that checkpoints store',
  },
  {
    name: 'control_elements',
    unit: 'count',
    label: 'barriers',
    means: 'barriers, markers and announcements put on channels',
  },
  { name: 'rpc_messages', unit: 'count', label: 'messages', means: 'messages between tasks and coordinator' },
  {
    name: 'network_bytes',
    unit: 'bytes',
    label: 'network',
    means: 'barriers, messages and stamps on records, as bytes',
  },
  {
    name: 'storage_mean_bytes',
    unit: 'bytes',
    label: 'mean stored',
    means: 'bytes in the checkpoint store, mean over time',
  },
  { name: 'storage_max_bytes', unit: 'bytes', label: 'most stored', means: 'bytes in the checkpoint store at most' },
  {
    name: 'output_latency_mean_us',
    unit: 'us',
    label: 'mean latency',
    means: 'from a record being there to be read to its being visible behind the sinks, first copies',
  },
  {
    name: 'output_latency_p99_us',
    unit: 'us',
    label: 'p99 latency',
    means: 'the same, exceeded by 1 in 100; to one part in 64',
  },
  { name: 'recoveries', unit: 'count', label: 'failures', means: 'failures that took the job down' },
  { name: 'replayed_records', unit: 'count', label: 'replayed', means: 'readings of records beyond the first' },
  { name: 'detect_us', unit: 'us', label: 'detect', means: 'failure until it is noticed, mean over failures' },
  { name: 'restart_us', unit: 'us', label: 'restart', means: 'until new tasks begin to restore' },
  { name: 'restore_us', unit: 'us', label: 'restore', means: 'until the last task runs' },
  { name: 'catchup_us', unit: 'us', label: 'catch up', means: 'until every source has read what came meanwhile' },
  {
    name: 'recovery_us',
    unit: 'us',
    label: 'recovery',
    means: 'the four together, over failures that were caught up with',
  },
  {
    name: 'duplicated_records',
    unit: 'count',
    label: 'duplicated',
    means: 'outputs visible beyond what each record owes',
  },
  {
    name: 'lost_records',
    unit: 'count',
    label: 'lost',
    means: 'outputs that will never become visible, of records that were read',
  },
];

export type MetricValues = Readonly<Record<MetricName, number | null>>;

/** What the numbers of a run are counted against. */
export interface MetricBasis {
  /** Restart delay of the strategy and start of new tasks, µs: the rest of a downtime is restoring. */
  readonly restartMicros: number;
  /** Size of a control element, a message and a stamp. */
  readonly controlBytes: number;
  /** The protocol stamps its records. */
  readonly stamps: boolean;
  /** On a cycle a record owes no fixed number of outputs. */
  readonly hasCycle: boolean;
  /** Whose time counts. */
  readonly timeOf: (task: number) => boolean;
  /** Without checkpoints there is nothing to be said about them. */
  readonly hasCheckpoints: boolean;
}

/** The price of one run. */
export function metricsOf(outcome: FlowJobOutcome, basis: MetricBasis): MetricValues {
  const { records, sent, storage, output_latency: latency, checkpoints, recoveries, budget } = outcome;
  const completed = checkpoints.filter(({ status }) => status === 'completed');
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const ofCheckpoints = (value: number | null): number | null => (basis.hasCheckpoints ? value : null);
  const hasOutputs = !basis.hasCycle && latency.count > 0;
  const stampBytes = basis.stamps ? records.processed * basis.controlBytes : 0;
  return {
    ...sharesOf(
      budget.filter(({ task }) => basis.timeOf(task)),
      outcome.horizon_us,
    ),
    throughput_per_s: (records.read * 1e6) / outcome.horizon_us,
    checkpoints_completed: completed.length,
    checkpoints_aborted: checkpoints.filter(({ status }) => status === 'aborted').length,
    checkpoint_duration_us: meanOf(completed.map(({ duration_us: micros }) => micros)),
    alignment_us: meanOf(completed.map(({ alignment_us: micros }) => Math.max(0, ...micros))),
    checkpoint_bytes: ofCheckpoints(storage.uploaded_bytes),
    channel_state_bytes: ofCheckpoints(sum(checkpoints.map(({ channel_state_bytes: bytes }) => bytes))),
    control_elements: sent.controls,
    rpc_messages: sent.messages,
    network_bytes: (sent.controls + sent.messages) * basis.controlBytes + stampBytes,
    storage_mean_bytes: ofCheckpoints(meanStored(outcome)),
    storage_max_bytes: ofCheckpoints(storage.bytes_max),
    output_latency_mean_us: hasOutputs ? latency.mean_us : null,
    output_latency_p99_us: hasOutputs ? latency.p99_us : null,
    replayed_records: records.reread,
    ...recoveryOf(recoveries, basis.restartMicros),
    duplicated_records: basis.hasCycle ? null : records.duplicated,
    lost_records: basis.hasCycle ? null : records.lost,
  };
}

/** None of them is null: every run has a budget. */
export type Shares = Readonly<
  Record<
    'overhead_share' | 'useful_share' | 'blocked_share' | 'snapshot_share' | 'restart_share' | 'replay_share',
    number
  >
>;

/** Of the time of all tasks, where it went; what is missing to 1 was idle. */
export function sharesOf(budget: readonly TaskBudget[], horizonMicros: number): Shares {
  const total = { useful: 0, blocked: 0, snapshot: 0, restart: 0, replay: 0 };
  for (const row of budget) {
    total.useful += row.useful_us;
    total.blocked += row.blocked_us;
    total.snapshot += row.snapshot_us;
    total.restart += row.restart_us;
    total.replay += row.replay_us;
  }
  const whole = budget.length * horizonMicros;
  return {
    overhead_share: (total.blocked + total.snapshot + total.restart + total.replay) / whole,
    useful_share: total.useful / whole,
    blocked_share: total.blocked / whole,
    snapshot_share: total.snapshot / whole,
    restart_share: total.restart / whole,
    replay_share: total.replay / whole,
  };
}

type RecoveryMetrics = Pick<
  MetricValues,
  'recoveries' | 'detect_us' | 'restart_us' | 'restore_us' | 'catchup_us' | 'recovery_us'
>;

/** Phases are means over the failures that came so far: -1 in a recovery is a phase that the horizon or a crash cut off. */
function recoveryOf(recoveries: readonly FlowRecovery[], restartMicros: number): RecoveryMetrics {
  const detected = recoveries.filter(({ detected_us: at }) => at >= 0);
  const restarted = detected.filter(({ downtime_us: micros }) => micros >= 0);
  const caughtUp = restarted.filter(({ catchup_us: micros }) => micros >= 0);
  const detection = ({ crashed_us: crashed, detected_us: at }: FlowRecovery): number => at - crashed;
  return {
    recoveries: recoveries.length,
    detect_us: meanOf(detected.map(detection)),
    restart_us: restarted.length === 0 ? null : restartMicros,
    restore_us: meanOf(restarted.map((each) => each.downtime_us - detection(each) - restartMicros)),
    catchup_us: meanOf(caughtUp.map(({ catchup_us: micros }) => micros)),
    recovery_us: meanOf(caughtUp.map((each) => each.downtime_us + each.catchup_us)),
  };
}

/** Null of no values. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The store changes when a checkpoint ends; before the first one it is empty. */
function meanStored({ storage, horizon_us: horizon }: FlowJobOutcome): number {
  let area = 0;
  storage.samples.forEach(({ at_us: at, bytes }, i) => {
    area += bytes * ((storage.samples[i + 1]?.at_us ?? horizon) - at);
  });
  return area / horizon;
}
