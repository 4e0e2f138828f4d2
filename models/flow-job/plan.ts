/**
 * A timed dataflow job as plain data: the expanded graph, what everything takes, when checkpoints are asked for and what
 * fails. Two equal plans give equal runs. All times are whole microseconds, all sizes bytes.
 */
import type { SinkKind } from '../dataflow/topology.ts';
import type { FailoverStrategy } from '../protocols/flink-failover-regions.ts';
import type { RestartStrategy } from '../protocols/flink-restart-strategy.ts';

export interface FlowJobTask {
  readonly name: string;
  readonly role: 'source' | 'operator' | 'sink';
  /** Tasks that are instances of one vertex share its name: keyed routing picks one of them. */
  readonly vertex: string;
  /** Time one record takes; a source's is the time to read one. 0: none. */
  readonly serviceMicros: number;
  readonly stateBytes: number;
  /** State grows by this with every record processed. */
  readonly stateBytesPerRecord: number;
}

export interface FlowJobChannel {
  readonly from: number;
  readonly to: number;
  /** False: elements are delivered in the order they arrive, whatever the order they were sent in. */
  readonly fifo: boolean;
  /** Instead of the job's `channelDelay`. */
  readonly delay?: Delay;
}

/** A delay, always the same or drawn from a stream of its own. */
export type Delay =
  | { readonly kind: 'constant'; readonly micros: number }
  | { readonly kind: 'exponential'; readonly leastMicros: number; readonly meanMicros: number };

export interface SourceLoad {
  /** Records in the log of each source, at most 2^31 - 1 batches of them. */
  readonly records: number;
  /** Mean time between two records of one source. */
  readonly intervalMicros: number;
  readonly arrivals: 'regular' | 'poisson';
  /**
   * So many records of a source go through the job as one: they are read, sent, processed and captured together, but each of
   * them arrives, waits and becomes visible at a time of its own. With keyed routing a batch has one key. Regular arrivals
   * only; 1 unless given.
   */
  readonly batchRecords?: number;
}

export interface FlowJobCosts {
  readonly recordBytes: number;
  readonly channelDelay: Delay;
  /** A message between a task and the coordinator. */
  readonly rpcDelay: Delay;
  /** Synchronous part of a snapshot: the task does nothing else meanwhile. */
  readonly syncMicros: number;
  readonly syncMicrosPerMebibyte: number;
  /** Asynchronous part: latency, then state and channel state at the task's bandwidth. */
  readonly uploadMicros: number;
  readonly uploadBytesPerSecond: number;
  /** Writing the completed checkpoint's metadata and pointer. */
  readonly storeMicros: number;
  /** Commit of one transaction. */
  readonly commitMicros: number;
  /** From a crash to its being noticed. */
  readonly detectionMicros: number;
  /** From the end of the restart strategy's delay to the new tasks beginning to restore. */
  readonly restartMicros: number;
  readonly downloadMicros: number;
  readonly downloadBytesPerSecond: number;
}

export interface CheckpointPolicy {
  /** Fixed rate of the periodic trigger; 0: no checkpoints. */
  readonly intervalMicros: number;
  readonly timeoutMicros: number;
  /** Least time from a completion to the next trigger. */
  readonly minPauseMicros: number;
  readonly maxConcurrent: number;
  /** When timers of an alignment fire, counted from the trigger of their checkpoint (engines.md §2.8). */
  readonly alignedTimeoutMicros: number;
  /** Failed checkpoints in a row that do not fail the job; null: any number (engines.md §2.4). */
  readonly tolerableFailures: number | null;
}

export interface FlowJobCrash {
  /** Task number, or the coordinator. */
  readonly target: number | 'coordinator';
  readonly atMicros: number;
  /** From this crash to its being noticed, instead of the job's `detectionMicros`. */
  readonly detectionMicros?: number;
}

export interface FlowJobFaults {
  readonly crashes: readonly FlowJobCrash[];
  /** Further crashes of tasks drawn at random, this far apart in the mean; 0: none. */
  readonly mtbfMicros: number;
  /** Share of messages a protocol calls lossy that get lost. */
  readonly lostNotifications: number;
  /** Share of uploads that fail. */
  readonly failedUploads: number;
}

export interface FlowJobPlan {
  readonly name: string;
  readonly seed: string;
  readonly replication: number;
  readonly horizonMicros: number;
  readonly tasks: readonly FlowJobTask[];
  readonly channels: readonly FlowJobChannel[];
  /** Records a channel holds at most, in transit included (credit); control elements always fit. */
  readonly capacity: number;
  /** `broadcast`: a record goes to every output; `keyed`: to one task of each vertex downstream, by its key. */
  readonly routing: 'broadcast' | 'keyed';
  /** Share of the records that have one and the same key: keyed routing sends them to the first task of a vertex. */
  readonly hotShare?: number;
  /** How often an operator passes a record on round a cycle; 0 where there is none. */
  readonly hops: number;
  readonly sink: SinkKind;
  /** Who is told to start a checkpoint, by its id in turn, where the protocol leaves it open; the sources unless given. */
  readonly initiators?: readonly (readonly number[])[];
  readonly load: SourceLoad;
  readonly costs: FlowJobCosts;
  readonly checkpoints: CheckpointPolicy;
  readonly restart: RestartStrategy;
  /** Who restarts when a task has failed: its pipelined region, or every task; `full` unless given (engines.md §2.10). */
  readonly failover?: FailoverStrategy;
  readonly faults: FlowJobFaults;
}

/** Milliseconds-scale costs of a small cluster; every plan of tests and benches begins with them. */
export const DEFAULT_COSTS: FlowJobCosts = {
  recordBytes: 100,
  channelDelay: { kind: 'constant', micros: 1_000 },
  rpcDelay: { kind: 'constant', micros: 500 },
  syncMicros: 2_000,
  syncMicrosPerMebibyte: 0,
  uploadMicros: 10_000,
  uploadBytesPerSecond: 100_000_000,
  storeMicros: 5_000,
  commitMicros: 3_000,
  detectionMicros: 100_000,
  restartMicros: 500_000,
  downloadMicros: 10_000,
  downloadBytesPerSecond: 100_000_000,
};

/** Restarts at once, as often as it takes. */
export const RESTART_AT_ONCE: RestartStrategy = { kind: 'fixed-delay', attempts: Infinity, delayMicros: 0 };

export const NO_FAULTS: FlowJobFaults = { crashes: [], mtbfMicros: 0, lostNotifications: 0, failedUploads: 0 };

/** One vertex of a pipeline. */
export interface Stage {
  readonly parallelism: number;
  readonly serviceMicros?: number;
  readonly stateBytes?: number;
}

/** Sources, operators and sinks in stages, every task of a stage connected with every task of the next. */
export function pipelineGraph(stages: readonly Stage[]): Pick<FlowJobPlan, 'tasks' | 'channels'> {
  const tasks: FlowJobTask[] = [];
  const channels: FlowJobChannel[] = [];
  let before = 0;
  stages.forEach(({ parallelism, serviceMicros = 0, stateBytes = 0 }, stage) => {
    const role = stage === 0 ? 'source' : stage === stages.length - 1 ? 'sink' : 'operator';
    const vertex = role === 'operator' && stages.length > 3 ? `operator${stage}` : role;
    const first = tasks.length;
    for (let i = 0; i < parallelism; i++) {
      tasks.push({ name: `${vertex}-${i}`, role, vertex, serviceMicros, stateBytes, stateBytesPerRecord: 0 });
    }
    for (let from = before; from < first; from++) {
      for (let to = first; to < tasks.length; to++) channels.push({ from, to, fifo: true });
    }
    before = first;
  });
  return { tasks, channels };
}
