/**
 * What checkpoints have written and what of it is kept: a full snapshot every so often and the increments behind it. Three
 * answers to "how much space": the last n checkpoints with what they rest on, everything of the last while, and what is being
 * written. Integrals over time, exact.
 */
import { IntegerSum, portableExp } from '../../sim/index.ts';
import type { Delta, Measure, Snapshot } from './plan.ts';

const COMPACT_FROM = 1024;

export class SnapshotFiles {
  /** Bytes that a restore of the newest completed checkpoint reads. */
  chainBytes: number = 0;
  readonly writtenBytes: IntegerSum = new IntegerSum();
  readonly #snapshot: Snapshot;
  readonly #measure: Measure;
  /** One per completed checkpoint; those from #head on are kept for a restore, those from #historyHead on as history. */
  #bytes: number[] = [];
  #doneAt: number[] = [];
  #head: number = 0;
  #historyHead: number = 0;
  /** Places of full ones from #head on. */
  #fulls: number[] = [];
  #keptBytes: number = 0;
  #since: number = 0;
  readonly #kept: IntegerSum = new IntegerSum();
  readonly #history: IntegerSum = new IntegerSum();
  readonly #uploading: IntegerSum = new IntegerSum();

  constructor(snapshot: Snapshot, measure: Measure) {
    this.#snapshot = snapshot;
    this.#measure = measure;
  }

  /** Whether the next checkpoint is a full one. */
  get isNextFull(): boolean {
    if (this.#snapshot.kind !== 'chain') return true;
    const newestFull = this.#fulls.at(-1);
    return newestFull === undefined || this.#bytes.length - newestFull >= this.#snapshot.length;
  }

  /** Bytes of a checkpoint triggered `sinceMicros` of processed input after what the newest completed one covers. */
  bytesOfNext(sinceMicros: number): number {
    const snapshot = this.#snapshot;
    switch (snapshot.kind) {
      case 'full':
        return snapshot.stateBytes;
      case 'chain':
        return this.isNextFull ? snapshot.stateBytes : deltaBytes(snapshot.delta, snapshot.stateBytes, sinceMicros);
      case 'changelog':
        return Math.round((snapshot.logBytesPerSecond / 1e6) * sinceMicros);
    }
  }

  /** A checkpoint is durable at `now`, `duration` after its trigger. */
  add(now: number, bytes: number, duration: number): void {
    const isFull = this.isNextFull;
    this.#settle(now);
    this.writtenBytes.add(bytes);
    this.#uploading.addProduct(bytes, duration);
    this.#history.addProduct(bytes, this.#measure.historyMicros);
    if (isFull) this.#fulls.push(this.#bytes.length);
    this.chainBytes = isFull ? bytes : this.chainBytes + bytes;
    this.#bytes.push(bytes);
    this.#doneAt.push(now);
    this.#keptBytes += bytes;
    this.#drop(now);
  }

  /** Means over a run that ends at `now`. */
  means(now: number): { readonly retained: number; readonly history: number; readonly uploading: number } {
    this.#settle(now);
    // What was counted in advance of what is younger than the history kept.
    const ahead = new IntegerSum();
    for (let i = this.#historyHead; i < this.#bytes.length; i++) {
      ahead.addProduct(this.#bytes[i]!, Math.max(0, this.#doneAt[i]! + this.#measure.historyMicros - now));
    }
    return {
      retained: this.#kept.toNumber() / now,
      history: Number(this.#history.toBigInt() - ahead.toBigInt()) / now,
      uploading: this.#uploading.toNumber() / now,
    };
  }

  #settle(now: number): void {
    this.#kept.addProduct(this.#keptBytes, now - this.#since);
    this.#since = now;
  }

  /** Lets go of files that no retained checkpoint rests on, and forgets those older than the history. */
  #drop(now: number): void {
    const oldest = this.#bytes.length - this.#measure.retainedSnapshots;
    while (this.#fulls.length > 1 && this.#fulls[1]! <= oldest) {
      this.#fulls.shift();
      for (; this.#head < this.#fulls[0]!; this.#head++) this.#keptBytes -= this.#bytes[this.#head]!;
    }
    while (
      this.#historyHead < this.#doneAt.length &&
      this.#doneAt[this.#historyHead]! + this.#measure.historyMicros <= now
    ) {
      this.#historyHead++;
    }
    const free = Math.min(this.#head, this.#historyHead);
    if (free < COMPACT_FROM) return;
    this.#bytes = this.#bytes.slice(free);
    this.#doneAt = this.#doneAt.slice(free);
    this.#fulls = this.#fulls.map((place) => place - free);
    this.#head -= free;
    this.#historyHead -= free;
  }
}

/** Bytes of an increment that covers so much processed input, µs. */
export function deltaBytes(delta: Delta, stateBytes: number, sinceMicros: number): number {
  if (delta.kind === 'constant') return delta.bytes;
  const touched = ((delta.updatesPerSecond / 1e6) * sinceMicros * delta.entryBytes) / stateBytes;
  return Math.round(stateBytes * (1 - portableExp(-touched)));
}
