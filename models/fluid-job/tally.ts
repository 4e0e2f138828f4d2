/** Mean, spread and range of numbers as they come. */
import { Moments } from '../../sim/index.ts';
import type { Distribution } from './outcome.ts';

export class Tally {
  readonly #moments: Moments = new Moments();
  #min: number = NaN;
  #max: number = NaN;

  add(value: number): void {
    this.#moments.add(value);
    if (!(value >= this.#min)) this.#min = value;
    if (!(value <= this.#max)) this.#max = value;
  }

  distribution(): Distribution {
    const { n, mean, variance } = this.#moments;
    return { n, mean, variance, min: this.#min, max: this.#max };
  }
}
