// Length: one class, because heap, buckets and records are read together on every event and a call between them is what costs.
//
// The pending events of a run, earliest first. Events are integer slots into the world's own tables; the order is (due time,
// rank, insertion), total, so equal times never depend on how they are stored. Rank carries the tie policy: 0 everywhere is
// first in, first out; a drawn or chosen rank shuffles events of the same instant.
//
// A few dozen events are kept in a heap. With more, time is cut into buckets of equal width, made so narrow that most which
// hold any event hold one: an event is put into its bucket unsorted, in constant time, a bit says that the bucket holds
// something, and when its turn comes its one or few events are sorted. There are so few buckets that their heads fit the first
// cache, or nearly; what comes after them is kept by the span of half of them, in spans that are poured out when their turn is next, and
// what is due after all spans waits in one more list. What is posted for the bucket whose turn it is goes in front of the
// sorted run when it is due before all of it, as what is due at once is, and else, like a crowd, into the heap, which is always
// right and never slow. So the head of the queue is the earlier of the run's first and the heap's first. The width of buckets
// follows the number of events and how near they are.
//
// Buckets and run are chains through the slots' records, 48 bytes each, of which 32 are the owner's: what an event says lies
// beside when it is due, so that with a million pending an event costs one miss of the cache and not one for each table; and
// pouring out a span fetches its records side by side. Nothing is allocated but when tables double.
import { NearHeap } from './near-heap.ts';
import { SlotLists } from './slot-lists.ts';

// Fewer bytecodes than through Math, and V8 inlines by their number.
const clz32 = Math.clz32;
const floor = Math.floor;
const RANK_LIMIT = 2 ** 20;
const SEQUENCE_LIMIT = 2 ** 32;
/**
 * Looked at when a bucket gets its turn and not at each push: what is pushed into later buckets in between stays pending, and no
 * array holds records for the 2^30 slots that are left.
 */
const PUSHES_MAX = 3 * 2 ** 30;
/** Events in the heap from which on the calendar is used. */
const SPREAD_FROM = 64;
/** Events a bucket is made for: of those that hold any, most hold one, and nothing is left to be sorted. */
const PER_BUCKET = 0.5;
/** Their heads are 32 KiB. */
const BUCKETS_MAX = 2 ** 13;
/** Of so many events the records do not fit the second cache: then only those in these buckets shall be in it. */
const MANY = 2 ** 14;
const BUCKETS_OF_MANY = 2 ** 11;
/** The same when what is poured out is announced: what is fetched for so few events stays at hand until their turns. */
const BUCKETS_ANNOUNCED = 2 ** 8;
/** Buckets, of which a word of bits tells which hold something; spans are whole words. */
const WORD = 32;
const SPANS_MAX = 2 ** 16;
/** What pouring a span costs beside its events, in pops. */
const POUR_COST = 16;
/** Steps that sorting a bucket may take; the rest of a crowd goes into the heap. */
const SORT_STEPS = 64;
/** Its inverse is a number still. */
const WIDTH_LEAST = 2 ** -1000;
/** How many due times tell how near the events are. */
const SAMPLE = 1024;
// Constants are not exported by the names they are used by here: an engine reads an exported one from memory every time.
const REALS = 6;
const INTS = 12;
/** Lengths of a slot's record in its two views. */
export const RECORD_REALS: number = REALS;
export const RECORD_INTS: number = INTS;
/** A record begins with when it is due and two integers; from here on it is the owner's: two reals, then four integers. */
export const OWN_REALS = 2;
export const OWN_INTS = 8;
const SEQUENCE = 2;
const LINK = 3;
const LAST = INTS - 1;
/** For the loop of `runTimed`: where a slot's record says which slot is behind it in its chain. */
export const RECORD_LINK: number = LINK;

/** A priority queue of integer slots ordered by (due, rank, insertion order), without allocation per event. */
export class EventQueue {
  /** When the entry last popped was due, in the unit of `push`; -Infinity before the first pop. */
  poppedDue: number = -Infinity;
  /** How many pops left an entry due at the very same time at the head: the number of times the tie policy decided. */
  ties: number = 0;

  /** The records, by slot: two views of one buffer, which a push of a higher slot than any before may exchange. */
  reals: Float64Array;
  ints: Int32Array;

  /** What is due soonest. Public, as `run`, `runDue`, `popped` and `advance` are, for the loop of `runTimed`, which pops by itself. */
  readonly heap: NearHeap;
  /** Ranks by slot, from the first that is not 0 on. */
  private ranks: Int32Array | null = null;
  private sequence: number = 0;
  /** How many entries have left the queue, popped or filtered out. */
  popped: number = 0;

  /** The bucket whose turn it is, in order of time: first slot of a chain, -1 for none, and when that one is due. */
  run: number = -1;
  runDue: number = Infinity;
  /** An event belongs to bucket floor(due * scale); 0 puts all into bucket 0, whose turn it is: no calendar. */
  private scale: number = 0;
  private turn: number = 0;
  /** The buckets up to `bucketEnd`, by number modulo their count: first slot of each chain, or -1. */
  private heads: Int32Array = new Int32Array(1).fill(-1);
  /** A bit for each bucket that holds something: the next one is found without looking at the empty ones. */
  private filled: Int32Array = new Int32Array(1);
  private bucketMask: number = 0;
  private bucketEnd: number = 0;
  /** Spans of `half` buckets each, from `bucketEnd` to `spanEnd`, by number modulo their count; behind them, what is later. */
  private readonly later: SlotLists = new SlotLists();
  private half: number = 1;
  private spanMask: number = 0;
  private spanEnd: number = 0;
  /** When this bucket's turn comes, the next span is poured into the buckets, half of which are behind then. */
  private pourAt: number = 0;
  /** When this span is poured, what is later than the spans is looked through: half of them are ahead then. */
  private lookAt: number = 0;
  /** Pops before the last pouring. */
  private poppedAtPour: number = 0;
  /** A new calendar takes as long as there are entries: it is made for an uneven span when this much was done since the last. */
  private unevenFor: number = 0;
  /** Nothing but a use for what was read to have it at hand. */
  protected fetched: number = 0;
  private onPoured: ((slots: Int32Array) => number) | null = null;
  /** The calendar is made anew outside these sizes. */
  private sizeLow: number = 0;
  private sizeHigh: number = Infinity;
  private readonly spreadLeast: number;
  /** Entries in the heap from which on a calendar is tried. */
  private spreadFrom: number;

  /**
   * Makes an empty queue with room for slots below `capacity` before it first grows; with more than `spreadFrom` pending, the
   * later ones leave the heap.
   */
  constructor(capacity: number = 1024, spreadFrom: number = SPREAD_FROM) {
    this.spreadLeast = spreadFrom;
    this.spreadFrom = spreadFrom;
    this.heap = new NearHeap(spreadFrom);
    this.reals = new Float64Array(Math.max(1, capacity) * REALS);
    this.ints = new Int32Array(this.reals.buffer);
  }

  /**
   * Calls `onPoured`, once there are many entries, with most of them some hundred pops before their turns, span by span; the
   * slots are good during the call, and what it returns is of no account.
   */
  announce(onPoured: (slots: Int32Array) => number): void {
    this.onPoured = onPoured;
  }

  /** How many entries are pending. */
  get size(): number {
    return this.sequence - this.popped;
  }

  /**
   * Adds a slot (an integer from 0 that is not pending), due at a finite time, with an integer rank in [0, 2^20): the lower
   * rank goes first among equal times.
   */
  push(due: number, rank: number, slot: number): void {
    if (rank !== 0 || this.ranks !== null) this.setRank(rank, slot);
    if (slot * REALS >= this.reals.length) this.reserve(slot + 1);
    this.add(due, slot);
  }

  /** The same for a slot that there is room for, in a queue without ranks or with the slot's rank set. */
  add(due: number, slot: number): void {
    const { sequence, ints } = this;
    this.sequence = sequence + 1;
    this.reals[slot * REALS] = due;
    ints[slot * INTS + SEQUENCE] = sequence;
    const bucket = floor(due * this.scale);
    if (bucket > this.turn && bucket < this.bucketEnd) {
      const at = bucket & this.bucketMask;
      const { heads } = this;
      ints[slot * INTS + LINK] = heads[at]!;
      heads[at] = slot;
      this.filled[at >> 5]! |= 1 << at;
    } else this.addElsewhere(bucket, slot);
  }

  /** What belongs into no bucket: it is due before their turn comes, or behind them all, or at no time. */
  private addElsewhere(bucket: number, slot: number): void {
    const due = this.reals[slot * REALS]!;
    if (!(due > -Infinity && due < Infinity) || this.sequence > PUSHES_MAX) this.refuse(due);
    if (bucket > this.turn) {
      this.putLater(bucket, slot);
      return;
    }
    if (due < this.runDue) {
      this.ints[slot * INTS + LINK] = this.run;
      this.run = slot;
      this.runDue = due;
    } else this.insert(slot);
    if (this.scale === 0 && this.size > this.spreadFrom) this.spread();
  }

  /** When the head is due; Infinity if nothing is pending. */
  peekDue(): number {
    const { runDue } = this;
    const { firstDue } = this.heap;
    return runDue < firstDue ? runDue : firstDue;
  }

  /** Removes the head and returns its slot, leaving its time in `poppedDue`; -1 if nothing is pending. */
  pop(): number {
    const { heap, run, runDue } = this;
    const { firstDue } = heap;
    if (runDue < firstDue || (runDue === firstDue && run >= 0 && this.orderOf(run) < heap.firstOrder))
      return this.popRun();
    return this.popHeap();
  }

  /** Removes the head, which is the run's first. */
  private popRun(): number {
    const { run, runDue } = this;
    this.popped++;
    this.poppedDue = runDue;
    const next = this.ints[run * INTS + LINK]!;
    this.run = next;
    if (next >= 0) this.runDue = this.reals[next * REALS]!;
    else {
      this.runDue = Infinity;
      if (this.heap.firstDue === Infinity) this.advance();
    }
    if (this.runDue === runDue || this.heap.firstDue === runDue) this.ties++;
    return run;
  }

  /** Removes the head, which is the heap's first; -1 if nothing is pending. */
  private popHeap(): number {
    const { heap } = this;
    if (heap.size === 0) return -1;
    const due = heap.firstDue;
    const slot = heap.removeFirst();
    this.popped++;
    this.poppedDue = due;
    if (this.scale !== 0 && this.peekDue() === Infinity) this.advance();
    if (this.peekDue() === due) this.ties++;
    return slot;
  }

  /** When the slot is, or last was, due. */
  dueOf(slot: number): number {
    return this.reals[slot * REALS]!;
  }

  /** The how-manieth push put the slot here, from 0: no other slot has the same number until `clear`. */
  sequenceOf(slot: number): number {
    return this.ints[slot * INTS + SEQUENCE]! >>> 0;
  }

  /** Drops the entries whose slot `keep` refuses, in time proportional to the size; the others keep their order. */
  filter(keep: (slot: number) => boolean): void {
    this.heap.filter(keep);
    const kept: number[] = [];
    this.eachFar((slot) => {
      if (keep(slot)) kept.push(slot);
    });
    this.withoutCalendar();
    for (const slot of kept) this.insert(slot);
    this.popped = this.sequence - this.heap.size;
  }

  /** Calls `visit` for every pending entry, in an order that depends on the pushes and pops so far and is not the order of time. */
  forEach(visit: (slot: number, due: number) => void): void {
    const each = (slot: number): void => visit(slot, this.dueOf(slot));
    this.heap.forEach(each);
    this.eachFar(each);
  }

  /** Returns the queue to its first state, tie count and insertion counter included, keeping its memory. */
  clear(): void {
    this.heap.clear();
    this.withoutCalendar();
    this.ranks = null;
    this.spreadFrom = this.spreadLeast;
    this.sequence = 0;
    this.popped = 0;
    this.ties = 0;
    this.poppedDue = -Infinity;
  }

  private orderOf(slot: number): number {
    const rank = this.ranks === null ? 0 : this.ranks[slot]!;
    return rank * SEQUENCE_LIMIT + (this.ints[slot * INTS + SEQUENCE]! >>> 0);
  }

  private insert(slot: number): void {
    this.heap.insert(this.dueOf(slot), this.orderOf(slot), slot);
  }

  /** Puts a slot whose due time is known into a bucket whose turn has not come, or behind them all. */
  private putFar(slot: number): void {
    const bucket = floor(this.reals[slot * REALS]! * this.scale);
    if (bucket >= this.bucketEnd) {
      this.putLater(bucket, slot);
      return;
    }
    const at = bucket & this.bucketMask;
    this.ints[slot * INTS + LINK] = this.heads[at]!;
    this.heads[at] = slot;
    this.filled[at >> 5]! |= 1 << at;
  }

  private putLater(bucket: number, slot: number): void {
    const span = floor(bucket / this.half);
    this.later.add(span < this.spanEnd ? span & this.spanMask : this.spanMask + 1, slot);
  }

  /** Gives the next bucket that holds anything its turn. Run and heap must be empty. */
  advance(): void {
    if (this.scale === 0) return;
    if (this.sequence > PUSHES_MAX) throw usedUp();
    if (this.size < this.sizeLow || this.size > this.sizeHigh) {
      this.spread();
      return;
    }
    const { heads, filled, bucketMask } = this;
    let next = this.turn + 1;
    for (;;) {
      if (next >= this.pourAt) {
        this.turn = next - 1;
        if (!this.pour()) return;
      }
      const from = next & bucketMask;
      const word = filled[from >> 5]! >>> from;
      if (word === 0) {
        next += WORD - (from & (WORD - 1));
        continue;
      }
      const skipped = WORD - 1 - clz32(word & -word);
      const at = from + skipped;
      filled[at >> 5]! ^= 1 << at;
      const head = heads[at]!;
      heads[at] = -1;
      this.turn = next + skipped;
      this.sort(head);
      return;
    }
  }

  /** Makes the run of a bucket's chain. */
  private sort(head: number): void {
    const { reals, ints } = this;
    if (ints[head * INTS + LINK]! < 0) {
      this.run = head;
      this.runDue = reals[head * REALS]!;
      return;
    }
    // Of equal times the last to come stands first in the chain, so that a crowd at one instant is sorted without a step.
    let run = head;
    let from = ints[head * INTS + LINK]!;
    ints[head * INTS + LINK] = -1;
    let steps = 0;
    while (from >= 0 && steps < SORT_STEPS) {
      const slot = from;
      const link = slot * INTS + LINK;
      from = ints[link]!;
      const due = reals[slot * REALS]!;
      let before = -1;
      let after = run;
      while (after >= 0) {
        const afterDue = reals[after * REALS]!;
        if (due < afterDue || (due === afterDue && this.orderOf(slot) < this.orderOf(after))) break;
        before = after;
        after = ints[after * INTS + LINK]!;
        steps++;
      }
      ints[link] = after;
      if (before < 0) run = slot;
      else ints[before * INTS + LINK] = slot;
    }
    while (from >= 0) {
      this.insert(from);
      from = ints[from * INTS + LINK]!;
    }
    this.run = run;
    this.runDue = reals[run * REALS]!;
  }

  /** Pours the next span into the buckets; false when it made a new calendar instead. */
  private pour(): boolean {
    const { popped } = this;
    const taken = popped - this.poppedAtPour;
    this.unevenFor -= POUR_COST + (this.poppedAtPour >= 0 ? taken : 0);
    const isUneven = taken > this.half * PER_BUCKET * 4 || taken * 16 < this.half;
    if ((isUneven && this.poppedAtPour >= 0 && this.unevenFor <= 0) || this.size === 0) {
      this.spread();
      return false;
    }
    this.poppedAtPour = popped;
    const span = this.bucketEnd / this.half;
    this.pourAt += this.half;
    this.bucketEnd += this.half;
    this.spanEnd++;
    const slots = this.later.take(span & this.spanMask);
    this.putAll(slots);
    if (this.onPoured !== null) this.fetched ^= this.onPoured(slots);
    if (span >= this.lookAt) {
      this.lookAt = span + ((this.spanMask + 1) >> 1);
      this.putAll(this.later.take(this.spanMask + 1));
    }
    return true;
  }

  private putAll(slots: Int32Array): void {
    const { ints } = this;
    let ends = 0;
    // Half of the records lie across two lines of the cache. Read before anything hangs on them, all are fetched at once.
    for (let i = 0; i < slots.length; i++) ends ^= ints[slots[i]! * INTS]! ^ ints[slots[i]! * INTS + LAST]!;
    for (let i = 0; i < slots.length; i++) this.putFar(slots[i]!);
    this.fetched = ends;
  }

  /** Makes the calendar anew for everything that is pending; none when too few are, or all are due at one instant. */
  private spread(): void {
    const all = new Int32Array(this.size);
    let count = 0;
    this.forEach((slot) => (all[count++] = slot));
    this.heap.clear();
    this.withoutCalendar();
    const [low, width] = this.size < this.spreadLeast ? [0, 0] : this.widthFor(all);
    if (!(width > 0)) {
      for (const slot of all) this.insert(slot);
      // Where one instant holds them all, nothing was gained: the next attempt waits until there are twice as many.
      this.spreadFrom = Math.max(this.spreadLeast, this.size * 2);
      return;
    }
    const most = this.onPoured !== null ? BUCKETS_ANNOUNCED : this.size > MANY ? BUCKETS_OF_MANY : BUCKETS_MAX;
    const buckets = powerOfTwoFrom(8 * this.size, 2 * WORD, most);
    if (this.heads.length !== buckets) {
      this.heads = new Int32Array(buckets).fill(-1);
      this.filled = new Int32Array(buckets / WORD);
    }
    this.bucketMask = buckets - 1;
    this.half = buckets >> 1;
    const spans = powerOfTwoFrom((4 * this.size) / (this.half * PER_BUCKET), 4, SPANS_MAX);
    this.later.reset(spans + 1);
    this.spanMask = spans - 1;
    this.scale = 1 / width;
    this.turn = floor(low * this.scale) - 1;
    const span = floor(this.turn / this.half);
    this.pourAt = (span + 1) * this.half;
    this.bucketEnd = this.pourAt + this.half;
    this.spanEnd = span + 2 + spans;
    this.lookAt = span + 2 + (spans >> 1);
    // The first span began before the first event.
    this.poppedAtPour = -Infinity;
    this.unevenFor = this.size;
    this.sizeLow = this.size >> 2;
    this.sizeHigh = this.size * 4;
    this.putAll(all);
    this.advance();
  }

  /** When the first of these is due, and the width of a bucket for the near ones; 0 when all are due at one instant. */
  private widthFor(all: Int32Array): readonly [low: number, width: number] {
    let [low, high] = [Infinity, -Infinity];
    const every = Math.max(1, floor(all.length / SAMPLE));
    const sample = new Float64Array(Math.ceil(all.length / every));
    for (let i = 0; i < all.length; i++) {
      const due = this.dueOf(all[i]!);
      if (due < low) low = due;
      if (due > high) high = due;
      if (i % every === 0) sample[i / every] = due;
    }
    sample.sort();
    // The densest of the nearest sixteenth, eighth, ..., all: what lies far away in a crowd does not make the buckets wide.
    let width = (PER_BUCKET * (high - low)) / all.length;
    for (let share = 2; share <= 16; share *= 2) {
      const reach = sample[floor(sample.length / share)]! - low;
      if (reach > 0) width = Math.min(width, (PER_BUCKET * reach * share) / all.length);
    }
    return [low, width > 0 ? Math.max(width, Math.abs(low) * 2 ** -40, WIDTH_LEAST) : 0];
  }

  private withoutCalendar(): void {
    this.heads.fill(-1);
    this.filled.fill(0);
    this.later.reset(0);
    this.run = -1;
    this.runDue = Infinity;
    this.scale = 0;
    this.turn = 0;
  }

  /** Calls `visit` for each slot that is not in the heap. */
  private eachFar(visit: (slot: number) => void): void {
    this.eachOf(this.run, visit);
    for (const head of this.heads) this.eachOf(head, visit);
    this.later.forEach(visit);
  }

  /** Calls `visit` for each slot of a chain; the visitor may link the slot elsewhere. */
  private eachOf(head: number, visit: (slot: number) => void): void {
    let slot = head;
    while (slot >= 0) {
      const next = this.ints[slot * INTS + LINK]!;
      visit(slot);
      slot = next;
    }
  }

  /** From the first rank that is not 0 on, ranks are kept. */
  private setRank(rank: number, slot: number): void {
    if (rank >>> 0 !== rank || rank >= RANK_LIMIT)
      throw new RangeError(`a rank must be a whole number in [0, 2^20), not ${rank}`);
    this.ranks ??= new Int32Array(this.reals.length / REALS);
    if (slot >= this.ranks.length) this.reserve(slot + 1);
    this.ranks[slot] = rank;
  }

  /** The push under way counts for nothing. */
  private refuse(due: number): never {
    this.sequence--;
    if (!Number.isFinite(due)) throw new RangeError(`an event must be due at a finite time, not ${due}`);
    throw usedUp();
  }

  /** Makes room for at least so many slots. */
  reserve(least: number): void {
    const slots = Math.max(least, (this.reals.length / REALS) * 2);
    const reals = new Float64Array(slots * REALS);
    reals.set(this.reals);
    this.reals = reals;
    this.ints = new Int32Array(reals.buffer);
    if (this.ranks === null) return;
    const ranks = new Int32Array(slots);
    ranks.set(this.ranks);
    this.ranks = ranks;
  }
}

function usedUp(): Error {
  return new Error('event queue: 3 * 2^30 pushes without clear(), insertion order is used up');
}

function powerOfTwoFrom(least: number, from: number, most: number): number {
  let power = from;
  while (power < least && power < most) power *= 2;
  return power;
}
