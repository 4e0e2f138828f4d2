/**
 * Provenance of every record, from input offset to visible output: which offsets of an SSP were processed, and for which
 * an output lies in the output topic, each counted beyond the first. Offsets are processed in runs, so both are interval
 * sets of constant size however long the run.
 */
import { IntervalSet } from '../../sim/index.ts';

/** Records the job moved past: where, how far, and which window of samza.md §5.4 it was. */
export interface Skip {
  readonly ssp: number;
  readonly from: number;
  readonly to: number;
  readonly window: string;
  readonly atMicros: number;
}

export class RecordLedger {
  readonly ssp: number;
  /** First offset the job is answerable for: where its first consumer began. -1 until then. */
  base: number = -1;
  readonly seen: IntervalSet = new IntervalSet();
  /** Offsets whose output is visible, or that owe none. */
  readonly visible: IntervalSet = new IntervalSet();
  processings: number = 0;
  duplicates: number = 0;
  outputs: number = 0;
  outputDuplicates: number = 0;
  readonly skips: Skip[] = [];
  readonly #passedOver: IntervalSet = new IntervalSet();

  constructor(ssp: number) {
    this.ssp = ssp;
  }

  /** Offsets [from, to) were processed once more; returns how many for the first time. */
  processed(from: number, to: number): number {
    const fresh = this.seen.add(from, to);
    this.processings += to - from;
    this.duplicates += to - from - fresh;
    return fresh;
  }

  /** Outputs for [from, to) have become visible downstream. */
  output(from: number, to: number): void {
    const fresh = this.visible.add(from, to);
    this.outputs += fresh;
    this.outputDuplicates += to - from - fresh;
  }

  /** [from, to) owe no output: suppressed rightly, or never processed. */
  owesNoOutput(from: number, to: number): void {
    this.visible.add(from, to);
  }

  /** Outputs for [from, to) vanished from the topic again. */
  outputLost(from: number, to: number): void {
    this.outputs -= this.visible.remove(from, to);
  }

  /** A consumer begins at `offset`: the first ever sets the base, a later one may pass records over. */
  start(offset: number, window: string, atMicros: number): void {
    if (this.base < 0) {
      this.base = offset;
      return;
    }
    for (const gap of this.seen.gaps(this.base, offset)) {
      // What an earlier start passed over was told of then.
      for (const [from, to] of this.#passedOver.gaps(...gap))
        this.skips.push({ ssp: this.ssp, from, to, window, atMicros });
      this.#passedOver.add(...gap);
      this.owesNoOutput(...gap);
    }
  }
}
