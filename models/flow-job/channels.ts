/**
 * All channels of a job: rings of elements in shared flat arrays, so that sending and delivering a record allocates
 * nothing and an idle channel costs a few integers. An element is a record (its source's index, sequence number
 * there, number on the channel, stamp, hops left) or a control, which has CONTROL for a source and its index in the pool
 * of controls for a sequence number.
 *
 * Consumed records of durable channels stay behind the head until `forget`: they are the log a restart reads again.
 */
import type { Control } from '../dataflow/protocol.ts';

/** In place of a source: the element is a control. */
export const CONTROL = -1;

const SMALLEST_RING = 4;

export class Channels {
  /** Elements waiting, and how many of them are records. */
  readonly count: Int32Array;
  readonly records: Int32Array;
  /** Consumed records that are kept. */
  readonly behind: Int32Array;
  /** Consumed records that are kept no more. */
  readonly forgotten: Int32Array;
  source: Int32Array = new Int32Array(1024);
  seq: Int32Array = new Int32Array(1024);
  n: Int32Array = new Int32Array(1024);
  tag: Int32Array = new Int32Array(1024);
  hops: Int32Array = new Int32Array(1024);
  /** When the element is across, µs. */
  due: Float64Array = new Float64Array(1024);
  readonly #base: Int32Array;
  readonly #mask: Int32Array;
  readonly #head: Int32Array;
  #used: number = 0;
  /** Rings outgrown, by the binary logarithm of their size. */
  readonly #outgrown: number[][] = [];
  readonly #controls: (Control | null)[] = [];
  readonly #references: number[] = [];
  readonly #freeControls: number[] = [];

  constructor(channels: number) {
    this.count = new Int32Array(channels);
    this.records = new Int32Array(channels);
    this.behind = new Int32Array(channels);
    this.forgotten = new Int32Array(channels);
    this.#base = new Int32Array(channels);
    this.#mask = new Int32Array(channels).fill(-1);
    this.#head = new Int32Array(channels);
  }

  /** Slot of the element at this place from the head. */
  slot(channel: number, at: number): number {
    return this.#base[channel]! + ((this.#head[channel]! + at) & this.#mask[channel]!);
  }

  /** Makes room at the tail and returns the slot, to be filled by the caller. */
  push(channel: number): number {
    if (this.count[channel]! + this.behind[channel]! > this.#mask[channel]!) this.#grow(channel);
    const at = this.count[channel]!;
    this.count[channel] = at + 1;
    return this.slot(channel, at);
  }

  /** Moves the head past its element; with `keep` it stays readable behind it. */
  pop(channel: number, keep: boolean): void {
    this.#head[channel] = (this.#head[channel]! + 1) & this.#mask[channel]!;
    this.count[channel] = this.count[channel]! - 1;
    if (keep) this.behind[channel] = this.behind[channel]! + 1;
  }

  /** Takes out an element that is not the head; those before it keep their order. Not for durable channels. */
  removeAt(channel: number, at: number): void {
    for (let i = at; i > 0; i--) this.#copy(this.slot(channel, i - 1), this.slot(channel, i));
    this.pop(channel, false);
  }

  /** Moves the newest element forward to its place by time and returns that place. */
  sortTail(channel: number): number {
    let at = this.count[channel]! - 1;
    while (at > 0) {
      const here = this.slot(channel, at);
      const before = this.slot(channel, at - 1);
      if (this.due[before]! <= this.due[here]!) break;
      this.#swap(before, here);
      at--;
    }
    return at;
  }

  /** Empties the channel; its log, if it has one, too. */
  clear(channel: number): void {
    for (let i = 0; i < this.count[channel]!; i++) {
      const slot = this.slot(channel, i);
      if (this.source[slot] === CONTROL) this.release(this.seq[slot]!);
    }
    this.count[channel] = 0;
    this.records[channel] = 0;
    this.behind[channel] = 0;
  }

  /** Durable channel: what comes next is the record with this place in the log, which has not been forgotten. */
  rewind(channel: number, place: number): void {
    const behind = place - this.forgotten[channel]!;
    const all = this.count[channel]! + this.behind[channel]!;
    this.#head[channel] = (this.#head[channel]! - this.behind[channel]! + behind) & this.#mask[channel]!;
    this.behind[channel] = behind;
    this.count[channel] = all - behind;
    this.records[channel] = all - behind;
  }

  /** Durable channel: nobody will ask for records before this place in the log again. */
  forget(channel: number, place: number): void {
    const dropped = Math.min(place - this.forgotten[channel]!, this.behind[channel]!);
    if (dropped <= 0) return;
    this.behind[channel] = this.behind[channel]! - dropped;
    this.forgotten[channel] = this.forgotten[channel]! + dropped;
  }

  /** Puts a control in the pool for `references` channels and returns its index there. */
  intern(control: Control, references: number): number {
    const index = this.#freeControls.pop() ?? this.#controls.length;
    this.#controls[index] = control;
    this.#references[index] = references;
    return index;
  }

  control(index: number): Control {
    return this.#controls[index] as Control;
  }

  /** One channel fewer holds the control. */
  release(index: number): void {
    this.#references[index]!--;
    if (this.#references[index]! > 0) return;
    this.#controls[index] = null;
    this.#freeControls.push(index);
  }

  #grow(channel: number): void {
    const old = this.#mask[channel]! + 1;
    const size = Math.max(SMALLEST_RING, old * 2);
    const base = this.#allot(size);
    const behind = this.behind[channel]!;
    const all = this.count[channel]! + behind;
    for (let i = 0; i < all; i++) this.#copy(this.slot(channel, i - behind), base + i);
    if (old > 0) (this.#outgrown[31 - Math.clz32(old)] ??= []).push(this.#base[channel]!);
    this.#base[channel] = base;
    this.#mask[channel] = size - 1;
    this.#head[channel] = behind;
  }

  #allot(size: number): number {
    const reused = this.#outgrown[31 - Math.clz32(size)]?.pop();
    if (reused !== undefined) return reused;
    const base = this.#used;
    this.#used += size;
    if (this.#used > this.due.length) this.#enlarge();
    return base;
  }

  #enlarge(): void {
    let length = this.due.length;
    while (length < this.#used) length *= 2;
    const enlarged = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.source = enlarged(this.source, new Int32Array(length));
    this.seq = enlarged(this.seq, new Int32Array(length));
    this.n = enlarged(this.n, new Int32Array(length));
    this.tag = enlarged(this.tag, new Int32Array(length));
    this.hops = enlarged(this.hops, new Int32Array(length));
    this.due = enlarged(this.due, new Float64Array(length));
  }

  #copy(from: number, to: number): void {
    this.source[to] = this.source[from]!;
    this.seq[to] = this.seq[from]!;
    this.n[to] = this.n[from]!;
    this.tag[to] = this.tag[from]!;
    this.hops[to] = this.hops[from]!;
    this.due[to] = this.due[from]!;
  }

  #swap(one: number, other: number): void {
    for (const column of [this.source, this.seq, this.n, this.tag, this.hops, this.due]) {
      const value = column[one]!;
      column[one] = column[other]!;
      column[other] = value;
    }
  }
}
