/**
 * The plug-in interface: what an author of a snapshot protocol writes. Handlers get their own state and an event, change
 * that state, and emit effects; they see no clock, no randomness and no other actor. A blocked input is data
 * (`block`), not control flow. The world carries effects out, each as a later action of its own, so that any order,
 * delay, duplication, failure or crash can come between.
 *
 * State must be plain data (numbers, strings, booleans, null, arrays, plain objects): it is copied, hashed and compared.
 */
import type { EngineRules } from './engine-rules.ts';
import type { FileReference, SharedFile } from './shared-files.ts';

/** Control elements travel in the channels with the records. */
export interface Control {
  readonly name: string;
  readonly checkpoint: number;
  /** Overtakes the records in front of it, and says so to whoever receives it. */
  readonly priority?: boolean;
  readonly data?: number;
}

/** A record as a protocol sees it. */
export interface RecordView {
  readonly source: number;
  readonly seq: number;
  /** What the sender's protocol stamped on it; 0 by default. */
  readonly tag: number;
}

/** What a task's handlers may do. */
export interface TaskEffects {
  /** Puts a control element on one output, behind what was sent before. */
  send(output: number, control: Control): void;
  /** Puts it on every output. */
  broadcast(control: Control): void;
  /** Stops, or lets go on, the delivery of records and controls from an input. Priority elements still come through. */
  block(input: number, blocked: boolean): void;
  /** Pulls the checkpoint's barrier on an input forward: where it stands in the channel, it becomes a priority element. */
  prioritise(checkpoint: number, input: number): void;
  /** Arms a timer. It may fire at any moment from now on, once, until it is cancelled; arming it again changes nothing. */
  setTimer(name: string): void;
  cancelTimer(name: string): void;
  /** Captures the operator's state now, as this task's part of the checkpoint; a later call replaces it. */
  snapshot(checkpoint: number): void;
  /** Adds the record that is being delivered to the part's channel state. */
  captureRecord(checkpoint: number, input: number): void;
  /** Adds the records that lie in front of the checkpoint's priority element on the input to the part's channel state. */
  captureOvertaken(checkpoint: number, input: number): void;
  /** Starts to store the part; `uploaded` is called when it is durable, `uploadFailed` when it never will be. */
  upload(checkpoint: number): void;
  /** Throws an unfinished part away; what an incremental backend has uploaded for the checkpoint is uploaded again. */
  discard(checkpoint: number): void;
  /** Records sent on an output, received on an input, since the beginning of the job (restored with the state). */
  sent(output: number): number;
  received(input: number): number;
  /** Message to the coordinator. */
  tell(message: string, checkpoint: number, data?: number): void;
  /** Sink: pre-commits the open transaction under this checkpoint and opens another. No effect in other tasks. */
  preCommit(checkpoint: number): void;
  /**
   * The checkpoint is complete. Sink: commits every pre-committed transaction up to it; an incremental backend uploads its
   * files never again.
   */
  commitUpTo(checkpoint: number): void;
}

/** What a task knows of its place. */
export interface TaskPlace {
  readonly task: number;
  readonly role: 'source' | 'operator' | 'sink';
  /** Channel numbers, ascending. Inputs and outputs are named by them. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly attempt: number;
}

export interface TaskHandlers<T> {
  /** The task starts, fresh or from checkpoint `restored` (0: none). */
  start(place: TaskPlace, restored: number): T;
  /** A record is about to be processed by the operator. */
  record?(state: T, place: TaskPlace, input: number, record: RecordView, fx: TaskEffects): void;
  control(state: T, place: TaskPlace, input: number, control: Control, fx: TaskEffects): void;
  /** A message of the coordinator. */
  message(state: T, place: TaskPlace, message: string, checkpoint: number, fx: TaskEffects): void;
  uploaded(state: T, place: TaskPlace, checkpoint: number, fx: TaskEffects): void;
  uploadFailed?(state: T, place: TaskPlace, checkpoint: number, fx: TaskEffects): void;
  /** A timer that this task has armed fires. */
  timer?(state: T, place: TaskPlace, name: string, fx: TaskEffects): void;
  /** Stamp for records sent now. */
  stamp?(state: T): number;
  /**
   * Footprint of a message: true when it changes nothing but what this task knows, and whatever else may happen meanwhile
   * comes to the same before and after it. A reduced search takes such a message alone. Never, unless said.
   */
  quiet?(state: T, place: TaskPlace, message: string, checkpoint: number): boolean;
}

export interface CoordinatorEffects {
  /** Message to one task. */
  tell(task: number, message: string, checkpoint: number): void;
  /**
   * Writes the completed checkpoint durably: its pointer, which parts it has, and the shared files they refer to. `stored` is
   * called when it is.
   */
  store(checkpoint: number, files?: readonly SharedFile[]): void;
  /** Deletes the parts of a checkpoint that will not be used; shared files stay. */
  discard(checkpoint: number): void;
  /** Deletes a shared file, if it is there; absent where the engine stores whole parts only. */
  deleteFile?(path: string): void;
}

export interface CoordinatorPlace {
  readonly tasks: number;
  readonly sources: readonly number[];
  /** Who starts a checkpoint, by its id in turn, where the protocol leaves it open; the sources alone by default. */
  readonly initiators: readonly (readonly number[])[];
  readonly attempt: number;
  /** By task, where some of them run in older attempts than `attempt`; absent or empty: all run in that one. */
  readonly attempts?: readonly number[];
  /** Completed checkpoints that are stored, in the order they completed. */
  readonly completed: readonly number[];
  /** The shared files of each of them, in the same order; absent where the engine stores whole parts only. */
  readonly files?: readonly (readonly SharedFile[])[];
}

/** The message was sent by a task that still runs, in the attempt it runs in. */
export function isCurrent(place: CoordinatorPlace, { from, attempt }: TaskMessage): boolean {
  return attempt === (place.attempts?.[from] ?? place.attempt);
}

/** Some tasks have restarted, from checkpoint `restored` (0: from nothing); the others go on with what they have. */
export interface RegionFailover {
  readonly restarted: readonly number[];
  readonly restored: number;
}

/** What a task told the coordinator. */
export interface TaskMessage {
  readonly from: number;
  readonly attempt: number;
  readonly name: string;
  readonly checkpoint: number;
  readonly data: number;
  /** An acknowledgement with an incremental backend: the shared files that the part refers to. */
  readonly files?: readonly FileReference[];
}

export interface SavepointRequest {
  readonly checkpoint: number;
  readonly stops: boolean;
}

export interface CoordinatorHandlers<C> {
  /**
   * `nextId` is durable: it never falls back, whatever crashes. `before` is the state of a coordinator that has lived through
   * the tasks' restart; absent at the very beginning and when it has crashed itself.
   */
  start(place: CoordinatorPlace, nextId: number, restored: number, before?: C): C;
  /** The timer or an operator asks for a checkpoint; `checkpoint` is the id it gets. */
  trigger(state: C, place: CoordinatorPlace, checkpoint: number, fx: CoordinatorEffects): void;
  /** The user asks for a savepoint, and perhaps for the job to stop behind it. Protocols without it have none. */
  savepoint?(state: C, place: CoordinatorPlace, request: SavepointRequest, fx: CoordinatorEffects): void;
  /**
   * Some regions have restarted under a coordinator that goes on: their tasks know nothing of what is pending, and are in an
   * attempt of their own. A protocol without it restarts as a whole.
   */
  failover?(state: C, place: CoordinatorPlace, failover: RegionFailover, fx: CoordinatorEffects): void;
  /** `message.attempt` is the attempt it was sent in: a zombie's is older than that of its task (`isCurrent`). */
  message(state: C, place: CoordinatorPlace, message: TaskMessage, fx: CoordinatorEffects): void;
  stored(state: C, place: CoordinatorPlace, checkpoint: number, fx: CoordinatorEffects): void;
  /** Whether the completed checkpoint was written will never be known: its files must stay, and its pointer may be there. */
  storeUnknown?(state: C, place: CoordinatorPlace, checkpoint: number, fx: CoordinatorEffects): void;
  /** The checkpoint has not completed in time. */
  expired?(state: C, place: CoordinatorPlace, checkpoint: number, fx: CoordinatorEffects): void;
  /** Checkpoints under way, ascending. */
  pending(state: C): readonly number[];
  /** Footprint of a task's message, as `TaskHandlers.quiet` is of a coordinator's. */
  quiet?(state: C, place: CoordinatorPlace, message: TaskMessage): boolean;
  /** Completed checkpoints kept at most; not said: any number. */
  readonly retains?: number;
  /** It keeps a registry of shared files: jobs to check it on draw the backend. */
  readonly registersFiles?: boolean;
}

/** What a protocol promises, per kind of sink; laws are chosen from it. */
export interface FlowPromise {
  readonly state: 'exactly-once' | 'at-least-once' | 'none';
  readonly output: Readonly<
    Record<'plain' | 'idempotent' | 'two-phase', 'exactly-once' | 'at-least-once' | 'at-most-once' | 'none'>
  >;
}

/** What the two-phase sink does at each moment. */
export interface SinkRules {
  /** `commitUpTo(n)` commits all pending transactions <= n, or only the one of n. */
  readonly commits: 'up-to' | 'exactly';
  /** Commit at pre-commit already. */
  readonly commitAtPreCommit: boolean;
  /** On restore, commit what the restored part holds as pre-committed. */
  readonly recommitOnRestore: boolean;
  /** A repeated commit of the same transaction adds its records again. */
  readonly blindRecommit: boolean;
  /** On restore, abort open transactions that the restored part does not hold. */
  readonly abortOnRestore: boolean;
  /** A failed commit is tried again, or dropped. */
  readonly onFailedCommit: 'retry' | 'drop';
  /** The commit of an aborted transaction is refused: its writer was fenced. */
  readonly fencesAborted: boolean;
  /** A restarted sink writes into a transaction of its own, or goes on with the open one of the attempt before. */
  readonly transactionIds: 'own' | 'reused';
  /** Commits of a checkpoint not above the greatest one committed are taken for repetitions and ignored. */
  readonly skipsOlderCommits: boolean;
  /** Who aborts the open transactions of a sink that rescaling has removed: a sink that is there, or nobody. */
  readonly abortsOfRemoved: 'heir' | 'nobody';
}

export const TWO_PHASE: SinkRules = {
  commits: 'up-to',
  commitAtPreCommit: false,
  recommitOnRestore: true,
  blindRecommit: false,
  abortOnRestore: true,
  onFailedCommit: 'retry',
  fencesAborted: true,
  transactionIds: 'own',
  skipsOlderCommits: false,
  abortsOfRemoved: 'heir',
};

export interface Protocol<T = unknown, C = unknown> {
  readonly name: string;
  readonly promise: FlowPromise;
  readonly needs: {
    readonly fifo: boolean;
    /** Works on graphs with cycles. */
    readonly cycles: boolean;
    /** Channels are replayable logs (Kafka): their contents survive the tasks. */
    readonly durableChannels?: boolean;
    /** Receivers of durable channels drop records whose number they have had. */
    readonly deduplicated?: boolean;
    /**
     * Snapshots are taken when a control element is delivered in its turn, and at no other moment at a task that has inputs:
     * a record that stands first in a task's only input may as well be delivered at once. Reduced searches use it.
     */
    readonly inTurn?: boolean;
    /** No checkpoint begins before restored channel state has been processed (engines.md §2.10, step 5). */
    readonly recoveryFirst?: boolean;
    /** Any set of tasks from which all can be reached may start a checkpoint; jobs to check it on draw them. */
    readonly anyInitiators?: boolean;
  };
  /** Which checkpoint a restart takes, of the completed ones and those with any part stored; the newest completed by default. 0: none. */
  readonly restore?: (completed: readonly number[], withParts: readonly number[]) => number;
  /** Deviations from the 2PC sink's rules (engines.md §2.9); mutants set them. */
  readonly sink?: Partial<SinkRules>;
  /** Deviations from the engine's own rules; mutants set them. */
  readonly engine?: Partial<EngineRules>;
  /** Messages that may get lost, e.g. completion notices (best effort, never retried). */
  readonly lossy?: readonly string[];
  readonly task: TaskHandlers<T>;
  readonly coordinator: CoordinatorHandlers<C>;
}

/** Types a protocol, and nothing else: the author's states stay checked, the world sees plain data. */
export function defineProtocol<T, C>(protocol: Protocol<T, C>): Protocol {
  return protocol;
}
