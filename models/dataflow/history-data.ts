/**
 * A history: what happened on a path, as plain data for pictures, tables and trace files. Lines are places where things
 * happen one after another, events are numbered over all lines, and messages join two events, so the happened-before order
 * can be read off. Nothing in it is prose but labels; whoever draws it needs to know no protocol.
 */

/** A place where events happen in a row: a task, the coordinator, a store, what is outside. */
export interface HistoryLine {
  readonly name: string;
  readonly role: 'coordinator' | 'source' | 'operator' | 'sink' | 'task' | 'store' | 'output' | 'log';
  /** What dies together: the container of a Samza task; the line's own name elsewhere. */
  readonly group: string;
}

export type HistoryEventKind =
  /** A source reads a record, a task reads one, a task processes several. */
  | 'emit'
  | 'receive'
  | 'process'
  /** A barrier, marker or cancellation arrives; a message of or to the coordinator does. */
  | 'control'
  | 'message'
  /** The cut goes through here. */
  | 'snapshot'
  /** A part, or a checkpoint as a whole, becomes durable; a task or coordinator hears of it; one step of a commit ends. */
  | 'stored'
  | 'complete'
  | 'heard'
  | 'step'
  /** Outputs become visible, or never will. */
  | 'visible'
  | 'aborted'
  /** Failures, and what is done about them. */
  | 'crash'
  | 'restart'
  | 'lost'
  | 'failed'
  | 'expired'
  | 'calm';

export interface HistoryEvent {
  /** 1 for the first event; no gaps. */
  readonly n: number;
  /** The action it belongs to, 1 for the first; events of one action are simultaneous. */
  readonly step: number;
  readonly line: number;
  readonly kind: HistoryEventKind;
  /** One line of text that says it all without the picture. */
  readonly label: string;
  /** Follows from another event of its step, which tells the story better. */
  readonly secondary: boolean;
  readonly checkpoint: number | null;
  readonly record: string | null;
  /** Simulated time of its place in the order, µs; null in untimed histories. */
  readonly atMicros: number | null;
  /** When what it stands for began and ended: a commit step stands where it ends, a stretch of records where it begins. */
  readonly startMicros: number | null;
  readonly endMicros: number | null;
  /** `background`: it ran beside whatever else the line did, so its time overlaps theirs. */
  readonly background: boolean;
}

export type HistoryMessageKind = 'record' | 'barrier' | 'marker' | 'control' | 'rpc' | 'upload' | 'commit';

export interface HistoryMessage {
  readonly from: number;
  /** Event that received it; null: lost, or still under way at the end. */
  readonly to: number | null;
  readonly toLine: number;
  readonly kind: HistoryMessageKind;
  readonly label: string;
  readonly checkpoint: number | null;
  readonly record: string | null;
  /** Name of the channel it travelled in and its number among the channel's records; null where there is none. */
  readonly channel: string | null;
  readonly number: number | null;
  /** Event at which it was lost; null: it was not. */
  readonly lost: number | null;
}

/** The snapshot points of one checkpoint, or of what one restart went back to. */
export interface HistoryCut {
  readonly name: string;
  readonly checkpoint: number | null;
  readonly points: readonly { readonly line: number; readonly event: number }[];
  /** Event that made it complete; null: none did. */
  readonly complete: number | null;
}

/** A stretch of one line; `to` null: until the end. */
export interface HistorySpan {
  readonly line: number;
  readonly kind: 'dead' | 'blocked';
  readonly label: string;
  readonly from: number;
  readonly to: number | null;
}

export interface HistoryAttempt {
  readonly attempt: number;
  readonly event: number;
  /** Checkpoint it began from; 0: none. */
  readonly restored: number;
}

export interface HistoryViolation {
  readonly law: string;
  readonly statement: string;
  readonly facts: Readonly<Record<string, string | number>>;
  /** Event at which it showed; null: outside what the history covers. */
  readonly event: number | null;
  /** It showed at the end of the path, where nothing was left to happen. */
  readonly atEnd: boolean;
  /** Indexes of the messages, numbers of the events, and names of the records, that the facts speak of. */
  readonly messages: readonly number[];
  readonly events: readonly number[];
  readonly records: readonly string[];
}

export interface History {
  readonly title: string;
  readonly protocol: string;
  /** Untimed histories count steps, timed ones have `atMicros` on every event. */
  readonly timed: boolean;
  readonly lines: readonly HistoryLine[];
  readonly events: readonly HistoryEvent[];
  readonly messages: readonly HistoryMessage[];
  readonly cuts: readonly HistoryCut[];
  readonly spans: readonly HistorySpan[];
  readonly attempts: readonly HistoryAttempt[];
  readonly violation: HistoryViolation | null;
  /** What was left out when it was recorded, in sentences. */
  readonly notes: readonly string[];
}
