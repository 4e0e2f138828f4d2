// The pending events of a run, earliest first: a 4-ary implicit heap over flat typed arrays. Events are
// integer slots into the world's own tables; the order is (due time, rank, insertion), total, so equal
// times never depend on the heap's shape. Rank carries the tie policy: 0 everywhere is first in, first
// out; a drawn or chosen rank shuffles events of the same instant. Nothing allocates but the doubling.
//
// Above a few hundred pending events only those due soon are in the heap, which then fits the first cache; the others lie
// in the buckets of `far-events.ts` until their time comes near.

import { FarEvents } from './far-events.ts';

// Layout: the root is entry 3, so that the four children of entry i, from (i - 2) * 4, share one cache line of due times.
// Every unused entry is due at Infinity and there are always four, so that the least of four children needs no bound.
const ROOT = 3;
const RANK_LIMIT = 2 ** 20;
const SEQUENCE_LIMIT = 2 ** 32;
/** Entries in the heap from which on the later ones are put away. */
const SPREAD_FROM = 2048;

/** A priority queue of integer slots ordered by (due, rank, insertion order), without allocation per event. */
export class EventQueue {
  /** When the entry last popped was due, in the unit of `push`; -Infinity before the first pop. */
  poppedDue: number = -Infinity;
  /** How many pops left an entry due at the very same time at the head: the number of times the tie policy decided. */
  ties: number = 0;

  private dues: Float64Array;
  private orders: Float64Array; // rank * 2^32 + sequence, exact below 2^52
  private slots: Int32Array;
  private end: number = ROOT; // one past the last entry
  private sequence: number = 0;
  private readonly far: FarEvents = new FarEvents();
  /** Entries due from here on are put away; Infinity while all are in the heap. */
  private farFrom: number = Infinity;
  private readonly spreadLeast: number;
  /** Entries in the heap from which on the next attempt is made. */
  private spreadFrom: number;
  private readonly receive = (due: number, order: number, slot: number): void => this.insert(due, order, slot);

  /**
   * Makes an empty queue with room for `capacity` entries before it first grows; with more than `spreadFrom` pending, the
   * later ones leave the heap.
   */
  constructor(capacity: number = 1024, spreadFrom: number = SPREAD_FROM) {
    this.spreadLeast = spreadFrom;
    this.spreadFrom = spreadFrom;
    const length = ROOT + capacity + 4;
    this.dues = new Float64Array(length).fill(Infinity);
    this.orders = new Float64Array(length);
    this.slots = new Int32Array(length);
  }

  /** How many entries are pending. */
  get size(): number {
    return this.end - ROOT + this.far.size;
  }

  /** Adds a slot (a 32-bit integer from 0), due at a finite time, with an integer rank in [0, 2^20): the lower rank goes first among equal times. */
  push(due: number, rank: number, slot: number): void {
    if (!(due < Infinity && due > -Infinity)) throw new RangeError(`an event must be due at a finite time, not ${due}`);
    if (rank >>> 0 !== rank || rank >= RANK_LIMIT)
      throw new RangeError(`a rank must be a whole number in [0, 2^20), not ${rank}`);
    if (this.sequence === SEQUENCE_LIMIT)
      throw new Error('event queue: 2^32 pushes without clear(), insertion order is used up');
    const order = rank * SEQUENCE_LIMIT + this.sequence++;
    if (due >= this.farFrom) {
      this.far.put(due, order, slot);
      return;
    }
    this.insert(due, order, slot);
    if (this.end - ROOT > this.spreadFrom && this.farFrom === Infinity) this.spread();
  }

  /** Puts an entry into the heap. */
  private insert(due: number, order: number, slot: number): void {
    if (this.end + 4 >= this.dues.length) this.grow();
    const { dues, orders, slots } = this;
    let hole = this.end++;
    while (hole > ROOT) {
      const parent = (hole >> 2) + 2;
      const parentDue = dues[parent]!;
      if (parentDue < due || (parentDue === due && orders[parent]! < order)) break;
      dues[hole] = parentDue;
      orders[hole] = orders[parent]!;
      slots[hole] = slots[parent]!;
      hole = parent;
    }
    dues[hole] = due;
    orders[hole] = order;
    slots[hole] = slot;
  }

  /** When the head is due; Infinity if nothing is pending. */
  peekDue(): number {
    return this.dues[ROOT]!;
  }

  /** Removes the head and returns its slot, leaving its time in `poppedDue`; -1 if nothing is pending. */
  pop(): number {
    if (this.end === ROOT) return -1;
    const { dues, slots } = this;
    const slot = slots[ROOT]!;
    const due = dues[ROOT]!;
    const last = --this.end;
    const lastDue = dues[last]!;
    dues[last] = Infinity;
    if (last > ROOT) this.sink(ROOT, lastDue, this.orders[last]!, slots[last]!);
    else if (this.farFrom < Infinity) this.bringNear();
    if (this.dues[ROOT] === due) this.ties++;
    this.poppedDue = due;
    return slot;
  }

  /** Drops the entries whose slot `keep` refuses, in time proportional to the size; the others keep their order. */
  filter(keep: (slot: number) => boolean): void {
    this.far.takeAll(this.receive);
    this.farFrom = Infinity;
    const { dues, orders, slots, end } = this;
    let kept = ROOT;
    for (let i = ROOT; i < end; i++) {
      if (!keep(slots[i]!)) continue;
      dues[kept] = dues[i]!;
      orders[kept] = orders[i]!;
      slots[kept] = slots[i]!;
      kept++;
    }
    dues.fill(Infinity, kept, end);
    this.end = kept;
    const lastParent = ((kept - 1) >> 2) + 2;
    for (let i = lastParent; i >= ROOT; i--) {
      if (i < kept) this.sink(i, dues[i]!, orders[i]!, slots[i]!);
    }
  }

  /** Calls `visit` for every pending entry, in an order that depends on the pushes and pops so far and is not the order of time. */
  forEach(visit: (slot: number, due: number) => void): void {
    for (let i = ROOT; i < this.end; i++) visit(this.slots[i]!, this.dues[i]!);
    this.far.forEach(visit);
  }

  /** Returns the queue to its first state, tie count and insertion counter included, keeping its memory. */
  clear(): void {
    this.dues.fill(Infinity, ROOT, this.end);
    this.far.clear();
    this.farFrom = Infinity;
    this.spreadFrom = this.spreadLeast;
    this.end = ROOT;
    this.sequence = 0;
    this.ties = 0;
    this.poppedDue = -Infinity;
  }

  /** Puts everything away but what is due soonest. */
  private spread(): void {
    const { dues, orders, slots, end } = this;
    for (let i = ROOT; i < end; i++) this.far.put(dues[i]!, orders[i]!, slots[i]!);
    dues.fill(Infinity, ROOT, end);
    this.end = ROOT;
    this.bringNear();
    // Where one instant holds them all, nothing was gained: the next attempt waits until there are twice as many.
    this.spreadFrom = Math.max(this.spreadLeast, (this.end - ROOT) * 2);
  }

  /** Moves the entries that are due next into the heap, which is empty; all of them when they have become few. */
  private bringNear(): void {
    if (this.far.size * 2 < this.spreadLeast) {
      this.far.takeAll(this.receive);
      this.farFrom = Infinity;
      return;
    }
    this.far.takeNext(this.receive);
    this.farFrom = this.far.nearEnd;
  }

  /** Puts an entry where it belongs at or below `hole`, lifting the least child of each level into the hole on the way. */
  private sink(hole: number, due: number, order: number, slot: number): void {
    const { dues, orders, slots, end } = this;
    for (;;) {
      const first = (hole - 2) << 2;
      if (first >= end) break;
      const left = first + precedes(dues[first + 1]!, orders[first + 1]!, dues[first]!, orders[first]!);
      const right = first + 2 + precedes(dues[first + 3]!, orders[first + 3]!, dues[first + 2]!, orders[first + 2]!);
      const leftDue = dues[left]!;
      const rightDue = dues[right]!;
      const least = left + (right - left) * precedes(rightDue, orders[right]!, leftDue, orders[left]!);
      const leastDue = dues[least]!;
      if (leastDue > due || (leastDue === due && orders[least]! > order)) break;
      dues[hole] = leastDue;
      orders[hole] = orders[least]!;
      slots[hole] = slots[least]!;
      hole = least;
    }
    dues[hole] = due;
    orders[hole] = order;
    slots[hole] = slot;
  }

  private grow(): void {
    const length = this.dues.length * 2;
    const dues = new Float64Array(length).fill(Infinity);
    const orders = new Float64Array(length);
    const slots = new Int32Array(length);
    dues.set(this.dues);
    orders.set(this.orders);
    slots.set(this.slots);
    this.dues = dues;
    this.orders = orders;
    this.slots = slots;
  }
}

/**
 * 1 if key a goes before key b, else 0, without a branch: which child is least is a coin toss that a processor cannot predict,
 * and || or ?: in its place halves the speed of the whole queue (test/bench/queue.bench.ts).
 */
function precedes(dueA: number, orderA: number, dueB: number, orderB: number): number {
  return Number(dueA < dueB) | (Number(dueA === dueB) & Number(orderA < orderB));
}
