/**
 * When the platform fails. Clocks run in the time of the platform and not of the job: the n-th failure of a source comes
 * when it comes, whatever the job does with its checkpoints, so runs with different intervals see the same failures. In a
 * downtime all clocks stand still: nothing fails that is down.
 */
import type { RandomStream } from '../../sim/index.ts';
import { gapsOf } from './laws.ts';
import type { FailureSource } from './plan.ts';

export class FailureClocks {
  /** When the next failure strikes; Infinity if none does. */
  next: number = Infinity;
  readonly #sources: readonly FailureSource[];
  readonly #gaps: readonly (() => number)[];
  readonly #due: number[];

  constructor(sources: readonly FailureSource[], streamOf: (name: string) => RandomStream) {
    this.#sources = sources;
    this.#gaps = sources.map(({ name, law }) => gapsOf(law, streamOf(`failures/${name}`)));
    this.#due = this.#gaps.map((gap) => gap());
    this.#choose();
  }

  /** The source whose failure is due; of several at once the first of the plan. */
  due(): number {
    return this.#due.indexOf(this.next);
  }

  /** The failure of this source has struck, and nothing can fail for `downMicros`. */
  struck(source: number, downMicros: number): void {
    const upAgain = this.next + downMicros;
    for (let i = 0; i < this.#due.length; i++) {
      if (this.#sources[i]!.law.kind === 'at') {
        const isPast = (): boolean => this.#due[i]! < upAgain || (i === source && this.#due[i] === this.next);
        while (isPast()) this.#due[i]! += this.#gaps[i]!();
      } else {
        this.#due[i] = i === source ? upAgain + this.#gaps[i]!() : this.#due[i]! + downMicros;
      }
    }
    this.#choose();
  }

  #choose(): void {
    this.next = this.#due.reduce((least, due) => Math.min(least, due), Infinity);
  }
}
