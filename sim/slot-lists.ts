// Lists of slots, many of them and each long, in chunks of one pool: adding writes one number beside the one before it, and
// taking a list reads it in order, so that the records of the slots can be fetched side by side and not one after the other.

/** Slots in a chunk: a few cache lines. */
const CHUNK = 64;

/** A number of lists of integer slots, each in the order they were added. */
export class SlotLists {
  /** How many slots are in the lists. */
  size: number = 0;

  /** Per list: its first and its last chunk, -1 for none. */
  private firsts: Int32Array = new Int32Array(0);
  private lasts: Int32Array = new Int32Array(0);
  /** Per chunk: how many slots, and the next chunk of its list or of the free ones. */
  private counts: Int32Array = new Int32Array(4);
  private links: Int32Array = new Int32Array(4);
  private slots: Int32Array = new Int32Array(4 * CHUNK);
  private chunks: number = 0;
  private free: number = -1;
  /** What `take` hands out. */
  private taken: Int32Array = new Int32Array(CHUNK);

  /** Empties all and makes so many lists. */
  reset(lists: number): void {
    if (this.firsts.length < lists) {
      this.firsts = new Int32Array(lists);
      this.lasts = new Int32Array(lists);
    }
    this.firsts.fill(-1);
    this.size = 0;
    this.chunks = 0;
    this.free = -1;
  }

  add(list: number, slot: number): void {
    this.size++;
    let chunk = this.firsts[list]! < 0 ? -1 : this.lasts[list]!;
    if (chunk < 0 || this.counts[chunk] === CHUNK) {
      const before = chunk;
      chunk = this.newChunk();
      if (before < 0) this.firsts[list] = chunk;
      else this.links[before] = chunk;
      this.lasts[list] = chunk;
    }
    this.slots[chunk * CHUNK + this.counts[chunk]!++] = slot;
  }

  isEmpty(list: number): boolean {
    return this.firsts[list]! < 0;
  }

  /** Empties a list and returns what was in it; the array is good until the next `take`. */
  take(list: number): Int32Array {
    const first = this.firsts[list]!;
    if (first < 0) return this.taken.subarray(0, 0);
    this.firsts[list] = -1;
    let count = 0;
    for (let chunk = first; chunk >= 0; chunk = this.links[chunk]!) count += this.counts[chunk]!;
    if (this.taken.length < count) this.taken = new Int32Array(count * 2);
    let at = 0;
    let chunk = first;
    while (chunk >= 0) {
      const from = chunk * CHUNK;
      const end = from + this.counts[chunk]!;
      for (let i = from; i < end; i++) this.taken[at++] = this.slots[i]!;
      const next = this.links[chunk]!;
      this.links[chunk] = this.free;
      this.free = chunk;
      chunk = next;
    }
    this.size -= count;
    return this.taken.subarray(0, count);
  }

  /** Calls `visit` for every slot of every list. */
  forEach(visit: (slot: number) => void): void {
    for (const first of this.firsts) {
      for (let chunk = first; chunk >= 0; chunk = this.links[chunk]!) {
        for (let i = 0; i < this.counts[chunk]!; i++) visit(this.slots[chunk * CHUNK + i]!);
      }
    }
  }

  private newChunk(): number {
    let chunk = this.free;
    if (chunk >= 0) this.free = this.links[chunk]!;
    else {
      if (this.chunks === this.counts.length) this.grow();
      chunk = this.chunks++;
    }
    this.counts[chunk] = 0;
    this.links[chunk] = -1;
    return chunk;
  }

  private grow(): void {
    const larger = (from: Int32Array): Int32Array => {
      const to = new Int32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.counts = larger(this.counts);
    this.links = larger(this.links);
    this.slots = larger(this.slots);
  }
}
