/**
 * A run as one value: everything `simulate` needs, as plain JSON data with no defaults left to guess.
 * Scenario files, property files and command-line overrides are all turned into a RunPlan before anything runs,
 * so two runs with equal plans give equal bytes. Times are integer microseconds, sizes bytes, rates per second.
 */
import type { SamzaConfig } from './samza/config.ts';

/** Everything one run needs. */
export interface RunPlan {
  readonly name: string;
  readonly title: string;
  /** One sentence on what the scenario teaches. */
  readonly teaches: string;
  /** The verdict the scenario's author expects; the run itself never reads it. */
  readonly expect: Expectation;
  readonly seed: string;
  /** Replication number: the same plan with other random draws under the same names. */
  readonly replication: number;
  /** Simulated time that is run, µs. */
  readonly horizonMicros: number;
  readonly protocol: 'samza';
  /** How actions due at the same microsecond are ordered. */
  readonly ties: 'fifo' | 'shuffled' | 'adversarial';
  readonly job: JobPlan;
  readonly cluster: ClusterPlan;
  readonly load: LoadPlan;
  readonly costs: CostPlan;
  readonly faults: readonly FaultPlan[];
  /** Host failures read from a log; entry i strikes host node[i] modulo the number of hosts. */
  readonly faultTrace: FaultTrace | null;
}

export type Expectation =
  { readonly kind: 'holds' } | { readonly kind: 'violated'; readonly law: string } | { readonly kind: 'unknown' };

export interface JobPlan {
  /** Input streams. Task k consumes partition k of every stream that has one (Samza's default grouper). */
  readonly inputs: readonly InputPlan[];
  readonly logic: JobLogic;
  /** Distinct keys over all partitions of a stream. */
  readonly keys: number;
  /** Zipf exponent of key popularity; 0 is uniform. */
  readonly keySkew: number;
  /** Active containers; task k runs in container k modulo containers. */
  readonly containers: number;
  /** StreamTask (process blocks its thread) or AsyncStreamTask (callbacks, up to task.max.concurrency in flight). */
  readonly taskKind: 'sync' | 'async';
  /** Most records one process call takes; 1 for correctness runs, more for cost runs. */
  readonly batchRecords: number;
  /** A batch layer that recomputes from the input log and corrects the served view (Lambda architecture). */
  readonly batchLayer: BatchLayerPlan | null;
  readonly samza: SamzaConfig;
}

/**
 * What a task does with a record of key k.
 * `stateless`: emit one output. `count`: state[k] += 1, emit the count. `dedup`: emit only when state[k] is empty, then set it.
 * `match`: order book per key, an order meets the resting quantity of the other side; emits one execution report per order.
 */
export type JobLogic = 'stateless' | 'count' | 'dedup' | 'match';

export interface InputPlan {
  readonly stream: string;
  readonly partitions: number;
  /** `samza.offset.default`: where an SSP without a checkpointed offset starts. */
  readonly offsetDefault: 'upcoming' | 'oldest';
  /** `samza.reset.offset`: ignore the checkpoint of this stream at start. */
  readonly resetOffset: boolean;
  /** `samza.delete.committed.messages` or an intermediate stream: step 11 of the commit deletes what was committed. */
  readonly deleteCommitted: boolean;
  /** Records older than this leave the log; Infinity is written as null. */
  readonly retentionMicros: number | null;
  /** Share of the load that goes to this stream, relative to the others. */
  readonly weight: number;
  /** No record arrives before this time, µs. */
  readonly startsAtMicros: number;
}

export interface BatchLayerPlan {
  readonly intervalMicros: number;
  readonly durationMicros: number;
}

export interface ClusterPlan {
  readonly hosts: number;
  /** Containers one host can run. */
  readonly slotsPerHost: number;
  /** ResourceManager gives a silent NodeManager up after this, µs (YARN default 10 min). */
  readonly nodeExpiryMicros: number;
  /** From a container's exit to the application master's callback (NodeManager and AM heartbeats), µs. */
  readonly exitReportMicros: number;
  /** Launch request to running JVM with the job's classes (localisation, JVM, Samza start), µs. */
  readonly containerStartMicros: number;
  /** A new application master attempt after the old one died, µs. */
  readonly amRestartMicros: number;
  /** `any host`: which host the ResourceManager offers when none is preferred. */
  readonly placement: 'least-loaded' | 'random';
  /** Clock of host h minus true time, µs; missing entries are 0. */
  readonly clockSkewMicros: readonly number[];
}

/** Where records come from. Counts of a trace are spread inside their interval. */
export type LoadPlan =
  | {
      readonly kind: 'rate';
      readonly perSecond: number;
      readonly arrivals: 'poisson' | 'even' | 'bursty';
      /** For `bursty`: mean length of on and of off phases, µs; the rate holds while on. */
      readonly burstOnMicros: number;
      readonly burstOffMicros: number;
      /** Stop offering after this many records; null for no limit. */
      readonly records: number | null;
      /** Silence after this time, µs; null for none. */
      readonly stopsAtMicros: number | null;
    }
  | {
      readonly kind: 'trace';
      readonly arrivals: 'poisson' | 'even';
      /** Start of interval i, µs from the first; strictly increasing. */
      readonly startMicros: readonly number[];
      /** Records in interval i, whole numbers. */
      readonly counts: readonly number[];
      /** End of the last interval, µs. */
      readonly endMicros: number;
    };

/** What things take. Every duration is drawn or computed once, when the action is scheduled, and rounded to µs there. */
export interface CostPlan {
  /** CPU of one process call, mean µs per record. */
  readonly processMicros: number;
  readonly processDistribution: 'constant' | 'exponential';
  /** One-way latency producer → broker leader: constant part and mean of an exponential part, µs. */
  readonly kafkaLatencyMicros: number;
  readonly kafkaJitterMicros: number;
  /** One request to a broker or to the checkpoint topic's admin (newest offset), µs. */
  readonly brokerRequestMicros: number;
  /** Size of one output or changelog record on the wire and in the log, bytes. */
  readonly recordBytes: number;
  readonly changelogEntryBytes: number;
  /** RocksDB memtable flush (fsync): fixed part µs, plus bytes at localDiskBytesPerSecond. */
  readonly storeFlushMicros: number;
  /** RocksDB checkpoint (hard links, manifest): fixed µs. */
  readonly storeCheckpointMicros: number;
  readonly localDiskBytesPerSecond: number;
  /** Memtable entries after which RocksDB flushes by itself. */
  readonly memtableEntries: number;
  /** Freezing offsets, building the checkpoint object, submitting the async stage: CPU µs per step. */
  readonly commitStepMicros: number;
  /** OFFSET and CHECKPOINT files, µs. */
  readonly writeFilesMicros: number;
  /** Reading the checkpoint topic at start: fixed µs plus µs per retained record. */
  readonly checkpointReadMicros: number;
  readonly checkpointReadPerRecordMicros: number;
  /** Changelog restore speed per container, bytes per second (Samza docs: about 50 MB/s). */
  readonly restoreBytesPerSecond: number;
  /** Blob store: latency of one request µs, bandwidth bytes per second, TTL of a new blob µs. */
  readonly blobLatencyMicros: number;
  readonly blobBytesPerSecond: number;
  readonly blobTtlMicros: number;
  /** Kafka log segments roll at this size or age; only closed segments are compacted or expired. */
  readonly segmentBytes: number;
  readonly segmentMicros: number;
}

/** When a fault strikes. */
export type FaultTrigger =
  | { readonly on: 'time'; readonly atMicros: number }
  | {
      /** At a named step of commit `commit` (1 is the first; the seal commit counts as 0) of task `task`. */
      readonly on: 'step';
      readonly step: string;
      readonly when: 'before' | 'during' | 'after';
      readonly task: number;
      readonly commit: number;
    }
  | {
      /** At a moment of container `container`'s start number `start` (0 is the first). */
      readonly on: 'start';
      readonly moment: 'restore' | 'trim' | 'seal' | 'running';
      readonly container: number;
      readonly start: number;
      readonly delayMicros: number;
    };

/** A fault as data; each strikes at most once (its budget), except where it says how often. */
export type FaultPlan =
  | {
      readonly kind: 'container-crash';
      readonly trigger: FaultTrigger;
      readonly container: number;
      readonly exitCode: number;
    }
  | {
      readonly kind: 'host-crash';
      readonly trigger: FaultTrigger;
      readonly host: number | { readonly ofContainer: number };
      readonly downMicros: number;
      readonly diskLost: boolean;
    }
  | {
      /** Clean stop and restart of the whole job (operator redeploys): no commit on shutdown. */
      readonly kind: 'job-restart';
      readonly trigger: FaultTrigger;
      readonly downMicros: number;
      /** Redeploy with another samza configuration, or null for the same. */
      readonly samza: SamzaConfig | null;
    }
  | { readonly kind: 'am-crash'; readonly trigger: FaultTrigger }
  | {
      /**
       * `node-manager`: the ResourceManager no longer hears the host; its containers still reach Kafka and the AM.
       * `cluster-manager`: the host reaches neither ResourceManager nor AM, but still Kafka and the blob store.
       * `kafka`: the host reaches the cluster manager but no broker.
       */
      readonly kind: 'partition';
      readonly trigger: FaultTrigger;
      readonly host: number | { readonly ofContainer: number };
      readonly cut: 'node-manager' | 'cluster-manager' | 'kafka';
      readonly forMicros: number;
    }
  | {
      /** The process stops running (GC, suspended VM) and then goes on as if nothing had happened. */
      readonly kind: 'pause';
      readonly trigger: FaultTrigger;
      readonly container: number;
      readonly forMicros: number;
    }
  | {
      /** The brokers of a log take no appends for a while; producers wait. */
      readonly kind: 'broker-stall';
      readonly trigger: FaultTrigger;
      readonly log: LogSelector;
      readonly forMicros: number;
    }
  | {
      /** The leader of a log dies before its last acknowledged records reached a follower (acks=1). */
      readonly kind: 'leader-loss';
      readonly trigger: FaultTrigger;
      readonly log: LogSelector;
      readonly unreplicatedRecords: number;
    }
  | {
      /** A produce request fails for good. */
      readonly kind: 'send-failure';
      readonly trigger: FaultTrigger;
      readonly log: LogSelector;
      readonly batches: number;
    }
  | { readonly kind: 'topic-recreated'; readonly trigger: FaultTrigger; readonly log: LogSelector }
  | { readonly kind: 'blob-outage'; readonly trigger: FaultTrigger; readonly forMicros: number }
  | { readonly kind: 'blob-slow'; readonly trigger: FaultTrigger; readonly factor: number; readonly forMicros: number };

export interface LogSelector {
  readonly log: 'input' | 'output' | 'changelog' | 'checkpoint';
  /** Partition (for changelogs and outputs: the task); null for all. */
  readonly partition: number | null;
}

/** Columns of a failure log; times µs from its first entry, not decreasing. */
export interface FaultTrace {
  readonly atMicros: readonly number[];
  readonly node: readonly number[];
  readonly downMicros: readonly number[];
}
