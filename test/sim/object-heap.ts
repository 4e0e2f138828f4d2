// The slow twin of EventQueue: a textbook binary heap of objects, one per entry. It is the oracle of the property
// tests and the measure of the benchmark.

interface Entry {
  readonly due: number;
  readonly rank: number;
  readonly sequence: number;
  readonly slot: number;
}

function precedes(a: Entry, b: Entry): boolean {
  if (a.due !== b.due) return a.due < b.due;
  if (a.rank !== b.rank) return a.rank < b.rank;
  return a.sequence < b.sequence;
}

export class ObjectHeap {
  private entries: Entry[] = [];
  private sequence = 0;
  poppedDue = -Infinity;

  get size(): number {
    return this.entries.length;
  }

  push(due: number, rank: number, slot: number): void {
    const entry = { due, rank, sequence: this.sequence++, slot };
    let at = this.entries.length;
    this.entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (precedes(this.entries[parent]!, entry)) break;
      this.entries[at] = this.entries[parent]!;
      at = parent;
    }
    this.entries[at] = entry;
  }

  peekDue(): number {
    return this.entries[0]?.due ?? Infinity;
  }

  pop(): number {
    const head = this.entries[0];
    const last = this.entries.pop();
    if (head === undefined || last === undefined) return -1;
    const size = this.entries.length;
    if (size > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && precedes(this.entries[child + 1]!, this.entries[child]!)) child++;
        if (precedes(last, this.entries[child]!)) break;
        this.entries[at] = this.entries[child]!;
        at = child;
      }
      this.entries[at] = last;
    }
    this.poppedDue = head.due;
    return head.slot;
  }
}
