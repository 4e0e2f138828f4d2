// A 4-ary implicit heap over flat typed arrays: what is due soonest, with its keys beside it, so that no comparison leaves the
// three arrays. Nothing allocates but the doubling.

// Layout: the root is entry 3, so that the four children of entry i, from (i - 2) * 4, share one cache line of due times.
// Every unused entry is due at Infinity and there are always four, so that the least of four children needs no bound.
const ROOT = 3;

/** Integer slots by (due, order), the least first; no two have the same key. */
export class NearHeap {
  private dues: Float64Array;
  private orders: Float64Array;
  private slots: Int32Array;
  private end: number = ROOT; // one past the last entry

  constructor(capacity: number) {
    const length = ROOT + capacity + 4;
    this.dues = new Float64Array(length).fill(Infinity);
    this.orders = new Float64Array(length);
    this.slots = new Int32Array(length);
  }

  get size(): number {
    return this.end - ROOT;
  }

  /** When the first is due; Infinity if there is none. */
  get firstDue(): number {
    return this.dues[ROOT]!;
  }

  /** The order of the first among those due at the same time; anything if there is none. */
  get firstOrder(): number {
    return this.orders[ROOT]!;
  }

  insert(due: number, order: number, slot: number): void {
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

  /** Removes the first and returns its slot; there must be one. */
  removeFirst(): number {
    const { dues, slots } = this;
    const slot = slots[ROOT]!;
    const last = --this.end;
    const lastDue = dues[last]!;
    dues[last] = Infinity;
    if (last > ROOT) this.sink(ROOT, lastDue, this.orders[last]!, slots[last]!);
    return slot;
  }

  /** Drops the entries whose slot `keep` refuses, in time proportional to the size. */
  filter(keep: (slot: number) => boolean): void {
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

  /** Calls `visit` for every slot, in the order of the array. */
  forEach(visit: (slot: number) => void): void {
    for (let i = ROOT; i < this.end; i++) visit(this.slots[i]!);
  }

  clear(): void {
    this.dues.fill(Infinity, ROOT, this.end);
    this.end = ROOT;
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
