/**
 * A changelog behind a materialised snapshot. The log grows while the job is up; a materialisation covers what was logged when
 * it began, and lets go of it when it ends. A failure breaks off a materialisation, which begins again when the job is up.
 */
import { IntegerSum } from '../../sim/index.ts';
import type { Snapshot } from './plan.ts';

export type ChangelogSnapshot = Extract<Snapshot, { readonly kind: 'changelog' }>;

export class Changelog {
  /** When the next materialisation begins or the one under way ends. */
  next: number;
  /** Up-time whose changes the materialised snapshot does not hold, µs. */
  logMicros: number = 0;
  materializations: number = 0;
  readonly #snapshot: ChangelogSnapshot;
  #due: number;
  /** Log time when the materialisation under way began; -1 if none is. */
  #covered: number = -1;
  #peakMicros: number = 0;
  readonly #twiceLog: IntegerSum = new IntegerSum();

  constructor(snapshot: ChangelogSnapshot) {
    this.#snapshot = snapshot;
    this.#due = snapshot.materializationPeriodMicros;
    this.next = this.#due;
  }

  advance(span: number, isUp: boolean): void {
    const grown = isUp ? span : 0;
    this.#twiceLog.addProduct(span, 2 * this.logMicros + grown);
    this.logMicros += grown;
    if (this.logMicros > this.#peakMicros) this.#peakMicros = this.logMicros;
  }

  /** The moment `next` has come. */
  turn(now: number): void {
    if (this.#covered < 0) {
      this.#covered = this.logMicros;
      this.#due = now + this.#snapshot.materializationPeriodMicros;
      this.next = now + this.#snapshot.materializationMicros;
      return;
    }
    this.logMicros -= this.#covered;
    this.#covered = -1;
    this.materializations++;
    this.next = Math.max(now, this.#due);
  }

  failed(now: number): void {
    if (this.#covered >= 0) this.#due = now;
    this.#covered = -1;
    this.next = Infinity;
  }

  resumed(now: number): void {
    this.next = Math.max(now, this.#due);
  }

  get logBytes(): number {
    return this.#bytes(this.logMicros);
  }

  /** Mean and peak of what is alive, over a run of `elapsed` µs. */
  live(elapsed: number): { readonly mean: number; readonly peak: number } {
    const { stateBytes } = this.#snapshot;
    const mean = this.#bytes(this.#twiceLog.toNumber() / 2 / elapsed);
    return { mean: stateBytes + mean, peak: stateBytes + this.#bytes(this.#peakMicros) };
  }

  #bytes(logMicros: number): number {
    return (this.#snapshot.logBytesPerSecond / 1e6) * logMicros;
  }
}
