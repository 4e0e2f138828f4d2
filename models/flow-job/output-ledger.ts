/**
 * How often each record is visible to the reader of the sinks. Counts lie in small pages that all sources share; a page whose
 * records have all come in full is dropped and stands for itself, so that memory follows what is under way, not the length of
 * the run, and a source that sends nothing costs two integers.
 */
import { LatencyHistogram } from './latency-histogram.ts';

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
  readonly latency: LatencyHistogram;
  readonly held: LatencyHistogram;
}

export class OutputLedger {
  readonly latency: LatencyHistogram = new LatencyHistogram();
  /** To be filled in for `add` and `put`: one object for all copies. */
  readonly copy: ShownCopy = { sink: 0, ageMicros: 0, longerMicros: 0, heldMicros: 0 };
  /** Copies that came, and how many of them beyond what each record owes. */
  visible: number = 0;
  duplicated: number = 0;
  readonly #sinks: Map<number, SinkLatency> = new Map();
  /** What each record of a source owes: its copies without failures. */
  readonly #owed: readonly number[];
  readonly #batch: number;
  /** By source: the highest page begun, and the place of the newest page that is not full; -1: none. */
  readonly #begun: Int32Array;
  readonly #newest: Int32Array;
  /** By place: which page of its source lies there, what is missing from it, and the place of the next older one (or free one). */
  #page: Int32Array = new Int32Array(16);
  #missing: Int32Array = new Int32Array(16);
  #older: Int32Array = new Int32Array(16);
  #counts: Uint16Array = new Uint16Array(16 * PAGE);
  #places: number = 0;
  #free: number = -1;

  /** `batch`: how many records each one stands for. */
  constructor(owed: readonly number[], batch: number = 1) {
    this.#owed = owed;
    this.#batch = batch;
    this.#begun = new Int32Array(owed.length).fill(-1);
    this.#newest = new Int32Array(owed.length).fill(-1);
  }

  /** By sink that has shown anything, in the order of the first time. */
  get sinks(): ReadonlyMap<number, SinkLatency> {
    return this.#sinks;
  }

  /** One more copy is visible. */
  add(source: number, seq: number, shown: ShownCopy): void {
    const page = seq >>> PAGE_BITS;
    while (this.#begun[source]! < page) this.#begin(source);
    const place = this.#placeOf(source, page);
    this.visible++;
    if (place < 0) {
      this.duplicated++;
      return;
    }
    const at = place * PAGE + (seq & (PAGE - 1));
    const before = this.#counts[at]!;
    this.#counts[at] = before + 1;
    if (before >= this.#owed[source]!) {
      this.duplicated++;
      return;
    }
    const sink = this.#sinkOf(shown.sink);
    this.#count(this.latency, shown.ageMicros, shown.longerMicros);
    this.#count(sink.latency, shown.ageMicros, shown.longerMicros);
    this.#count(sink.held, shown.heldMicros, 0);
    this.#missing[place]!--;
    if (this.#missing[place] === 0) this.#drop(source, place);
  }

  #count(times: LatencyHistogram, micros: number, longer: number): void {
    if (this.#batch === 1) times.add(micros);
    else times.addEvenly(Math.max(0, micros + longer), micros, this.#batch);
  }

  /** Idempotent sinks: visible once, however often it is written. */
  put(source: number, seq: number, shown: ShownCopy): void {
    if (this.copiesOf(source, seq) === 0) this.add(source, seq, shown);
  }

  /** Of a page that is full no more is known than that each record has what it owes, or more. */
  copiesOf(source: number, seq: number): number {
    const page = seq >>> PAGE_BITS;
    if (page > this.#begun[source]!) return 0;
    const place = this.#placeOf(source, page);
    return place < 0 ? this.#owed[source]! : this.#counts[place * PAGE + (seq & (PAGE - 1))]!;
  }

  /** Visits the records below `end` that are not visible in full, with the copies they miss. */
  forEachMissing(source: number, end: number, visit: (seq: number, missing: number) => void): void {
    const owed = this.#owed[source]!;
    const places: number[] = [];
    for (let place = this.#newest[source]!; place >= 0; place = this.#older[place]!) places.push(place);
    for (const place of places.toReversed()) {
      const first = this.#page[place]! * PAGE;
      for (let i = 0; i < PAGE && first + i < end; i++) {
        const missing = owed - this.#counts[place * PAGE + i]!;
        if (missing > 0) visit(first + i, missing);
      }
    }
    if (owed === 0) return;
    for (let seq = (this.#begun[source]! + 1) * PAGE; seq < end; seq++) visit(seq, owed);
  }

  #sinkOf(task: number): SinkLatency {
    const known = this.#sinks.get(task);
    if (known !== undefined) return known;
    const made = { latency: new LatencyHistogram(), held: new LatencyHistogram() };
    this.#sinks.set(task, made);
    return made;
  }

  /** Where the page lies; -1: it is full. It has been begun. */
  #placeOf(source: number, page: number): number {
    let place = this.#newest[source]!;
    while (place >= 0 && this.#page[place]! > page) place = this.#older[place]!;
    return place >= 0 && this.#page[place] === page ? place : -1;
  }

  /** Begins the next page of the source. */
  #begin(source: number): void {
    const page = this.#begun[source]! + 1;
    this.#begun[source] = page;
    let place = this.#free;
    if (place >= 0) {
      this.#free = this.#older[place]!;
      this.#counts.fill(0, place * PAGE, (place + 1) * PAGE);
    } else {
      place = this.#places++;
      if (place === this.#page.length) this.#enlarge();
    }
    this.#page[place] = page;
    this.#missing[place] = this.#owed[source]! * PAGE;
    this.#older[place] = this.#newest[source]!;
    this.#newest[source] = place;
  }

  /** The page is full: it leaves the list of its source. */
  #drop(source: number, place: number): void {
    const older = this.#older[place]!;
    let newer = this.#newest[source]!;
    if (newer === place) this.#newest[source] = older;
    else {
      while (this.#older[newer] !== place) newer = this.#older[newer]!;
      this.#older[newer] = older;
    }
    this.#older[place] = this.#free;
    this.#free = place;
  }

  #enlarge(): void {
    const larger = <T extends Int32Array | Uint16Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    const places = this.#page.length * 2;
    this.#page = larger(new Int32Array(places), this.#page);
    this.#missing = larger(new Int32Array(places), this.#missing);
    this.#older = larger(new Int32Array(places), this.#older);
    this.#counts = larger(new Uint16Array(places * PAGE), this.#counts);
  }
}
