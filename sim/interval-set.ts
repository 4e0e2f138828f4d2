// A set of integer offsets kept as disjoint intervals, for ledgers: which records were read, produced,
// committed. A run mostly appends at the end of the last interval, which costs nothing beyond moving that
// end; a replay re-adds what is there and learns how much was new. The intervals are sorted, never empty
// and never touching, so equal sets have equal intervals.

/** The integers from the first number up to, not including, the second. */
export type Interval = readonly [from: number, to: number];

/** A set of safe integers. Appending is O(1); everything else is a binary search over the intervals plus what it touches. */
export class IntervalSet {
  private froms: number[] = [];
  private tos: number[] = [];
  private count: number = 0;

  /** How many integers are in the set. */
  get size(): number {
    return this.count;
  }

  /** The set as sorted, disjoint, non-touching intervals; a fresh array. */
  get intervals(): readonly Interval[] {
    return this.froms.map((from, i) => [from, this.tos[i]!]);
  }

  /** Adds [from, to) and returns how many of its integers were not in the set before; an empty range adds nothing. */
  add(from: number, to: number): number {
    requireRange(from, to);
    if (from === to) return 0;
    const { froms, tos } = this;
    const last = tos.length - 1;
    if (last < 0 || from > tos[last]!) {
      froms.push(from);
      tos.push(to);
      this.count += to - from;
      return to - from;
    }
    if (from >= froms[last]!) {
      const added = Math.max(0, to - tos[last]!);
      tos[last] = tos[last]! + added;
      this.count += added;
      return added;
    }
    return this.insert(from, to);
  }

  /** Removes [from, to) and returns how many of its integers were in the set. */
  remove(from: number, to: number): number {
    const removed = this.covered(from, to);
    if (removed === 0) return 0;
    const { froms, tos } = this;
    const first = this.firstEndingAfter(from);
    let next = first;
    while (next < froms.length && froms[next]! < to) next++;
    // What sticks out on the left and on the right of the hole stays.
    const restFroms: number[] = [];
    const restTos: number[] = [];
    if (froms[first]! < from) {
      restFroms.push(froms[first]!);
      restTos.push(from);
    }
    if (tos[next - 1]! > to) {
      restFroms.push(to);
      restTos.push(tos[next - 1]!);
    }
    froms.splice(first, next - first, ...restFroms);
    tos.splice(first, next - first, ...restTos);
    this.count -= removed;
    return removed;
  }

  /** Whether `offset` is in the set. */
  has(offset: number): boolean {
    const i = this.firstEndingAfter(offset);
    return i < this.froms.length && this.froms[i]! <= offset;
  }

  /** The first offset not in the set, from `from` on: the end of the contiguous run that contains `from`, or `from` itself. */
  prefixEnd(from: number): number {
    const i = this.firstEndingAfter(from);
    return i < this.froms.length && this.froms[i]! <= from ? this.tos[i]! : from;
  }

  /** How many integers of [from, to) are in the set. */
  covered(from: number, to: number): number {
    requireRange(from, to);
    let sum = 0;
    for (let i = this.firstEndingAfter(from); i < this.froms.length && this.froms[i]! < to; i++) {
      sum += Math.min(to, this.tos[i]!) - Math.max(from, this.froms[i]!);
    }
    return sum;
  }

  /** The parts of [from, to) that are not in the set, in order. */
  gaps(from: number, to: number): readonly Interval[] {
    requireRange(from, to);
    const found: Interval[] = [];
    let at = from;
    for (let i = this.firstEndingAfter(from); i < this.froms.length && this.froms[i]! < to; i++) {
      if (this.froms[i]! > at) found.push([at, this.froms[i]!]);
      at = this.tos[i]!;
    }
    if (at < to) found.push([at, to]);
    return found;
  }

  /** The general case of `add`: merges [from, to) with every interval that it overlaps or touches. */
  private insert(from: number, to: number): number {
    const { froms, tos } = this;
    const first = this.firstEndingAfter(from - 1);
    let next = first;
    let already = 0;
    while (next < froms.length && froms[next]! <= to) {
      already += tos[next]! - froms[next]!;
      next++;
    }
    const mergedFrom = next > first ? Math.min(from, froms[first]!) : from;
    const mergedTo = next > first ? Math.max(to, tos[next - 1]!) : to;
    froms.splice(first, next - first, mergedFrom);
    tos.splice(first, next - first, mergedTo);
    const added = mergedTo - mergedFrom - already;
    this.count += added;
    return added;
  }

  /** The index of the first interval that ends after `offset`; the number of intervals if there is none. */
  private firstEndingAfter(offset: number): number {
    const { tos } = this;
    let low = 0;
    let high = tos.length;
    if (high > 0 && tos[high - 1]! <= offset) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (tos[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function requireRange(from: number, to: number): void {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to)) {
    throw new RangeError(`[${from}, ${to}) is not a range of integers`);
  }
}
