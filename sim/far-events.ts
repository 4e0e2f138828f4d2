// Pending events that are not due soon: buckets of equal width over the time ahead (a year), each an unsorted list of chunks,
// and one list for what comes after the year. With hundreds of thousands of events pending, a heap misses the cache at every
// level on every operation; here an event is written once, and read once when its bucket's turn comes.

/** Receives the events of a bucket whose turn has come. */
export type Receive = (due: number, order: number, slot: number) => void;

/** Events in a chunk; with their three arrays a chunk is a handful of cache lines. */
const CHUNK = 16;
/** Events a bucket should hold: few enough for the first cache when they are in the heap. */
const PER_BUCKET = 128;
const BUCKETS_MAX = 2 ** 20;
const SAMPLE = 1024;

/** Events by time, coarsely. Whoever holds the near ones takes the next bucket when they are gone. */
export class FarEvents {
  /** Events due before this are near: they do not belong here. */
  nearEnd: number = -Infinity;
  size: number = 0;

  private start = 0;
  private width = 1;
  private buckets = 0;
  /** The bucket whose events are near. */
  private current = 0;
  private yearEnd = -Infinity;
  /** First chunk of each bucket, -1 for none. */
  private heads: Int32Array = new Int32Array(0);
  /** Per chunk: how many events, and the next chunk of its bucket or of the free ones. */
  private counts: Int32Array = new Int32Array(64);
  private links: Int32Array = new Int32Array(64);
  private dues: Float64Array = new Float64Array(64 * CHUNK);
  private orders: Float64Array = new Float64Array(64 * CHUNK);
  private slots: Int32Array = new Int32Array(64 * CHUNK);
  private chunks = 0;
  private freeChunk = -1;
  /** Events due after the year, in chunks too. */
  private beyond = -1;
  private beyondSize = 0;

  /** Adds an event that is not near. */
  put(due: number, order: number, slot: number): void {
    this.size++;
    if (due >= this.yearEnd) {
      this.beyondSize++;
      this.beyond = this.append(this.beyond, due, order, slot);
      return;
    }
    const bucket = this.bucketOf(due);
    this.heads[bucket] = this.append(this.heads[bucket]!, due, order, slot);
  }

  /** Hands over the earliest bucket that holds anything, if anything is left. */
  takeNext(receive: Receive): void {
    if (this.size === 0) return;
    for (;;) {
      while (this.current + 1 < this.buckets) {
        this.current++;
        const head = this.heads[this.current]!;
        if (head < 0) continue;
        this.heads[this.current] = -1;
        this.nearEnd = this.boundary(this.current + 1);
        this.size -= this.handOver(head, receive);
        return;
      }
      this.beginYear();
    }
  }

  /** Hands over everything, in no particular order, and is empty. */
  takeAll(receive: Receive): void {
    for (let bucket = this.current + 1; bucket < this.buckets; bucket++) {
      const head = this.heads[bucket]!;
      if (head >= 0) this.handOver(head, receive);
      this.heads[bucket] = -1;
    }
    if (this.beyond >= 0) this.handOver(this.beyond, receive);
    this.clear();
  }

  /** Calls `visit` for every event, in no particular order. */
  forEach(visit: (slot: number, due: number) => void): void {
    const each = (head: number): void => {
      for (let chunk = head; chunk >= 0; chunk = this.links[chunk]!) {
        for (let i = chunk * CHUNK, end = i + this.counts[chunk]!; i < end; i++) visit(this.slots[i]!, this.dues[i]!);
      }
    };
    for (let bucket = this.current + 1; bucket < this.buckets; bucket++) each(this.heads[bucket]!);
    each(this.beyond);
  }

  /** Empty, as at first; memory is kept. */
  clear(): void {
    this.size = 0;
    this.beyondSize = 0;
    this.beyond = -1;
    this.buckets = 0;
    this.current = 0;
    this.nearEnd = -Infinity;
    this.yearEnd = -Infinity;
    this.chunks = 0;
    this.freeChunk = -1;
  }

  /** Where the bucket begins; the end of the year for the one behind the last. */
  private boundary(bucket: number): number {
    return bucket >= this.buckets ? this.yearEnd : this.start + this.width * bucket;
  }

  /** The bucket by division, corrected where rounding puts it on the wrong side of its boundary. */
  private bucketOf(due: number): number {
    let bucket = Math.min(this.buckets - 1, Math.floor((due - this.start) / this.width));
    while (due < this.boundary(bucket)) bucket--;
    while (bucket + 1 < this.buckets && due >= this.boundary(bucket + 1)) bucket++;
    return bucket;
  }

  /** Spreads what lies beyond the last year over the buckets of a new one. */
  private beginYear(): void {
    const events = this.beyondSize;
    const head = this.beyond;
    const [low, high] = this.span(head);
    const median = this.medianOf(head, events);
    // Half of the events lie before the median: that half decides the width, whatever the far end looks like.
    const reach = median > low ? median - low : high - low;
    const width = (PER_BUCKET * reach) / (0.5 * events + 1);
    this.start = low;
    this.width = width > 0 && low + width > low ? width : Math.max(1, Math.abs(low) * 2 ** -40);
    let buckets = 4;
    while (buckets * PER_BUCKET < events && buckets < BUCKETS_MAX) buckets *= 2;
    if (this.heads.length < buckets) this.heads = new Int32Array(buckets);
    this.heads.fill(-1);
    this.buckets = buckets;
    // The first bucket is looked at next.
    this.current = -1;
    this.yearEnd = this.start + this.width * buckets;
    this.beyond = -1;
    this.beyondSize = 0;
    this.size -= events;
    this.handOver(head, (due, order, slot) => this.put(due, order, slot));
  }

  private span(head: number): readonly [low: number, high: number] {
    let [low, high] = [Infinity, -Infinity];
    for (let chunk = head; chunk >= 0; chunk = this.links[chunk]!) {
      for (let i = chunk * CHUNK, end = i + this.counts[chunk]!; i < end; i++) {
        const due = this.dues[i]!;
        if (due < low) low = due;
        if (due > high) high = due;
      }
    }
    return [low, high];
  }

  private medianOf(head: number, events: number): number {
    const every = Math.max(1, Math.floor(events / SAMPLE));
    const sample = new Float64Array(Math.ceil(events / every));
    let [seen, taken] = [0, 0];
    for (let chunk = head; chunk >= 0; chunk = this.links[chunk]!) {
      for (let i = chunk * CHUNK, end = i + this.counts[chunk]!; i < end; i++) {
        if (seen++ % every === 0) sample[taken++] = this.dues[i]!;
      }
    }
    return sample.subarray(0, taken).sort()[taken >> 1]!;
  }

  private append(head: number, due: number, order: number, slot: number): number {
    let chunk = head;
    if (chunk < 0 || this.counts[chunk] === CHUNK) {
      chunk = this.newChunk();
      this.links[chunk] = head;
    }
    const at = chunk * CHUNK + this.counts[chunk]!++;
    this.dues[at] = due;
    this.orders[at] = order;
    this.slots[at] = slot;
    return chunk;
  }

  private newChunk(): number {
    const free = this.freeChunk;
    if (free >= 0) {
      this.freeChunk = this.links[free]!;
      this.counts[free] = 0;
      return free;
    }
    if (this.chunks === this.counts.length) this.grow();
    this.counts[this.chunks] = 0;
    return this.chunks++;
  }

  /** Gives the events of a list of chunks away and frees the chunks; returns how many events there were. */
  private handOver(head: number, receive: Receive): number {
    let events = 0;
    let chunk = head;
    while (chunk >= 0) {
      const first = chunk * CHUNK;
      const count = this.counts[chunk]!;
      // Freed only when its events are gone: whoever receives them may put them back here.
      for (let i = first; i < first + count; i++) receive(this.dues[i]!, this.orders[i]!, this.slots[i]!);
      events += count;
      const next = this.links[chunk]!;
      this.links[chunk] = this.freeChunk;
      this.freeChunk = chunk;
      chunk = next;
    }
    return events;
  }

  private grow(): void {
    const chunks = this.counts.length * 2;
    this.counts = grown(this.counts, new Int32Array(chunks));
    this.links = grown(this.links, new Int32Array(chunks));
    this.dues = grown(this.dues, new Float64Array(chunks * CHUNK));
    this.orders = grown(this.orders, new Float64Array(chunks * CHUNK));
    this.slots = grown(this.slots, new Int32Array(chunks * CHUNK));
  }
}

/** The larger array with the content of the smaller one in front. */
export function grown<Items extends Int32Array | Float64Array>(from: Items, to: Items): Items {
  to.set(from);
  return to;
}
