/** How often each record is visible to the reader of the sinks, and how old it was when it first was. */
import { LatencyHistograms, type LatencySummary, summaryOfZeros } from './latency-histogram.ts';
import { OwedCopies } from './owed-copies.ts';

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
  private readonly copies: OwedCopies;

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
    this.copies = new OwedCopies(owed);
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
    return this.copies.fetchSource(source) ^ this.rows[sink]!;
  }

  /** Reads what `show` will read then, and does nothing else. */
  fetchRow(source: number, seq: number, sink: number): number {
    const row = this.rows[sink]!;
    return row < 0 ? 0 : this.copies.fetchCount(source, seq) ^ this.ages.fetchRow(row);
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
    this.visible++;
    const isFirst = this.copies.add(source, seq);
    if (!isFirst) this.duplicated++;
    return isFirst;
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

  /** Of a page of records that have all come in full no more is known than that each has what it owes, or more. */
  copiesOf(source: number, seq: number): number {
    return this.copies.copiesOf(source, seq);
  }

  /** Visits the records below `end` that are not visible in full, with the copies they miss. */
  forEachMissing(source: number, end: number, visit: (seq: number, missing: number) => void): void {
    this.copies.forEachMissing(source, end, visit);
  }
}
