/** Delays that a plan asks for, constant or drawn. */
import { portableLog, roundPositive } from '../../sim/index.ts';
import type { Delay } from './plan.ts';

export class Delays {
  /** Nothing need be drawn: the delay is `least`. */
  readonly isConstant: boolean;
  readonly least: number;
  readonly #mean: number;

  constructor(delay: Delay) {
    this.least = delay.kind === 'constant' ? delay.micros : delay.leastMicros;
    this.#mean = delay.kind === 'constant' ? 0 : delay.meanMicros;
    this.isConstant = this.#mean === 0;
  }

  /** The delay for 32 random bits, of delays that are drawn. */
  drawn(bits: number): number {
    return this.least + Math.round(-portableLog(1 - bits / 2 ** 32) * this.#mean);
  }

  /** The delay for a draw from [0, 1), whole µs. With 32 bits no delay is longer than 22 means, which is as far as one need go. */
  at(draw: number): number {
    if (this.isConstant) return this.least;
    return this.least + roundPositive(-portableLog(1 - draw) * this.#mean);
  }
}
