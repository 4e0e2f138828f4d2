/**
 * What the state of a dataflow job is made of: environment, coordinator, store, output, network, tasks, channels. All of it
 * is plain data. Elements of channels, messages, effects in flight, parts and completion records never change once they
 * exist: they are replaced. Whoever adds a field here adds it in `component-copies.ts` and `component-prints.ts`.
 */
import type { Backend, CapturedFile, FileReference, SharedFile, StoredFile } from './shared-files.ts';

/** A record in a channel. `n` is its number among the records of the channel. */
export interface FlowRecord {
  readonly is: 'record';
  readonly source: number;
  readonly seq: number;
  readonly n: number;
  readonly hops: number;
  readonly tag: number;
}

export interface FlowControl {
  readonly is: 'control';
  readonly name: string;
  readonly checkpoint: number;
  readonly priority: boolean;
  readonly data: number;
}

export type Element = FlowRecord | FlowControl;

/** What the operator knows, as opposed to its protocol: the state a snapshot captures. */
export interface Application {
  /** Source: records read from its log. */
  read: number;
  /** Source with splits that are handed out: each of its own, and how much of it has been read. */
  splits: (readonly [split: number, read: number])[];
  /** How often each record (source * records + seq) has been processed. */
  seen: number[];
  /** Records sent per output, received per input, in the order of the place's lists. */
  sent: number[];
  received: number[];
  /** Non-FIFO inputs: the numbers of the records received, ascending; empty for FIFO ones. */
  got: number[][];
  /** Two-phase sink: open transaction (-1: none), and pre-committed ones as [checkpoint, transaction]. */
  transaction: number;
  pending: [number, number][];
  /** Operators that defer: records taken in and not yet processed, and how many timers or requests will do so. */
  waiting: FlowRecord[];
  armed: number;
}

/** One task's part of a checkpoint: its application state at the cut, and the messages captured as channel state. */
export interface Part {
  readonly checkpoint: number;
  readonly attempt: number;
  readonly task: number;
  /** Subtasks of the keyed stage when it was taken; 0: there is no such stage. */
  readonly parallelism: number;
  readonly application: Application;
  /** Per input channel number, in order. */
  readonly channels: { readonly channel: number; readonly records: FlowRecord[] }[];
  /**
   * Incremental backend, until the part is stored: the files that hold what the operator has processed, which its
   * application state here then lacks. In the store they lie beside the parts.
   */
  readonly files?: readonly CapturedFile[];
}

export interface TaskComponent {
  up: boolean;
  /** Parts captured and not yet uploaded. */
  parts: Part[];
  application: Application;
  /** Channel numbers that are not delivered. */
  blocked: number[];
  /** Timers that are armed, in the order of their names. */
  timers: string[];
  /** The savepoint behind which this task reads nothing any more; 0: none. */
  suspended: number;
  protocol: unknown;
  backend: Backend;
}

export interface ChannelComponent {
  queue: Element[];
  /** How many records at the head were restored from a checkpoint's channel state. */
  recovered: number;
  /** Durable channels: every record ever appended; the queue is what the receiver has not read yet. */
  log: FlowRecord[];
}

export interface CoordinatorComponent {
  /** False from its crash until the failure is noticed: nothing reaches it, and nothing comes from it. */
  up: boolean;
  protocol: unknown;
  /** Completed checkpoint that the newest restart took; 0: none. */
  restored: number;
  enumerator: Enumerator;
}

/** Hands out splits (`topology.splits`); otherwise there is nothing to hand out. */
export interface Enumerator {
  unassigned: number[];
  /** The checkpoint it is taking its snapshot for; 0: none. */
  opening: number;
  /** Checkpoints for which its valve is closed: nothing is handed out until all are through. */
  closedFor: number[];
}

/** The enumerator's part of a checkpoint, which is written with the checkpoint's own record. Never changes. */
export interface SplitPart {
  readonly checkpoint: number;
  readonly unassigned: readonly number[];
}

export interface Completed {
  readonly checkpoint: number;
  readonly attempt: number;
  /** Shared files it consists of, besides its parts; absent where there are none. */
  readonly files?: readonly SharedFile[];
}

/**
 * A snapshot the user asked for. requested: under way or given up; restored: a job was started from it; forgotten: complete,
 * while the coordinator that would have stopped the job for it is gone. Never changes: it is replaced.
 */
export interface Savepoint {
  readonly checkpoint: number;
  readonly attempt: number;
  /** The job stops behind it. */
  readonly stops: boolean;
  readonly status: 'requested' | 'complete' | 'restored' | 'forgotten';
}

/** What survives everything. Parts are keyed by (checkpoint, task): a later upload under the same key replaces. */
export interface StoreComponent {
  nextId: number;
  /** Of the newest restart. */
  attempt: number;
  /** By task, where a failover has left some of them running in older ones; empty: all are in the newest. */
  attempts: number[];
  /** Subtasks of the keyed stage now; 0: there is no such stage. */
  parallelism: number;
  parts: Part[];
  completed: Completed[];
  /** Shared files, in the order of their paths. */
  files: StoredFile[];
  /** Every checkpoint that ever completed: for laws, no protocol reads it. */
  everCompleted: number[];
  /** Checkpoints whose write had an outcome nobody was told: neither files nor pointer may be deleted for it. */
  unknown: number[];
  savepoints: Savepoint[];
  splitParts: SplitPart[];
  /** How many checkpoints had completed when the user last went back to a savepoint: newer ones follow from that. */
  lineage: number;
}

export interface Transaction {
  readonly task: number;
  readonly attempt: number;
  checkpoint: number;
  status: 'open' | 'prepared' | 'committed' | 'aborted';
  records: number[];
}

/** The outside world: what a committed reader sees, and the transactions of two-phase sinks. */
export interface OutputComponent {
  transactions: Transaction[];
  /** How often each record is visible. */
  visible: number[];
  /** How often each record may be visible once more: it had been, when the user went back behind it. */
  repeats: number[];
}

export interface Message {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly checkpoint: number;
  readonly attempt: number;
  readonly data: number;
  /** An acknowledgement with an incremental backend: the shared files that the part refers to. */
  readonly files?: readonly FileReference[];
}

/** Work that is under way outside any task: it lands whatever becomes of its sender. */
export type InFlight =
  | {
      readonly kind: 'upload';
      readonly task: number;
      readonly checkpoint: number;
      readonly attempt: number;
      readonly part: Part;
    }
  | {
      readonly kind: 'store';
      readonly task: number;
      readonly checkpoint: number;
      readonly attempt: number;
      readonly files?: readonly SharedFile[];
    }
  | {
      readonly kind: 'commit';
      readonly task: number;
      readonly checkpoint: number;
      readonly attempt: number;
      readonly transaction: number;
    };

export interface NetworkComponent {
  messages: Message[];
  inFlight: InFlight[];
}

export interface EnvironmentComponent {
  checkpoints: number;
  crashes: number;
  coordinatorCrashes: number;
  lostNotifications: number;
  duplicatedMessages: number;
  failedUploads: number;
  failedCommits: number;
  timeouts: number;
  unknownStores: number;
  transactionTimeouts: number;
  savepoints: number;
  lostEvents: number;
  calm: boolean;
  /** A failure nobody has noticed yet. */
  undetected: boolean;
  /** Where nothing else moves, every checkpoint under way expires in the end; up to this id they have. */
  expiredUpTo: number;
  /** How often the job has been rescaled. */
  rescaled: number;
}

/** The coordinator in message addresses. */
export const TO_COORDINATOR = -1;
