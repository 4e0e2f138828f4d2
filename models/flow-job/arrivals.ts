/**
 * When each record is there to be read from its source's log. A restarted source finds what it has read before at once,
 * and the age of a record counts from here.
 */
import type { RandomStream } from '../../sim/index.ts';
import { Delays } from './delays.ts';
import type { SourceLoad } from './plan.ts';

export class Arrivals {
  readonly #load: SourceLoad;
  readonly #gaps: Delays;
  readonly #draws: readonly RandomStream[];
  /** Poisson: times drawn so far, per source. */
  readonly #times: Float64Array[];
  readonly #drawn: Int32Array;

  /** A stream of draws for each source: when its records are there does not hang on who reads first. */
  constructor(load: SourceLoad, draws: readonly RandomStream[]) {
    this.#load = load;
    this.#gaps = new Delays({ kind: 'exponential', leastMicros: 0, meanMicros: load.intervalMicros });
    this.#draws = draws;
    const room = load.arrivals === 'poisson' ? 1024 : 0;
    this.#times = draws.map(() => new Float64Array(room));
    this.#drawn = new Int32Array(draws.length);
  }

  /** When record `seq` is there, µs; Infinity behind the end of the log. Poisson: at most one past those asked for before. */
  timeOf(source: number, seq: number): number {
    const { records, intervalMicros, arrivals } = this.#load;
    if (seq >= records) return Infinity;
    if (arrivals === 'regular') return Math.floor(seq * intervalMicros);
    if (seq >= this.#drawn[source]!) this.#draw(source);
    return this.#times[source]![seq]!;
  }

  /** How many records of the source are there by this time. */
  countBy(source: number, now: number): number {
    const { intervalMicros, arrivals } = this.#load;
    let seq = arrivals === 'regular' ? Math.floor(now / intervalMicros) : this.#drawn[source]!;
    while (seq > 0 && this.timeOf(source, seq - 1) > now) seq--;
    while (this.timeOf(source, seq) <= now) seq++;
    return seq;
  }

  #draw(source: number): void {
    const drawn = this.#drawn[source]!;
    let times = this.#times[source]!;
    if (drawn === times.length) {
      times = new Float64Array(drawn * 2);
      times.set(this.#times[source]!);
      this.#times[source] = times;
    }
    const before = drawn === 0 ? 0 : times[drawn - 1]!;
    times[drawn] = before + this.#gaps.at(this.#draws[source]!.next());
    this.#drawn[source] = drawn + 1;
  }
}
