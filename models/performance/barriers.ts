/** Barriers: how long they travel, how far apart they arrive, how many there are, and what else is sent (models.md §5.5, §7). */
import { expMinusOne, harmonic, logOnePlus } from './numerics.ts';
import { type PerformanceModel, aboveZero, atLeastZero, count, listOf, share } from './performance-model.ts';

export const alignedBarrierTravelTime: PerformanceModel<{
  readonly inflight_bytes_per_hop: readonly number[];
  readonly throughput_bytes_per_s_per_hop: readonly number[];
}> = {
  name: 'aligned_barrier_travel_time',
  unit: 's',
  what: 'from the source to the last task, behind what is queued ahead of the barrier',
  assumes: 'each hop drains at its own rate all the while',
  valid: 'exact in the fluid model; an unaligned barrier passes in about one buffer per hop',
  source: 'derived',
  status: 'V',
  inputs: {
    inflight_bytes_per_hop: listOf(atLeastZero('bytes', 'queued ahead of the barrier, per hop')),
    throughput_bytes_per_s_per_hop: listOf(aboveZero('bytes/s', 'drained, per hop')),
  },
  evaluate({ inflight_bytes_per_hop: queued, throughput_bytes_per_s_per_hop: drained }) {
    if (queued.length !== drained.length) {
      throw new RangeError(
        `inflight_bytes_per_hop has ${queued.length} hops and throughput_bytes_per_s_per_hop ${drained.length}: give one each`,
      );
    }
    return queued.reduce((sum, bytes, hop) => sum + bytes / drained[hop]!, 0);
  },
};

export const inputGateBufferBytes: PerformanceModel<{
  readonly channels: number;
  readonly exclusive_buffers_per_channel: number;
  readonly floating_buffers: number;
  readonly segment_bytes: number;
}> = {
  name: 'input_gate_buffer_bytes',
  unit: 'bytes',
  what: 'network memory of one input gate',
  assumes: 'all exclusive and floating buffers in use',
  valid: 'exact',
  source: "Flink's documentation of network memory; the defaults 2, 8, 32 KiB were not checked",
  status: 'S',
  inputs: {
    channels: count('input channels of the gate'),
    exclusive_buffers_per_channel: atLeastZero('1', 'buffers that belong to one channel'),
    floating_buffers: atLeastZero('1', 'buffers shared by the gate'),
    segment_bytes: aboveZero('bytes', 'size of a buffer'),
  },
  evaluate: ({ channels, exclusive_buffers_per_channel: exclusive, floating_buffers: floating, segment_bytes }) =>
    (channels * exclusive + floating) * segment_bytes,
};

const channels = count('input channels');

export const expectedBarrierSpreadIidExponential: PerformanceModel<{
  readonly channels: number;
  readonly mean_delay_s: number;
}> = {
  name: 'expected_barrier_spread_iid_exponential',
  unit: 's',
  what: 'from the first barrier to the last, expected',
  assumes: 'delays of the channels are independent and exponential with one mean',
  valid: 'exact; grows like ln n',
  source: 'derived',
  status: 'V',
  inputs: { channels, mean_delay_s: aboveZero('s', 'mean delay of a barrier') },
  evaluate: ({ channels: n, mean_delay_s: m }) => m * harmonic(n - 1),
};

export const expectedBarrierSpreadIidUniform: PerformanceModel<{
  readonly channels: number;
  readonly max_delay_s: number;
}> = {
  name: 'expected_barrier_spread_iid_uniform',
  unit: 's',
  what: 'from the first barrier to the last, expected',
  assumes: 'delays of the channels are independent and uniform from 0 on',
  valid: 'exact; saturates at the largest delay',
  source: 'derived',
  status: 'V',
  inputs: { channels, max_delay_s: aboveZero('s', 'largest delay of a barrier') },
  evaluate: ({ channels: n, max_delay_s: w }) => (w * (n - 1)) / (n + 1),
};

export const probabilityAnyTaskSlow: PerformanceModel<{
  readonly tasks: number;
  readonly probability_one_task_slow: number;
}> = {
  name: 'probability_any_task_slow',
  unit: '1',
  what: 'probability that at least one task is late, and with it the checkpoint',
  assumes: 'tasks are late independently',
  valid: 'exact',
  source: "derived; the requirement is stated in Flink's changelog post",
  status: 'V',
  inputs: { tasks: count('tasks'), probability_one_task_slow: share('checkpoints for which one task is late') },
  evaluate({ tasks: n, probability_one_task_slow: p }) {
    return p === 1 ? 1 : -expMinusOne(n * logOnePlus(-p));
  },
};

export const fullSnapshotDuration: PerformanceModel<{
  readonly state_bytes: number;
  readonly tasks: number;
  readonly hottest_task_share: number;
  readonly task_bandwidth_bytes_per_s: number;
  readonly store_bandwidth_bytes_per_s: number;
  readonly fixed_latency_s: number;
}> = {
  name: 'full_snapshot_duration',
  unit: 's',
  what: 'from trigger to durable of a full snapshot',
  assumes: 'all tasks upload at once, each at its own bandwidth, together at no more than the store takes',
  valid: 'shape as measured: King, 100 to 500 GB (abstract)',
  source: 'derived',
  status: 'V',
  inputs: {
    state_bytes: atLeastZero('bytes', 'state of all tasks'),
    tasks: count('tasks'),
    hottest_task_share: share('state of the largest task over all of it'),
    task_bandwidth_bytes_per_s: aboveZero('bytes/s', 'upload of one task'),
    store_bandwidth_bytes_per_s: aboveZero('bytes/s', 'what the store takes from all tasks'),
    fixed_latency_s: atLeastZero('s', 'latency of the barrier, the metadata and the acknowledgements'),
  },
  evaluate(inputs) {
    const { state_bytes: S, hottest_task_share: hottest, fixed_latency_s: fixed } = inputs;
    const alone = (hottest * S) / inputs.task_bandwidth_bytes_per_s;
    return fixed + Math.max(alone, S / inputs.store_bandwidth_bytes_per_s);
  },
  caution: ({ tasks, hottest_task_share: hottest }) =>
    hottest * tasks >= 1 - 1e-9 ? null : 'the hottest task cannot have less than the average',
};

export const barrierCountAllToAllPipeline: PerformanceModel<{
  readonly stages: number;
  readonly parallelism: number;
}> = {
  name: 'barrier_count_all_to_all_pipeline',
  unit: 'messages',
  what: 'barriers of one checkpoint: one per channel',
  assumes: 'each task of a stage sends to each of the next',
  valid: 'exact, for Chandy-Lamport and barrier snapshots alike; triggers, acknowledgements and notices come on top',
  source: 'derived',
  status: 'V',
  inputs: { stages: count('stages of the pipeline'), parallelism: count('tasks per stage') },
  evaluate: ({ stages, parallelism: p }) => (stages - 1) * p * p,
};

export const communicationInducedPiggybackBytes: PerformanceModel<{
  readonly workers: number;
  readonly operators: number;
  readonly bytes_per_integer: number;
  readonly bytes_per_flag: number;
}> = {
  name: 'communication_induced_piggyback_bytes',
  unit: 'bytes',
  what: 'what communication-induced checkpointing adds to every message',
  assumes: 'one logical clock, one matrix of clocks and two of flags per message',
  valid: 'a lower bound: serialisation adds names and framing',
  source: 'code of CheckMate (ICDE 2024)',
  status: 'S',
  inputs: {
    workers: count('workers'),
    operators: count('operators'),
    bytes_per_integer: aboveZero('bytes', 'size of a clock'),
    bytes_per_flag: aboveZero('bytes', 'size of a flag'),
  },
  evaluate: ({ workers: W, operators: O, bytes_per_integer: integer, bytes_per_flag: flag }) =>
    integer + W * O * (integer + 2 * flag),
};
