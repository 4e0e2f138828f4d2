/**
 * How often each record is visible to the reader of the sinks. Counts lie in small pages that all sources share; a page whose
 * records have all come in full is dropped and stands for itself, so that memory follows what is under way, not the length of
 * the run, and a source that sends nothing costs two integers.
 */
import { LatencyHistograms, type LatencySummary, summaryOfZeros } from './latency-histogram.ts';

const PAGE_BITS = 6;
const PAGE = 1 << PAGE_BITS;

/** A copy as the reader of a sink gets it. */
export interface ShownCopy {
  sink: number;
  /** Since the record was there to be read; of a batch, its last one. */
  ageMicros: number;
  /** By how much more the first record of a batch has aged; those between follow evenly. */
  longerMicros: number;
  /** Since it reached the sink, of a batch as a whole: what a transaction held it back. */
  heldMicros: number;
}

/** Of first copies. */
export interface SinkLatency {
  readonly task: number;
  readonly latency: LatencySummary;
  readonly held: LatencySummary;
}

// A source's record: how many copies a record of it owes, the highest page begun, and the place of the newest page that is
// not full; -1: none.
const OWED = 0;
const BEGUN = 1;
const NEWEST = 2;
const SOURCE_INTS = 4;
// A place's record: which page of its source lies there, what is missing from it, and the place of the next older one (or of
// the next free one).
const NUMBER = 0;
const MISSING = 1;
const OLDER = 2;
const PLACE_INTS = 4;

export class OutputLedger {
  /** To be filled in for `add` and `put`: one object for all copies. */
  readonly copy: ShownCopy = { sink: 0, ageMicros: 0, longerMicros: 0, heldMicros: 0 };
  /** Copies that came, and how many of them beyond what each record owes. */
  visible: number = 0;
  duplicated: number = 0;
  /** First copies, a row for each sink that has shown any: their ages, and how long they were held. */
  private readonly ages: LatencyHistograms;
  private readonly holds: LatencyHistograms;
  private readonly holdsBack: boolean;
  /** By sink: its row; -1: it has shown nothing yet. And by row: its sink. */
  private readonly rows: Int32Array;
  private readonly sinks: number[] = [];
  private readonly batch: number;
  private readonly ofSources: Int32Array;
  private ofPlaces: Int32Array = new Int32Array(16 * PLACE_INTS);
  private counts: Uint16Array = new Uint16Array(16 * PAGE);
  private places: number = 0;
  private free: number = -1;

  /**
   * `owed`: by source, the copies of each of its records that come without failures. `tasks`: sinks have numbers below.
   * `holdsBack`: a copy may be visible later than it reaches its sink. `batch`: how many records each one stands for.
   */
  constructor(
    owed: readonly number[],
    { tasks, holdsBack, batch = 1 }: { readonly tasks: number; readonly holdsBack: boolean; readonly batch?: number },
  ) {
    this.batch = batch;
    this.holdsBack = holdsBack;
    this.ages = new LatencyHistograms(batch > 1);
    this.holds = new LatencyHistograms(batch > 1);
    this.rows = new Int32Array(tasks).fill(-1);
    this.ofSources = new Int32Array(owed.length * SOURCE_INTS).fill(-1);
    for (const [source, copies] of owed.entries()) this.ofSources[source * SOURCE_INTS + OWED] = copies;
  }

  /** Of all sinks together. */
  latency(): LatencySummary {
    return this.ages.summaryOfAll();
  }

  /** Of each sink that has shown anything. */
  latencyBySink(): SinkLatency[] {
    const each = this.sinks.map((task, row) => {
      const latency = this.ages.summary(row);
      return { task, latency, held: this.holdsBack ? this.holds.summary(row) : summaryOfZeros(latency.count) };
    });
    return each.toSorted((a, b) => a.task - b.task);
  }

  /** One more copy is visible, of one record, the moment it reaches the sink. */
  show(source: number, seq: number, sink: number, ageMicros: number): void {
    if (!this.isFirst(source, seq)) return;
    const row = this.rows[sink]!;
    this.ages.add(row < 0 ? this.newRow(sink) : row, ageMicros);
  }

  /** Reads what `show` will read first, and does nothing else. */
  fetchSource(source: number, sink: number): number {
    return this.ofSources[source * SOURCE_INTS]! ^ this.rows[sink]!;
  }

  /** Reads what `show` will read then, and does nothing else. */
  fetchRow(source: number, seq: number, sink: number): number {
    const place = this.ofSources[source * SOURCE_INTS + NEWEST]!;
    const row = this.rows[sink]!;
    if (place < 0 || row < 0) return 0;
    const count = this.counts[(place << PAGE_BITS) + (seq & (PAGE - 1))]!;
    return this.ofPlaces[place * PLACE_INTS]! ^ count ^ this.ages.fetchRow(row);
  }

  /** Reads what `show` will read last, and does nothing else. */
  fetchCount(sink: number, ageMicros: number): number {
    const row = this.rows[sink]!;
    return row < 0 ? 0 : this.ages.fetchCount(row, ageMicros);
  }

  /** One more copy is visible. */
  add(source: number, seq: number, { sink, ageMicros, longerMicros, heldMicros }: ShownCopy): void {
    if (!this.isFirst(source, seq)) return;
    const row = this.rows[sink]! < 0 ? this.newRow(sink) : this.rows[sink]!;
    const { ages, holds, batch } = this;
    if (batch === 1) ages.add(row, ageMicros);
    else ages.addEvenly(row, Math.max(0, ageMicros + longerMicros), ageMicros, batch);
    if (!this.holdsBack) return;
    if (batch === 1) holds.add(row, heldMicros);
    else holds.addEvenly(row, heldMicros, heldMicros, batch);
  }

  /** Counts the copy; true if the record owes it. */
  private isFirst(source: number, seq: number): boolean {
    const of = source * SOURCE_INTS;
    const page = seq >>> PAGE_BITS;
    while (this.ofSources[of + BEGUN]! < page) this.begin(of);
    this.visible++;
    const place = this.placeOf(of, page);
    if (place >= 0) {
      const at = (place << PAGE_BITS) + (seq & (PAGE - 1));
      const before = this.counts[at]!;
      this.counts[at] = before + 1;
      if (before < this.ofSources[of + OWED]!) {
        const missing = this.ofPlaces[place * PLACE_INTS + MISSING]! - 1;
        this.ofPlaces[place * PLACE_INTS + MISSING] = missing;
        if (missing === 0) this.drop(of, place);
        return true;
      }
    }
    this.duplicated++;
    return false;
  }

  private newRow(sink: number): number {
    const row = this.ages.addRow();
    if (this.holdsBack) this.holds.addRow();
    this.rows[sink] = row;
    this.sinks.push(sink);
    return row;
  }

  /** Idempotent sinks: visible once, however often it is written. */
  put(source: number, seq: number, shown: ShownCopy): void {
    if (this.copiesOf(source, seq) === 0) this.add(source, seq, shown);
  }

  /** Of a page that is full no more is known than that each record has what it owes, or more. */
  copiesOf(source: number, seq: number): number {
    const of = source * SOURCE_INTS;
    const page = seq >>> PAGE_BITS;
    if (page > this.ofSources[of + BEGUN]!) return 0;
    const place = this.placeOf(of, page);
    return place < 0 ? this.ofSources[of + OWED]! : this.counts[place * PAGE + (seq & (PAGE - 1))]!;
  }

  /** Visits the records below `end` that are not visible in full, with the copies they miss. */
  forEachMissing(source: number, end: number, visit: (seq: number, missing: number) => void): void {
    const of = source * SOURCE_INTS;
    const owed = this.ofSources[of + OWED]!;
    const places: number[] = [];
    for (let place = this.ofSources[of + NEWEST]!; place >= 0; place = this.olderThan(place)) places.push(place);
    for (const place of places.toReversed()) {
      const first = this.ofPlaces[place * PLACE_INTS + NUMBER]! * PAGE;
      for (let i = 0; i < PAGE && first + i < end; i++) {
        const missing = owed - this.counts[place * PAGE + i]!;
        if (missing > 0) visit(first + i, missing);
      }
    }
    if (owed === 0) return;
    for (let seq = (this.ofSources[of + BEGUN]! + 1) * PAGE; seq < end; seq++) visit(seq, owed);
  }

  private olderThan(place: number): number {
    return this.ofPlaces[place * PLACE_INTS + OLDER]!;
  }

  /** Where the page of the source (whose record is at `of`) lies; -1: it is full. It has been begun. */
  private placeOf(of: number, page: number): number {
    let place = this.ofSources[of + NEWEST]!;
    while (place >= 0) {
      const number = this.ofPlaces[place * PLACE_INTS + NUMBER]!;
      if (number === page) return place;
      if (number < page) return -1;
      place = this.ofPlaces[place * PLACE_INTS + OLDER]!;
    }
    return -1;
  }

  /** Begins the next page of the source. */
  private begin(of: number): void {
    const { ofSources } = this;
    const page = ofSources[of + BEGUN]! + 1;
    ofSources[of + BEGUN] = page;
    let place = this.free;
    if (place >= 0) {
      this.free = this.olderThan(place);
      this.counts.fill(0, place * PAGE, (place + 1) * PAGE);
    } else {
      place = this.places++;
      if (this.places * PAGE > this.counts.length) this.enlarge();
    }
    const at = place * PLACE_INTS;
    this.ofPlaces[at + NUMBER] = page;
    this.ofPlaces[at + MISSING] = ofSources[of + OWED]! * PAGE;
    this.ofPlaces[at + OLDER] = ofSources[of + NEWEST]!;
    ofSources[of + NEWEST] = place;
  }

  /** The page is full: it leaves the list of its source. */
  private drop(of: number, place: number): void {
    const older = this.olderThan(place);
    let newer = this.ofSources[of + NEWEST]!;
    if (newer === place) this.ofSources[of + NEWEST] = older;
    else {
      while (this.olderThan(newer) !== place) newer = this.olderThan(newer);
      this.ofPlaces[newer * PLACE_INTS + OLDER] = older;
    }
    this.ofPlaces[place * PLACE_INTS + OLDER] = this.free;
    this.free = place;
  }

  private enlarge(): void {
    const ofPlaces = new Int32Array(this.ofPlaces.length * 2);
    ofPlaces.set(this.ofPlaces);
    this.ofPlaces = ofPlaces;
    const counts = new Uint16Array(this.counts.length * 2);
    counts.set(this.counts);
    this.counts = counts;
  }
}
