/**
 * All channels of a job. What is kept of each is one record, a cache line, in two views of one buffer; the elements that wait
 * lie in rings in one shared buffer, so that sending and delivering a record allocates nothing and an idle channel costs its
 * record. An element is eight words, half a cache line: of a record its source's index, its number there, their hash, its
 * number on the channel, stamp, hops left, and when it has crossed (a double, the last two words); a control has CONTROL for
 * a source and its index in the pool of controls for a number.
 *
 * Consumed records of durable channels stay behind the head until `forget`: they are the log a restart reads again.
 */
import type { Control } from '../dataflow/protocol.ts';
import { viewsOf } from './cache-lines.ts';
import * as layout from './channel-layout.ts';

const { CONTROL, SEQ, SOURCE, DUE } = layout;
const { CHANNEL_INTS, BASE, BEHIND, COUNT, FLAGS, HEAD, IS_BLOCKED, MASK, NEXT_READY, RECEIVED, RECORDS, SENT } =
  layout;

/** Words of an element. */
const WORDS = 8;
const SMALLEST_RING = 4;
/** What 32 bits can tell apart. */
const ELEMENTS_MAX = 2 ** 28;

export class Channels {
  /** Records of channels. */
  readonly ints: Int32Array;
  readonly reals: Float64Array;
  /** Of durable channels: consumed records that are not kept any more. */
  readonly forgotten: Int32Array;
  /** By element: how long before it is across the first record of the batch was, µs; empty where there are no batches. */
  spans: Float64Array = new Float64Array(0);
  readonly #hasSpans: boolean;
  /** Elements. */
  words: Int32Array;
  times: Float64Array;
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
    this.forgotten = new Int32Array(channels);
    const records = viewsOf(channels * CHANNEL_INTS);
    this.ints = records.ints;
    this.reals = records.reals;
    const elements = viewsOf(1024 * WORDS);
    this.words = elements.ints;
    this.times = elements.reals;
    for (let channel = 0; channel < channels; channel++) {
      this.ints[channel * CHANNEL_INTS + MASK] = -1;
      this.ints[channel * CHANNEL_INTS + NEXT_READY] = -1;
    }
  }

  /** Elements that wait. */
  count(channel: number): number {
    return this.ints[channel * CHANNEL_INTS + COUNT]!;
  }

  /** Consumed records that are kept. */
  behind(channel: number): number {
    return this.ints[channel * CHANNEL_INTS + BEHIND]!;
  }

  /** Records put on it. */
  sent(channel: number): number {
    return this.ints[channel * CHANNEL_INTS + SENT]!;
  }

  setSent(channel: number, records: number): void {
    this.ints[channel * CHANNEL_INTS + SENT] = records;
  }

  /** Records processed by its receiver. */
  received(channel: number): number {
    return this.ints[channel * CHANNEL_INTS + RECEIVED]!;
  }

  setReceived(channel: number, records: number): void {
    this.ints[channel * CHANNEL_INTS + RECEIVED] = records;
  }

  isBlocked(channel: number): boolean {
    return (this.ints[channel * CHANNEL_INTS + FLAGS]! & IS_BLOCKED) !== 0;
  }

  /** Slot of the element at this place from the head; negative places are of records kept behind it. */
  slot(channel: number, at: number): number {
    const { ints } = this;
    const record = channel * CHANNEL_INTS;
    return (ints[record + BASE]! + ((ints[record + HEAD]! + at) & ints[record + MASK]!)) << 3;
  }

  /** Makes room at the tail and returns the slot, to be filled by the caller. */
  push(channel: number): number {
    const { ints } = this;
    const at = channel * CHANNEL_INTS;
    const count = ints[at + COUNT]!;
    if (count + ints[at + BEHIND]! > ints[at + MASK]!) this.#grow(channel);
    ints[at + COUNT] = count + 1;
    return (ints[at + BASE]! + ((ints[at + HEAD]! + count) & ints[at + MASK]!)) << 3;
  }

  /** Moves the head past its element, which is gone. (`RecordPath.deliver` does this for records; those of durable channels stay.) */
  pop(channel: number): void {
    const { ints } = this;
    const at = channel * CHANNEL_INTS;
    ints[at + HEAD] = (ints[at + HEAD]! + 1) & ints[at + MASK]!;
    ints[at + COUNT] = ints[at + COUNT]! - 1;
  }

  /** Takes out an element that is not the head; those before it keep their order. Not for durable channels. */
  removeAt(channel: number, at: number): void {
    for (let i = at; i > 0; i--) this.#copy(this.slot(channel, i - 1), this.slot(channel, i));
    this.pop(channel);
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
    this.ints[channel * CHANNEL_INTS + COUNT] = 0;
    this.ints[channel * CHANNEL_INTS + RECORDS] = 0;
    this.ints[channel * CHANNEL_INTS + BEHIND] = 0;
  }

  /** Durable channel: what comes next is the record with this place in the log, which has not been forgotten. */
  rewind(channel: number, place: number): void {
    const { ints } = this;
    const at = channel * CHANNEL_INTS;
    const behind = place - this.forgotten[channel]!;
    const all = ints[at + COUNT]! + this.behind(channel);
    ints[at + HEAD] = (ints[at + HEAD]! - this.behind(channel) + behind) & ints[at + MASK]!;
    ints[at + COUNT] = all - behind;
    ints[at + BEHIND] = behind;
    ints[at + RECORDS] = all - behind;
  }

  /** Durable channel: nobody will ask for records before this place in the log again. */
  forget(channel: number, place: number): void {
    const dropped = Math.min(place - this.forgotten[channel]!, this.behind(channel));
    if (dropped <= 0) return;
    this.ints[channel * CHANNEL_INTS + BEHIND] = this.behind(channel) - dropped;
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
    const { ints } = this;
    const at = channel * CHANNEL_INTS;
    const old = ints[at + MASK]! + 1;
    const size = Math.max(SMALLEST_RING, old * 2);
    const base = this.#allot(size);
    const behind = this.behind(channel);
    const all = ints[at + COUNT]! + behind;
    for (let i = 0; i < all; i++) this.#copy(this.slot(channel, i - behind), (base + i) * WORDS);
    if (old > 0) (this.#outgrown[31 - Math.clz32(old)] ??= []).push(ints[at + BASE]!);
    ints[at + BASE] = base;
    ints[at + MASK] = size - 1;
    ints[at + HEAD] = behind;
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
    if (this.#used > ELEMENTS_MAX) throw new RangeError('a job has room for 2^28 elements in its channels');
    while (length < this.#used * WORDS) length *= 2;
    const { ints, reals } = viewsOf(length);
    ints.set(this.words);
    this.words = ints;
    this.times = reals;
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
