/**
 * When each record is there to be read from its source's log. A restarted source finds what it has read before at once,
 * and the age of a record counts from here.
 *
 * Times that are drawn lie in a ring per source that holds the newest of them. Whoever asks for an older one makes the ring
 * grow to reach back so far, and it is filled again from the source's stream: so memory follows how far a job goes back, not
 * how long it runs.
 */
import { type RandomState, type RandomStream, resumeStream } from '../../sim/index.ts';
import { Delays } from './delays.ts';
import type { SourceLoad } from './plan.ts';

/** Times drawn at a time; the smallest ring holds those before them as well. */
const STRIDE = 32;
const SMALLEST_RING = 2 * STRIDE;

/** The draws of one source: where they began, and where they are. */
interface Draws {
  readonly start: RandomState;
  readonly stream: RandomStream;
}

const NONE: Float64Array = new Float64Array(0);

export class Arrivals {
  readonly #load: SourceLoad;
  readonly #batch: number;
  /** Records, or batches of them, in the log. */
  readonly #count: number;
  readonly #gaps: Delays;
  readonly #open: (source: number) => RandomStream;
  /** Opened when the first record is asked for. */
  readonly #draws: (Draws | null)[];
  /** Poisson: rings of times, and how many times were drawn so far. */
  readonly #times: Float64Array[];
  readonly #drawn: Int32Array;

  /** `open`: the stream of draws of a source, each its own: when its records are there does not hang on who reads first. */
  constructor(load: SourceLoad, sources: number, open: (source: number) => RandomStream) {
    this.#load = load;
    this.#batch = load.batchRecords ?? 1;
    if (this.#batch > 1 && load.arrivals !== 'regular')
      throw new RangeError(
        'records in batches arrive regularly: load.arrivals must be regular, or load.batchRecords 1',
      );
    this.#count = Math.floor(load.records / this.#batch);
    this.#gaps = new Delays({ kind: 'exponential', leastMicros: 0, meanMicros: load.intervalMicros });
    this.#open = open;
    this.#draws = Array.from({ length: sources }, () => null);
    this.#times = Array.from({ length: sources }, () => NONE);
    this.#drawn = new Int32Array(sources);
  }

  /**
   * When record `seq` is there, µs; of a batch: its last record. Infinity behind the end of the log. Poisson: at most one past
   * those asked for before.
   */
  timeOf(source: number, seq: number): number {
    if (seq >= this.#count) return Infinity;
    if (this.#load.arrivals === 'regular')
      return Math.floor((seq * this.#batch + this.#batch - 1) * this.#load.intervalMicros);
    const drawn = this.#drawn[source]!;
    if (seq >= drawn) this.#draw(source);
    else if (drawn - seq > this.#times[source]!.length) this.#reachBack(source, drawn - seq);
    const times = this.#times[source]!;
    return times[seq & (times.length - 1)]!;
  }

  /** How long before its last record the first one of a batch was there. */
  get spanMicros(): number {
    return Math.floor((this.#batch - 1) * this.#load.intervalMicros);
  }

  /** How many records (batches) of the source are there by this time. */
  countBy(source: number, now: number): number {
    const { intervalMicros, arrivals } = this.#load;
    let seq =
      arrivals === 'regular'
        ? Math.floor(now / (intervalMicros * this.#batch))
        : Math.min(this.#drawn[source]!, this.#count);
    while (seq > 0 && this.timeOf(source, seq - 1) > now) seq--;
    while (this.timeOf(source, seq) <= now) seq++;
    return seq;
  }

  /** Draws the next stretch of times. */
  #draw(source: number): void {
    const { stream } = (this.#draws[source] ??= drawsOf(this.#open(source)));
    if (this.#drawn[source] === 0) this.#times[source] = new Float64Array(SMALLEST_RING);
    this.#advance(source, stream, this.#drawn[source]!);
  }

  /** The ring will hold at least the newest `count` times. */
  #reachBack(source: number, count: number): void {
    let size = this.#times[source]!.length;
    while (size < count) size *= 2;
    this.#times[source] = new Float64Array(size);
    const stream = resumeStream(this.#draws[source]!.start);
    const drawn = this.#drawn[source]!;
    for (let from = 0; from < drawn; from += STRIDE) this.#advance(source, stream, from);
  }

  #advance(source: number, stream: RandomStream, from: number): void {
    const times = this.#times[source]!;
    const mask = times.length - 1;
    let time = from === 0 ? 0 : times[(from - 1) & mask]!;
    for (let seq = from; seq < from + STRIDE; seq++) {
      time += this.#gaps.at(stream.next());
      times[seq & mask] = time;
    }
    this.#drawn[source] = Math.max(this.#drawn[source]!, from + STRIDE);
  }
}

function drawsOf(stream: RandomStream): Draws {
  return { start: stream.state(), stream };
}
