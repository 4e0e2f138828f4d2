/**
 * A stream job as a fluid: one run as one value. Work arrives and is processed at constant rates, and the only events are
 * those of checkpoints and of failures, so a year of a job takes as long as its failures. Times are whole microseconds.
 */
import type { DurationLaw, FailureLaw } from './laws.ts';

export interface FluidPlan {
  readonly end: FluidEnd;
  readonly load: Load;
  readonly checkpoint: CheckpointPolicy;
  readonly snapshot: Snapshot;
  readonly failures: readonly FailureSource[];
  readonly recovery: RecoveryPlan;
  readonly measure: Measure;
}

/** When the run is over: at a time, or once a checkpoint covers that much work (saturated jobs only). */
export type FluidEnd =
  { readonly kind: 'time'; readonly micros: number } | { readonly kind: 'work'; readonly micros: number };

/** A backlog that never ends, or records that arrive at a constant rate; both rates are whole records per second. */
export type Load =
  | { readonly kind: 'saturated' }
  | {
      readonly kind: 'constant';
      readonly inputPerSecond: number;
      readonly capacityPerSecond: number;
      /** What must be kept for replay, per record. */
      readonly recordBytes: number;
    };

export interface CheckpointPolicy {
  /** From trigger to trigger. */
  readonly intervalMicros: number;
  /** From resuming after a failure, or from the start, to the first trigger. */
  readonly firstTriggerMicros: number;
  /** Processing stands still for so long from each trigger on. */
  readonly pauseMicros: number;
  /** From the end of the pause until the checkpoint is durable, without its upload. */
  readonly delay: DurationLaw;
  /** How its bytes travel; null if that takes no time. */
  readonly upload: Upload | null;
  /** At least so long from a completion to the next trigger. */
  readonly minPauseMicros: number;
  /** Checkpoints in flight at a time; a trigger that is due waits for its turn. */
  readonly maxConcurrent: number;
  /** A checkpoint that takes longer fails at that moment; null if none does. */
  readonly timeoutMicros: number | null;
  /** Probability that a checkpoint fails when it would have become durable. */
  readonly failureProbability: number;
  readonly levels: Levels;
}

export interface Upload {
  readonly bytesPerSecond: number;
  /** Whether processing stands still meanwhile. */
  readonly isBlocking: boolean;
}

/**
 * Which checkpoints survive failures of level 2. One level: all. Nested: after `segments` - 1 local ones a remote one, which
 * pauses for `remotePauseMicros` instead. Stochastic: each one with this probability.
 */
export type Levels =
  | { readonly kind: 'single' }
  | { readonly kind: 'nested'; readonly segments: number; readonly remotePauseMicros: number }
  | { readonly kind: 'stochastic'; readonly remoteProbability: number; readonly remotePauseMicros: number };

/** What a checkpoint writes and a restore reads. */
export type Snapshot =
  | { readonly kind: 'full'; readonly stateBytes: number }
  /** Every `length`-th is full, the others hold what changed since the one before. */
  | { readonly kind: 'chain'; readonly stateBytes: number; readonly delta: Delta; readonly length: number }
  /** A log of changes, written while the job is up; a checkpoint writes the log since the one before. */
  | {
      readonly kind: 'changelog';
      readonly stateBytes: number;
      readonly logBytesPerSecond: number;
      /** From the start of a materialisation to the start of the next. */
      readonly materializationPeriodMicros: number;
      readonly materializationMicros: number;
    };

/** Bytes of an incremental checkpoint: constant, or the entries that uniform updates have touched since the last one. */
export type Delta =
  | { readonly kind: 'constant'; readonly bytes: number }
  | { readonly kind: 'uniformUpdates'; readonly entryBytes: number; readonly updatesPerSecond: number };

/** Failures of one cause, drawn from a stream of their own (`failures/NAME`), in the time of the platform: outside downtimes. */
export interface FailureSource {
  readonly name: string;
  readonly law: FailureLaw;
  /** 2: only remote checkpoints survive. */
  readonly level: 1 | 2;
}

/** An outage, in this order. Failures can strike in all of it but the downtime, and then it begins anew. */
export interface RecoveryPlan {
  /** The clocks of the failure sources stand still meanwhile; by the level of the failure. */
  readonly downMicros: readonly [number, number];
  readonly detect: DurationLaw;
  readonly restart: DurationLaw;
  /** Reading the snapshot comes on top of this. */
  readonly restore: DurationLaw;
  /** null if reading takes no time. */
  readonly readBytesPerSecond: number | null;
  /** How fast a changelog is applied; null if that takes no time. */
  readonly replayBytesPerSecond: number | null;
}

/** What to count besides the totals. */
export interface Measure {
  /** Records whose first output is later than each of these are counted. */
  readonly latencyBoundsMicros: readonly number[];
  /** Whether quantiles of latencies are wanted: they cost time and memory. */
  readonly quantiles: boolean;
  /** How long snapshots are kept, for the space of a history. */
  readonly historyMicros: number;
  /** How many completed snapshots are kept, for the space of a fixed number. */
  readonly retainedSnapshots: number;
  /** Objects that a checkpoint puts and a restore gets. */
  readonly objectsPerCheckpoint: number;
  readonly objectsPerRestore: number;
  /** At most so many recoveries are listed one by one. */
  readonly recoveriesMax: number;
}

/**
 * A plan to vary by spreading: a saturated job, checkpoints that cost nothing every minute, nothing that fails, one simulated
 * day.
 */
export const PLAIN_FLUID_PLAN: FluidPlan = {
  end: { kind: 'time', micros: 86_400_000_000 },
  load: { kind: 'saturated' },
  checkpoint: {
    intervalMicros: 60_000_000,
    firstTriggerMicros: 60_000_000,
    pauseMicros: 0,
    delay: { kind: 'constant', micros: 0 },
    upload: null,
    minPauseMicros: 0,
    maxConcurrent: 1,
    timeoutMicros: null,
    failureProbability: 0,
    levels: { kind: 'single' },
  },
  snapshot: { kind: 'full', stateBytes: 0 },
  failures: [],
  recovery: {
    downMicros: [0, 0],
    detect: { kind: 'constant', micros: 0 },
    restart: { kind: 'constant', micros: 0 },
    restore: { kind: 'constant', micros: 0 },
    readBytesPerSecond: null,
    replayBytesPerSecond: null,
  },
  measure: {
    latencyBoundsMicros: [],
    quantiles: false,
    historyMicros: 0,
    retainedSnapshots: 1,
    objectsPerCheckpoint: 1,
    objectsPerRestore: 1,
    recoveriesMax: 0,
  },
};
