/**
 * What becomes of each checkpoint, and how long each of its phases takes at each task. The clock of a phase is read where
 * the phase happens; nothing is recorded for a checkpoint that has ended.
 */
import type { AbortReason, FlowCheckpoint } from './outcome.ts';
import type { MeterRules } from './rules.ts';

/** Controls that travel with a checkpoint and are not its cut. */
const NOT_BARRIERS: readonly string[] = ['announcement', 'cancel'];

interface Entry {
  readonly checkpoint: number;
  readonly attempts: readonly number[];
  readonly triggered: number;
  status: FlowCheckpoint['status'];
  reason: AbortReason | null;
  ended: number;
  lastAck: number;
  readonly firstBarrier: Float64Array;
  readonly lastBarrier: Float64Array;
  readonly sync: Float64Array;
  readonly uploadFrom: Float64Array;
  readonly async: Float64Array;
  readonly ack: Float64Array;
  bytes: number;
  channelBytes: number;
}

export class CheckpointLedger {
  readonly #all: Entry[] = [];
  readonly #open: Map<number, Entry> = new Map();
  readonly #tasks: number;
  readonly #rules: MeterRules;
  readonly #isSource: readonly boolean[];

  constructor(isSource: readonly boolean[], rules: MeterRules) {
    this.#tasks = isSource.length;
    this.#isSource = isSource;
    this.#rules = rules;
  }

  /** `attempts`: by task, the attempts whose acknowledgements count. */
  triggered(checkpoint: number, attempts: readonly number[], now: number): void {
    const column = (): Float64Array => new Float64Array(this.#tasks).fill(-1);
    const entry: Entry = {
      checkpoint,
      attempts,
      triggered: now,
      status: 'pending',
      reason: null,
      ended: -1,
      lastAck: -1,
      firstBarrier: column(),
      lastBarrier: column(),
      sync: column(),
      uploadFrom: column(),
      async: column(),
      ack: column(),
      bytes: 0,
      channelBytes: 0,
    };
    this.#all.push(entry);
    this.#open.set(checkpoint, entry);
  }

  /** When the checkpoint was triggered; -1 for one that is not under way. */
  triggerTimeOf(checkpoint: number): number {
    return this.#open.get(checkpoint)?.triggered ?? -1;
  }

  barrier(task: number, control: { readonly name: string; readonly checkpoint: number }, now: number): void {
    const entry = this.#open.get(control.checkpoint);
    if (entry === undefined || NOT_BARRIERS.includes(control.name)) return;
    if (entry.firstBarrier[task]! < 0) entry.firstBarrier[task] = now;
    entry.lastBarrier[task] = now;
  }

  synced(task: number, checkpoint: number, micros: number): void {
    const entry = this.#open.get(checkpoint);
    if (entry !== undefined) entry.sync[task] = micros;
  }

  /** The upload begins at `from`; what it carries counts now. */
  uploading(task: number, checkpoint: number, facts: { from: number; bytes: number; channelBytes: number }): void {
    const entry = this.#open.get(checkpoint);
    if (entry === undefined) return;
    entry.uploadFrom[task] = facts.from;
    entry.bytes += facts.bytes;
    entry.channelBytes += facts.channelBytes;
  }

  uploaded(task: number, checkpoint: number, attempt: number, now: number): void {
    const entry = this.#open.get(checkpoint);
    if (entry !== undefined && entry.attempts[task] === attempt) entry.async[task] = now - entry.uploadFrom[task]!;
  }

  acknowledged(task: number, checkpoint: number, attempt: number, now: number): void {
    const entry = this.#open.get(checkpoint);
    if (entry === undefined || entry.attempts[task] !== attempt || entry.ack[task]! >= 0) return;
    entry.ack[task] = now - entry.triggered;
    entry.lastAck = now;
  }

  completed(checkpoint: number, now: number): void {
    this.#end(checkpoint, 'completed', null, now);
  }

  /** Everything under way that is not among `pending` has just been given up; returns what that is. */
  settle(pending: readonly number[], reason: AbortReason, now: number): readonly number[] {
    const ended = [...this.#open.keys()].filter((checkpoint) => !pending.includes(checkpoint));
    for (const checkpoint of ended) this.#end(checkpoint, 'aborted', reason, now);
    return ended;
  }

  #end(checkpoint: number, status: 'completed' | 'aborted', reason: AbortReason | null, now: number): void {
    const entry = this.#open.get(checkpoint);
    if (entry === undefined) return;
    this.#open.delete(checkpoint);
    entry.status = status;
    entry.reason = reason;
    entry.ended = now;
  }

  close(): FlowCheckpoint[] {
    return this.#all.map((entry) => ({
      checkpoint: entry.checkpoint,
      // Not spread: a call has no room for the arguments of a million tasks.
      attempt: entry.attempts.reduce((newest, attempt) => Math.max(newest, attempt), 0),
      triggered_us: entry.triggered,
      status: entry.status,
      reason: entry.reason,
      duration_us: entry.ended < 0 ? -1 : entry.ended - entry.triggered,
      acknowledged_us: entry.lastAck < 0 ? -1 : entry.lastAck - entry.triggered,
      alignment_us: Array.from({ length: this.#tasks }, (_, task) => this.#alignment(entry, task)),
      sync_us: [...entry.sync],
      async_us: [...entry.async],
      ack_us: [...entry.ack],
      bytes: entry.bytes,
      channel_state_bytes: entry.channelBytes,
    }));
  }

  #alignment(entry: Entry, task: number): number {
    if (this.#isSource[task]) return 0;
    const last = entry.lastBarrier[task]!;
    if (last < 0) return -1;
    return last - (this.#rules.alignmentFrom === 'trigger' ? entry.triggered : entry.firstBarrier[task]!);
  }
}
