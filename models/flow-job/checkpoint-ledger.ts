/**
 * What becomes of each checkpoint, and how long each of its phases takes at each task. The clock of a phase is read where
 * the phase happens; nothing is recorded for a checkpoint that has ended. Its times are packed then, so that a run of many
 * checkpoints holds a few bytes for each task of each and not its columns.
 */
import type { AbortReason, FlowCheckpoint } from './outcome.ts';
import { PackedIntegers } from './packed-integers.ts';
import type { MeterRules } from './rules.ts';

/** Controls that travel with a checkpoint and are not its cut. */
const NOT_BARRIERS: readonly string[] = ['announcement', 'cancel'];

/** Of a checkpoint under way, by task; -1: not yet. */
interface Columns {
  readonly firstBarrier: Float64Array;
  readonly lastBarrier: Float64Array;
  readonly sync: Float64Array;
  readonly uploadFrom: Float64Array;
  readonly async: Float64Array;
  readonly ack: Float64Array;
}

/** What is reported of each task. */
type Times = Pick<FlowCheckpoint, 'alignment_us' | 'sync_us' | 'async_us' | 'ack_us'>;

/** A checkpoint. */
interface Entry {
  readonly checkpoint: number;
  readonly attempt: number;
  readonly triggered: number;
  status: FlowCheckpoint['status'];
  reason: AbortReason | null;
  ended: number;
  lastAck: number;
  bytes: number;
  channelBytes: number;
  /** When it has ended, where its times lie packed. */
  packed: number;
}

/** A checkpoint under way. */
interface Open {
  readonly entry: Entry;
  /** By task, the attempts whose acknowledgements count. */
  readonly attempts: readonly number[];
  readonly columns: Columns;
}

export class CheckpointLedger {
  readonly #all: Entry[] = [];
  readonly #open: Map<number, Open> = new Map();
  readonly #packed: PackedIntegers = new PackedIntegers();
  /** Of checkpoints that have ended, for the next ones. */
  readonly #spare: Columns[] = [];
  readonly #tasks: number;
  readonly #rules: MeterRules;
  readonly #isSource: readonly boolean[];
  readonly #onEnded: ((ended: FlowCheckpoint) => void) | undefined;

  /** `onEnded` takes each checkpoint that has ended: of these nothing is kept here then. */
  constructor(isSource: readonly boolean[], rules: MeterRules, onEnded?: (ended: FlowCheckpoint) => void) {
    this.#onEnded = onEnded;
    this.#tasks = isSource.length;
    this.#isSource = isSource;
    this.#rules = rules;
  }

  /** `attempts`: by task, the attempts whose acknowledgements count. */
  triggered(checkpoint: number, attempts: readonly number[], now: number): void {
    const entry: Entry = {
      checkpoint,
      // Not spread: a call has no room for the arguments of a million tasks.
      attempt: attempts.reduce((newest, attempt) => Math.max(newest, attempt), 0),
      triggered: now,
      status: 'pending',
      reason: null,
      ended: -1,
      lastAck: -1,
      bytes: 0,
      channelBytes: 0,
      packed: -1,
    };
    this.#all.push(entry);
    this.#open.set(checkpoint, { entry, attempts, columns: this.#emptyColumns() });
  }

  #emptyColumns(): Columns {
    const spare = this.#spare.pop();
    if (spare !== undefined) {
      for (const column of Object.values<Float64Array>({ ...spare })) column.fill(-1);
      return spare;
    }
    const column = (): Float64Array => new Float64Array(this.#tasks).fill(-1);
    return {
      firstBarrier: column(),
      lastBarrier: column(),
      sync: column(),
      uploadFrom: column(),
      async: column(),
      ack: column(),
    };
  }

  /** When the checkpoint was triggered; -1 for one that is not under way. */
  triggerTimeOf(checkpoint: number): number {
    return this.#open.get(checkpoint)?.entry.triggered ?? -1;
  }

  barrier(task: number, control: { readonly name: string; readonly checkpoint: number }, now: number): void {
    const columns = this.#open.get(control.checkpoint)?.columns;
    if (columns === undefined || NOT_BARRIERS.includes(control.name)) return;
    if (columns.firstBarrier[task]! < 0) columns.firstBarrier[task] = now;
    columns.lastBarrier[task] = now;
  }

  synced(task: number, checkpoint: number, micros: number): void {
    const columns = this.#open.get(checkpoint)?.columns;
    if (columns !== undefined) columns.sync[task] = micros;
  }

  /** The upload begins at `from`; what it carries counts now. */
  uploading(task: number, checkpoint: number, facts: { from: number; bytes: number; channelBytes: number }): void {
    const open = this.#open.get(checkpoint);
    if (open === undefined) return;
    open.columns.uploadFrom[task] = facts.from;
    open.entry.bytes += facts.bytes;
    open.entry.channelBytes += facts.channelBytes;
  }

  uploaded(task: number, checkpoint: number, attempt: number, now: number): void {
    const open = this.#open.get(checkpoint);
    if (open === undefined || open.attempts[task] !== attempt) return;
    open.columns.async[task] = now - open.columns.uploadFrom[task]!;
  }

  acknowledged(task: number, checkpoint: number, attempt: number, now: number): void {
    const open = this.#open.get(checkpoint);
    if (open === undefined || open.attempts[task] !== attempt || open.columns.ack[task]! >= 0) return;
    open.columns.ack[task] = now - open.entry.triggered;
    open.entry.lastAck = now;
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
    const open = this.#open.get(checkpoint);
    if (open === undefined) return;
    const { entry, columns } = open;
    entry.status = status;
    entry.reason = reason;
    entry.ended = now;
    if (this.#onEnded === undefined) {
      entry.packed = this.#packed.append(this.#alignments(open));
      for (const times of [columns.sync, columns.async, columns.ack]) this.#packed.append(times);
    } else {
      this.#all.splice(this.#all.indexOf(entry), 1);
      this.#onEnded(this.#shown(entry));
    }
    this.#open.delete(checkpoint);
    this.#spare.push(columns);
  }

  /** The checkpoints that were not taken when they ended. */
  close(): FlowCheckpoint[] {
    return this.#all.map((entry) => this.#shown(entry));
  }

  #shown(entry: Entry): FlowCheckpoint {
    return {
      checkpoint: entry.checkpoint,
      attempt: entry.attempt,
      triggered_us: entry.triggered,
      status: entry.status,
      reason: entry.reason,
      duration_us: entry.ended < 0 ? -1 : entry.ended - entry.triggered,
      acknowledged_us: entry.lastAck < 0 ? -1 : entry.lastAck - entry.triggered,
      ...this.#timesOf(entry),
      bytes: entry.bytes,
      channel_state_bytes: entry.channelBytes,
    };
  }

  #timesOf({ checkpoint, packed }: Entry): Times {
    const open = this.#open.get(checkpoint);
    if (open !== undefined) {
      const { sync, async, ack } = open.columns;
      return { alignment_us: this.#alignments(open), sync_us: [...sync], async_us: [...async], ack_us: [...ack] };
    }
    const [alignment_us, sync_us, async_us, ack_us] = this.#packed.read(packed, this.#tasks, 4);
    return { alignment_us: alignment_us!, sync_us: sync_us!, async_us: async_us!, ack_us: ack_us! };
  }

  #alignments({ entry, columns }: Open): number[] {
    return Array.from({ length: this.#tasks }, (_, task) => {
      if (this.#isSource[task]) return 0;
      const last = columns.lastBarrier[task]!;
      if (last < 0) return -1;
      return last - (this.#rules.alignmentFrom === 'trigger' ? entry.triggered : columns.firstBarrier[task]!);
    });
  }
}
