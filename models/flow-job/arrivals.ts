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

/** A source's record: how many times were drawn so far, and where its ring begins and its size - 1; -1: it has none yet. */
const DRAWN = 0;
const BASE = 1;
const MASK = 2;
const SOURCE_INTS = 4;

export class Arrivals {
  private readonly load: SourceLoad;
  private readonly isRegular: boolean;
  private readonly interval: number;
  private readonly batch: number;
  /** Records, or batches of them, in the log. */
  private readonly count: number;
  private readonly gaps: Delays;
  private readonly open: (source: number) => RandomStream;
  /** Opened when the first record is asked for. */
  private readonly draws: (Draws | null)[];
  private readonly ofSources: Int32Array;
  /** All rings, and how much of it they take. */
  private times: Float64Array = new Float64Array(SMALLEST_RING);
  private used: number = 0;

  /** `open`: the stream of draws of a source, each its own: when its records are there does not hang on who reads first. */
  constructor(load: SourceLoad, sources: number, open: (source: number) => RandomStream) {
    this.load = load;
    this.isRegular = load.arrivals === 'regular';
    this.interval = load.intervalMicros;
    this.batch = load.batchRecords ?? 1;
    if (this.batch > 1 && !this.isRegular)
      throw new RangeError(
        'records in batches arrive regularly: load.arrivals must be regular, or load.batchRecords 1',
      );
    this.count = Math.floor(load.records / this.batch);
    this.gaps = new Delays({ kind: 'exponential', leastMicros: 0, meanMicros: load.intervalMicros });
    this.open = open;
    this.draws = Array.from({ length: sources }, () => null);
    this.ofSources = new Int32Array(sources * SOURCE_INTS);
    for (let source = 0; source < sources; source++) this.ofSources[source * SOURCE_INTS + MASK] = -1;
  }

  /**
   * When record `seq` is there, µs; of a batch: its last record. Infinity behind the end of the log. Poisson: at most one past
   * those asked for before.
   */
  timeOf(source: number, seq: number): number {
    if (seq >= this.count) return Infinity;
    if (this.isRegular) return Math.floor((seq * this.batch + this.batch - 1) * this.interval);
    const { ofSources } = this;
    const of = source * SOURCE_INTS;
    const ahead = seq - ofSources[of + DRAWN]!;
    if (ahead >= 0 || ahead < -1 - ofSources[of + MASK]!) this.drawTo(source, seq);
    return this.times[ofSources[of + BASE]! + (seq & ofSources[of + MASK]!)]!;
  }

  /** Reads what `timeOf` will read first, and does nothing else. */
  fetchSource(source: number): number {
    return this.ofSources[source * SOURCE_INTS]!;
  }

  /** Reads what `timeOf` will read then, and does nothing else. */
  fetchTime(source: number, seq: number): number {
    const of = source * SOURCE_INTS;
    return this.times[this.ofSources[of + BASE]! + (seq & this.ofSources[of + MASK]!)]!;
  }

  /** How long before its last record the first one of a batch was there. */
  get spanMicros(): number {
    return Math.floor((this.batch - 1) * this.load.intervalMicros);
  }

  /** How many records (batches) of the source are there by this time. */
  countBy(source: number, now: number): number {
    const { intervalMicros } = this.load;
    let seq = this.isRegular
      ? Math.floor(now / (intervalMicros * this.batch))
      : Math.min(this.ofSources[source * SOURCE_INTS + DRAWN]!, this.count);
    while (seq > 0 && this.timeOf(source, seq - 1) > now) seq--;
    while (this.timeOf(source, seq) <= now) seq++;
    return seq;
  }

  /** Makes the source's ring hold the time of this record, which is the next one or an older one. */
  private drawTo(source: number, seq: number): void {
    const drawn = this.ofSources[source * SOURCE_INTS + DRAWN]!;
    if (seq < drawn) this.reachBack(source, drawn - seq);
    else this.drawNext(source);
  }

  /** Draws the next stretch of times. */
  private drawNext(source: number): void {
    const { stream } = (this.draws[source] ??= drawsOf(this.open(source)));
    const drawn = this.ofSources[source * SOURCE_INTS + DRAWN]!;
    if (drawn === 0) this.allot(source, SMALLEST_RING);
    this.advance(source, stream, drawn);
  }

  /** The ring will hold at least the newest `count` times. */
  private reachBack(source: number, count: number): void {
    const of = source * SOURCE_INTS;
    let size = this.ofSources[of + MASK]! + 1;
    while (size < count) size *= 2;
    this.allot(source, size);
    const stream = resumeStream(this.draws[source]!.start);
    const drawn = this.ofSources[of + DRAWN]!;
    for (let from = 0; from < drawn; from += STRIDE) this.advance(source, stream, from);
  }

  /** Gives the source an empty ring. The one it had is lost, which is as much again as the last one in all. */
  private allot(source: number, size: number): void {
    const of = source * SOURCE_INTS;
    this.ofSources[of + BASE] = this.used;
    this.ofSources[of + MASK] = size - 1;
    this.used += size;
    if (this.used <= this.times.length) return;
    const times = new Float64Array(Math.max(this.used, this.times.length * 2));
    times.set(this.times);
    this.times = times;
  }

  private advance(source: number, stream: RandomStream, from: number): void {
    const { times, gaps, ofSources } = this;
    const of = source * SOURCE_INTS;
    const base = ofSources[of + BASE]!;
    const mask = ofSources[of + MASK]!;
    let time = from === 0 ? 0 : times[base + ((from - 1) & mask)]!;
    for (let seq = from; seq < from + STRIDE; seq++) {
      time += gaps.drawn(stream.next() * 2 ** 32);
      times[base + (seq & mask)] = time;
    }
    if (ofSources[of + DRAWN]! < from + STRIDE) ofSources[of + DRAWN] = from + STRIDE;
  }
}

function drawsOf(stream: RandomStream): Draws {
  return { start: stream.state(), stream };
}
