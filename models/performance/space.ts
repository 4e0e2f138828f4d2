/**
 * Space: what is kept so that a failure can be undone (models.md §6.1-§6.3). Whether more frequent checkpoints need more or
 * less of it depends on the term: logs shrink with frequency, histories grow, retained snapshots do neither.
 */
import { expMinusOne } from './numerics.ts';
import { type PerformanceModel, aboveZero, atLeastZero, count } from './performance-model.ts';

const state = aboveZero('bytes', 'size of a full snapshot');
const period = aboveZero('s', 'from trigger to trigger');
const duration = atLeastZero('s', 'from trigger to durable');
const ingest = aboveZero('bytes/s', 'input that must be kept for replay');
const horizon = aboveZero('s', 'how far back snapshots are kept');

interface LogInputs {
  readonly ingest_bytes_per_s: number;
  readonly checkpoint_period_s: number;
  readonly checkpoint_duration_s: number;
}

const log = { ingest_bytes_per_s: ingest, checkpoint_period_s: period, checkpoint_duration_s: duration };

export const logRetentionMeanBytes: PerformanceModel<LogInputs> = {
  name: 'log_retention_mean_bytes',
  unit: 'bytes',
  what: 'replay log that the newest completed checkpoint still needs, over time',
  assumes: 'constant input, no failures',
  valid: 'exact; failures add up to (T + TRT)/M of it; here the claim "space falls with frequency" is true',
  source: 'derived',
  status: 'V',
  inputs: log,
  evaluate: ({ ingest_bytes_per_s: rate, checkpoint_period_s: T, checkpoint_duration_s: Cd }) => rate * (T / 2 + Cd),
};

export const logRetentionPeakBytes: PerformanceModel<LogInputs> = {
  name: 'log_retention_peak_bytes',
  unit: 'bytes',
  what: 'replay log just before a checkpoint completes',
  assumes: 'constant input, no failures',
  valid: 'exact',
  source: 'derived',
  status: 'V',
  inputs: log,
  evaluate: ({ ingest_bytes_per_s: rate, checkpoint_period_s: T, checkpoint_duration_s: Cd }) => rate * (T + Cd),
};

export const retainedFullSnapshotBytes: PerformanceModel<{
  readonly state_bytes: number;
  readonly retention_horizon_s: number;
  readonly checkpoint_period_s: number;
}> = {
  name: 'retained_full_snapshot_bytes',
  unit: 'bytes',
  what: 'full snapshots of the last while',
  assumes: 'constant state; everything younger than the horizon is kept',
  valid: 'exact on average; here space rises with frequency',
  source: 'derived',
  status: 'V',
  inputs: { state_bytes: state, retention_horizon_s: horizon, checkpoint_period_s: period },
  evaluate: ({ state_bytes: S, retention_horizon_s: H, checkpoint_period_s: T }) => (S * H) / T,
};

export const spaceMinimizingCheckpointPeriod: PerformanceModel<{
  readonly state_bytes: number;
  readonly retention_horizon_s: number;
  readonly ingest_bytes_per_s: number;
}> = {
  name: 'space_minimizing_checkpoint_period',
  unit: 's',
  what: 'period with the least sum of snapshot history and replay log',
  assumes: 'constant state and input, full snapshots',
  valid: 'exact for the sum of the two means',
  source: 'derived',
  status: 'V',
  inputs: { state_bytes: state, retention_horizon_s: horizon, ingest_bytes_per_s: ingest },
  evaluate: ({ state_bytes: S, retention_horizon_s: H, ingest_bytes_per_s: rate }) => Math.sqrt((2 * S * H) / rate),
};

export const dirtyBytesUniformUpdates: PerformanceModel<{
  readonly state_bytes: number;
  readonly entry_bytes: number;
  readonly updates_per_s: number;
  readonly interval_s: number;
}> = {
  name: 'dirty_bytes_uniform_updates',
  unit: 'bytes',
  what: 'state that an incremental checkpoint must write: entries touched since the last',
  assumes: 'updates hit every entry alike',
  valid: 'exact for uniform keys and more than skewed ones touch; compactions write more than is dirty',
  source: 'derived',
  status: 'V',
  inputs: {
    state_bytes: state,
    entry_bytes: aboveZero('bytes', 'size of an entry'),
    updates_per_s: atLeastZero('1/s', 'updates per second'),
    interval_s: atLeastZero('s', 'time since the last checkpoint'),
  },
  evaluate: ({ state_bytes: S, entry_bytes: entry, updates_per_s: u, interval_s: T }) =>
    -S * expMinusOne((-u * T * entry) / S),
};

interface Chain {
  readonly state_bytes: number;
  readonly delta_bytes: number;
  readonly chain_length: number;
}

const delta = atLeastZero('bytes', 'size of an incremental checkpoint');
const chain = { state_bytes: state, delta_bytes: delta, chain_length: count('checkpoints from one full to the next') };

export const chainMeanBytesWrittenPerCheckpoint: PerformanceModel<Chain> = {
  name: 'chain_mean_bytes_written_per_checkpoint',
  unit: 'bytes',
  what: 'written per checkpoint, one full one and deltas behind it',
  assumes: 'deltas of one size',
  valid: 'exact',
  source: 'derived',
  status: 'V',
  inputs: chain,
  evaluate: ({ state_bytes: S, delta_bytes: d, chain_length: K }) => (S + (K - 1) * d) / K,
};

export const chainMeanBytesReadOnRestore: PerformanceModel<Chain> = {
  name: 'chain_mean_bytes_read_on_restore',
  unit: 'bytes',
  what: 'read on a restore, the full checkpoint and the deltas behind it',
  assumes: 'deltas of one size; failures strike at every place of the chain alike',
  valid: 'exact; at worst S + (K - 1) delta',
  source: 'derived',
  status: 'V',
  inputs: chain,
  evaluate: ({ state_bytes: S, delta_bytes: d, chain_length: K }) => S + (d * (K - 1)) / 2,
};

export const optimalFullSnapshotChainLength: PerformanceModel<{
  readonly state_bytes: number;
  readonly delta_bytes: number;
  readonly checkpoint_period_s: number;
  readonly mtbf_s: number;
  readonly write_cost_per_byte: number;
  readonly read_cost_per_byte: number;
}> = {
  name: 'optimal_full_snapshot_chain_length',
  unit: 'checkpoints',
  what: 'checkpoints from one full to the next with the least cost of writing and restoring',
  assumes: 'deltas of one size, whatever the period',
  valid: 'a real number, round it; brute force gives 305 where this gives 305.16',
  source: 'derived, checked by brute force',
  status: 'V',
  inputs: {
    state_bytes: state,
    delta_bytes: aboveZero('bytes', 'size of an incremental checkpoint'),
    checkpoint_period_s: period,
    mtbf_s: aboveZero('s', 'mean time between failures'),
    write_cost_per_byte: aboveZero('1/byte', 'cost of writing a byte'),
    read_cost_per_byte: aboveZero('1/byte', 'cost of reading a byte on a restore'),
  },
  evaluate(inputs) {
    const { state_bytes: S, delta_bytes: d, checkpoint_period_s: T, mtbf_s: M } = inputs;
    if (d > S) throw new RangeError(`delta_bytes ${d} is above state_bytes ${S}: a full checkpoint is cheaper`);
    const { write_cost_per_byte: w, read_cost_per_byte: r } = inputs;
    return Math.sqrt((2 * w * (S - d) * M) / (T * r * d));
  },
};

export const changelogMeanLiveBytes: PerformanceModel<{
  readonly state_bytes: number;
  readonly log_bytes_per_s: number;
  readonly materialization_period_s: number;
  readonly materialization_duration_s: number;
}> = {
  name: 'changelog_mean_live_bytes',
  unit: 'bytes',
  what: 'materialised snapshot and the log behind it, over time',
  assumes: 'constant state and log rate',
  valid: 'exact; falls with the frequency of materialisation, not with that of checkpoints',
  source: 'derived; consistent with the FLIP-158 benchmark (inference)',
  status: 'V',
  inputs: {
    state_bytes: state,
    log_bytes_per_s: atLeastZero('bytes/s', 'changes logged per second'),
    materialization_period_s: aboveZero('s', 'from one materialisation to the next'),
    materialization_duration_s: atLeastZero('s', 'how long one takes'),
  },
  evaluate: (inputs) =>
    inputs.state_bytes +
    inputs.log_bytes_per_s * (inputs.materialization_period_s / 2 + inputs.materialization_duration_s),
};

export const changelogRestoreTime: PerformanceModel<{
  readonly restart_s: number;
  readonly state_bytes: number;
  readonly read_bytes_per_s: number;
  readonly log_bytes_to_replay: number;
  readonly replay_bytes_per_s: number;
}> = {
  name: 'changelog_restore_time',
  unit: 's',
  what: 'restart, read the materialised snapshot, replay the log behind it',
  assumes: 'one after the other, each at its own rate',
  valid: 'exact',
  source: 'derived',
  status: 'V',
  inputs: {
    restart_s: atLeastZero('s', 'before anything is read'),
    state_bytes: atLeastZero('bytes', 'materialised snapshot'),
    read_bytes_per_s: aboveZero('bytes/s', 'download'),
    log_bytes_to_replay: atLeastZero('bytes', 'log behind the snapshot'),
    replay_bytes_per_s: aboveZero('bytes/s', 'log that is applied'),
  },
  evaluate: ({ restart_s: restart, state_bytes: S, read_bytes_per_s: read, log_bytes_to_replay: tail, ...rest }) =>
    restart + S / read + tail / rest.replay_bytes_per_s,
};

export const changelogOptimalMaterializationPeriod: PerformanceModel<{
  readonly state_bytes: number;
  readonly log_bytes_per_s: number;
  readonly write_cost_per_byte: number;
  readonly hold_cost_per_byte_s: number;
}> = {
  name: 'changelog_optimal_materialization_period',
  unit: 's',
  what: 'from one materialisation to the next with the least cost of writing and of holding the log',
  assumes: 'constant state and log rate',
  valid: 'exact for these two costs; restore time is not among them',
  source: 'derived',
  status: 'V',
  inputs: {
    state_bytes: state,
    log_bytes_per_s: aboveZero('bytes/s', 'changes logged per second'),
    write_cost_per_byte: aboveZero('1/byte', 'cost of writing a byte'),
    hold_cost_per_byte_s: aboveZero('1/(byte*s)', 'cost of holding a byte of log for a second'),
  },
  evaluate: ({ state_bytes: S, log_bytes_per_s: g, write_cost_per_byte: w, hold_cost_per_byte_s: h }) =>
    Math.sqrt((2 * S * w) / (g * h)),
};
