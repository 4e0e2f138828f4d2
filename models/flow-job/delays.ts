/** Delays that a plan asks for, constant or drawn from a stream of their own. */
import { portableLog, type RandomStream } from '../../sim/index.ts';
import type { Delay } from './plan.ts';

export class Delays {
  readonly #least: number;
  /** 0: constant, and nothing is drawn. */
  readonly #mean: number;
  readonly #stream: RandomStream;

  constructor(delay: Delay, stream: RandomStream) {
    this.#least = delay.kind === 'constant' ? delay.micros : delay.leastMicros;
    this.#mean = delay.kind === 'constant' ? 0 : delay.meanMicros;
    this.#stream = stream;
  }

  /** The next delay, whole µs. One draw of 32 bits: no delay is longer than 22 means, which is as far as a delay need go. */
  next(): number {
    if (this.#mean === 0) return this.#least;
    return this.#least + Math.round(-portableLog(1 - this.#stream.next()) * this.#mean);
  }
}
