/**
 * How often each record is visible to the reader of the sinks. Counts lie in pages per source; a page whose records have
 * all come in full is dropped and stands for itself, so that memory follows what is under way, not the length of the run.
 */
import { LatencyHistogram } from './latency-histogram.ts';

const PAGE = 4096;

export class OutputLedger {
  readonly latency: LatencyHistogram = new LatencyHistogram();
  /** Copies that came, and how many of them beyond what each record owes. */
  visible: number = 0;
  duplicated: number = 0;
  /** What each record of a source owes: its copies without failures. */
  readonly #owed: readonly number[];
  /** Per source and page: counts; null: all in full. */
  readonly #pages: (Uint16Array | null | undefined)[][];
  /** Copies missing from each page. */
  readonly #missing: number[][];

  constructor(owed: readonly number[]) {
    this.#owed = owed;
    this.#pages = owed.map(() => []);
    this.#missing = owed.map(() => []);
  }

  /** One more copy is visible, `ageMicros` after the record was there to be read. */
  add(source: number, seq: number, ageMicros: number): void {
    const at = seq >>> 12;
    const page = this.#page(source, at);
    const before = page[seq & (PAGE - 1)]!;
    page[seq & (PAGE - 1)] = before + 1;
    this.visible++;
    if (before >= this.#owed[source]!) {
      this.duplicated++;
      return;
    }
    this.latency.add(ageMicros);
    const missing = this.#missing[source]!;
    missing[at]!--;
    if (missing[at] === 0) this.#drop(source, at);
  }

  /** Idempotent sinks: visible once, however often it is written. */
  put(source: number, seq: number, ageMicros: number): void {
    if (this.copiesOf(source, seq) === 0) this.add(source, seq, ageMicros);
  }

  copiesOf(source: number, seq: number): number {
    const page = this.#pages[source]![seq >>> 12];
    if (page === null) return this.#owed[source]!;
    return page === undefined ? 0 : page[seq & (PAGE - 1)]!;
  }

  /** Visits the records below `end` that are not visible in full, with the copies they miss. */
  forEachMissing(source: number, end: number, visit: (seq: number, missing: number) => void): void {
    const owed = this.#owed[source]!;
    for (let seq = 0; seq < end; seq++) {
      if ((seq & (PAGE - 1)) === 0 && this.#pages[source]![seq >>> 12] === null) {
        seq += PAGE - 1;
        continue;
      }
      const missing = owed - this.copiesOf(source, seq);
      if (missing > 0) visit(seq, missing);
    }
  }

  #page(source: number, at: number): Uint16Array {
    const pages = this.#pages[source]!;
    const known = pages[at];
    if (known !== null && known !== undefined) return known;
    const owed = this.#owed[source]!;
    const page = new Uint16Array(PAGE);
    if (known === null) page.fill(owed);
    else this.#missing[source]![at] = owed * PAGE;
    pages[at] = page;
    return page;
  }

  /** Only a page without duplicates is told by `null`. */
  #drop(source: number, at: number): void {
    const owed = this.#owed[source]!;
    if (this.#pages[source]![at]!.every((copies) => copies === owed)) this.#pages[source]![at] = null;
  }
}
