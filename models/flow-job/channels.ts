/**
 * All channels of a job: rings of elements in one shared buffer, so that sending and delivering a record allocates nothing
 * and an idle channel costs a few integers. An element is eight words, half a cache line: of a record its source's index,
 * its number there, their hash, its number on the channel, stamp, hops left, and when it has crossed (a double, the last
 * two words); a control has CONTROL for a source and its index in the pool of controls for a number.
 *
 * Consumed records of durable channels stay behind the head until `forget`: they are the log a restart reads again.
 */
import type { Control } from '../dataflow/protocol.ts';

/** In place of a source: the element is a control. */
export const CONTROL = -1;

/** Words of an element, counted from its slot. */
export const SOURCE = 0;
export const SEQ = 1;
export const HASH = 2;
export const N = 3;
export const TAG = 4;
export const HOPS = 5;
/** When it is across, µs: an index into `times`, counted from half the slot. */
export const DUE = 3;

const WORDS = 8;
const SMALLEST_RING = 4;
/** Integers per ring: first element, size - 1, head, count. */
const RING = 4;
const MASK = 1;
const HEAD = 2;
const COUNT = 3;

export class Channels {
  /** How many records wait. */
  readonly records: Int32Array;
  /** Consumed records that are kept, and how many before them are not. */
  readonly behind: Int32Array;
  readonly forgotten: Int32Array;
  /** By element: how long before it is across the first record of the batch was, µs; empty where there are no batches. */
  spans: Float64Array = new Float64Array(0);
  readonly #hasSpans: boolean;
  words: Int32Array;
  times: Float64Array;
  readonly #rings: Int32Array;
  /** Elements allotted to rings. */
  #used: number = 0;
  /** Rings outgrown, by the binary logarithm of their size. */
  readonly #outgrown: number[][] = [];
  readonly #controls: (Control | null)[] = [];
  readonly #references: number[] = [];
  readonly #freeControls: number[] = [];

  constructor(channels: number, hasSpans: boolean = false) {
    this.#hasSpans = hasSpans;
    if (hasSpans) this.spans = new Float64Array(1024);
    this.records = new Int32Array(channels);
    this.behind = new Int32Array(channels);
    this.forgotten = new Int32Array(channels);
    const buffer = new ArrayBuffer(1024 * WORDS * 4);
    this.words = new Int32Array(buffer);
    this.times = new Float64Array(buffer);
    this.#rings = new Int32Array(channels * RING);
    for (let channel = 0; channel < channels; channel++) this.#rings[channel * RING + MASK] = -1;
  }

  /** Elements that wait. */
  count(channel: number): number {
    return this.#rings[channel * RING + COUNT]!;
  }

  /** Slot of the element at this place from the head; negative places are of records kept behind it. */
  slot(channel: number, at: number): number {
    const rings = this.#rings;
    const ring = channel * RING;
    return (rings[ring]! + ((rings[ring + HEAD]! + at) & rings[ring + MASK]!)) * WORDS;
  }

  /** Makes room at the tail and returns the slot, to be filled by the caller. */
  push(channel: number): number {
    const rings = this.#rings;
    const ring = channel * RING;
    const at = rings[ring + COUNT]!;
    if (at + this.behind[channel]! > rings[ring + MASK]!) this.#grow(channel);
    rings[ring + COUNT] = at + 1;
    return (rings[ring]! + ((rings[ring + HEAD]! + at) & rings[ring + MASK]!)) * WORDS;
  }

  /** Moves the head past its element; with `keep` it stays readable behind it. */
  pop(channel: number, keep: boolean): void {
    const rings = this.#rings;
    const ring = channel * RING;
    rings[ring + HEAD] = (rings[ring + HEAD]! + 1) & rings[ring + MASK]!;
    rings[ring + COUNT] = rings[ring + COUNT]! - 1;
    if (keep) this.behind[channel] = this.behind[channel]! + 1;
  }

  /** Takes out an element that is not the head; those before it keep their order. Not for durable channels. */
  removeAt(channel: number, at: number): void {
    for (let i = at; i > 0; i--) this.#copy(this.slot(channel, i - 1), this.slot(channel, i));
    this.pop(channel, false);
  }

  /** Moves the newest element forward to its place by time and returns that place. */
  sortTail(channel: number): number {
    let at = this.count(channel) - 1;
    while (at > 0) {
      const here = this.slot(channel, at);
      const before = this.slot(channel, at - 1);
      if (this.times[(before >> 1) + DUE]! <= this.times[(here >> 1) + DUE]!) break;
      this.#swap(before, here);
      at--;
    }
    return at;
  }

  /** Empties the channel; its log, if it has one, too. */
  clear(channel: number): void {
    const count = this.count(channel);
    for (let i = 0; i < count; i++) {
      const slot = this.slot(channel, i);
      if (this.words[slot + SOURCE] === CONTROL) this.release(this.words[slot + SEQ]!);
    }
    this.#rings[channel * RING + COUNT] = 0;
    this.records[channel] = 0;
    this.behind[channel] = 0;
  }

  /** Durable channel: what comes next is the record with this place in the log, which has not been forgotten. */
  rewind(channel: number, place: number): void {
    const rings = this.#rings;
    const ring = channel * RING;
    const behind = place - this.forgotten[channel]!;
    const all = rings[ring + COUNT]! + this.behind[channel]!;
    rings[ring + HEAD] = (rings[ring + HEAD]! - this.behind[channel]! + behind) & rings[ring + MASK]!;
    rings[ring + COUNT] = all - behind;
    this.behind[channel] = behind;
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
    const rings = this.#rings;
    const ring = channel * RING;
    const old = rings[ring + MASK]! + 1;
    const size = Math.max(SMALLEST_RING, old * 2);
    const base = this.#allot(size);
    const behind = this.behind[channel]!;
    const all = rings[ring + COUNT]! + behind;
    for (let i = 0; i < all; i++) this.#copy(this.slot(channel, i - behind), (base + i) * WORDS);
    if (old > 0) (this.#outgrown[31 - Math.clz32(old)] ??= []).push(rings[ring]!);
    rings[ring] = base;
    rings[ring + MASK] = size - 1;
    rings[ring + HEAD] = behind;
  }

  #allot(size: number): number {
    const reused = this.#outgrown[31 - Math.clz32(size)]?.pop();
    if (reused !== undefined) return reused;
    const base = this.#used;
    this.#used += size;
    if (this.#used * WORDS > this.words.length) this.#enlarge();
    return base;
  }

  #enlarge(): void {
    let length = this.words.length;
    while (length < this.#used * WORDS) length *= 2;
    const buffer = new ArrayBuffer(length * 4);
    const words = new Int32Array(buffer);
    words.set(this.words);
    this.words = words;
    this.times = new Float64Array(buffer);
    if (!this.#hasSpans) return;
    const spans = new Float64Array(length / WORDS);
    spans.set(this.spans);
    this.spans = spans;
  }

  /** How long before it is across the first record of the batch in this slot was. */
  spanOf(slot: number): number {
    return this.spans[slot / WORDS]!;
  }

  setSpan(slot: number, micros: number): void {
    this.spans[slot / WORDS] = micros;
  }

  #copy(from: number, to: number): void {
    this.words.copyWithin(to, from, from + WORDS);
    if (this.#hasSpans) this.setSpan(to, this.spanOf(from));
  }

  #swap(one: number, other: number): void {
    if (this.#hasSpans) {
      const span = this.spanOf(one);
      this.setSpan(one, this.spanOf(other));
      this.setSpan(other, span);
    }
    for (let i = 0; i < WORDS; i++) {
      const word = this.words[one + i]!;
      this.words[one + i] = this.words[other + i]!;
      this.words[other + i] = word;
    }
  }
}
