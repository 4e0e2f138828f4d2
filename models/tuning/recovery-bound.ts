/**
 * The longest interval at which 99 in 100 recoveries keep a bound: the optimum if it keeps it, else looked for between that and
 * the shortest interval, halving on the logarithm.
 */
import { type ConstraintFinding, recoveryP99 } from './constraints.ts';

/** The longest interval that keeps the bound is known well enough. */
const BOUND_RATIO = 1.01;

export class RecoveryBound {
  readonly #bound_s: number;
  readonly #shortest_s: number;
  /** Known to keep it (NaN: not yet asked), and known not to (null: not yet asked). */
  #kept = NaN;
  #broken: number | null = null;
  #longest: number | null = null;

  constructor(bound_s: number, shortest_s: number) {
    this.#bound_s = bound_s;
    this.#shortest_s = shortest_s;
  }

  /** What has been found; null while there is an interval to try. */
  get finding(): ConstraintFinding | null {
    if (this.#longest === null) return null;
    return { name: 'recovery_p99_s', bound_s: this.#bound_s, longest_s: this.#longest, by: 'simulation' };
  }

  /** The next interval whose recoveries are to be seen: the optimum, the shortest, then between the two that it lies between. */
  next(optimum_s: number): number {
    if (this.#broken === null) return optimum_s;
    return Number.isNaN(this.#kept) ? this.#shortest_s : Math.sqrt(this.#kept * this.#broken);
  }

  /** Recoveries at the interval that `next` named. */
  take(tried_s: number, recoveries_s: readonly number[]): void {
    const isKept = recoveryP99(recoveries_s) <= this.#bound_s;
    if (this.#broken === null) {
      if (isKept) this.#longest = tried_s;
      else this.#broken = tried_s;
    } else if (isKept) this.#kept = tried_s;
    else if (Number.isNaN(this.#kept)) this.#longest = 0;
    else this.#broken = tried_s;
    if (this.#broken !== null && this.#broken <= this.#kept * BOUND_RATIO) this.#longest = this.#kept;
  }
}
