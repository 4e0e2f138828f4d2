/** A distribution of times in bounded memory: exact count, sum and extremes, quantiles to one part in 64. */
import { IntegerSum } from '../../sim/index.ts';

const PARTS = 64;
const PART_BITS = 6;
/** Anything up to here can be added to a time without rounding. */
const REST_MAX = 2 ** 52;

export interface LatencySummary {
  readonly count: number;
  readonly mean_us: number;
  readonly min_us: number;
  readonly max_us: number;
  /** Upper ends of the buckets the quantiles fall into: at most 1/64 too much. */
  readonly p50_us: number;
  readonly p90_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
}

export class LatencyHistogram {
  /** Counts of 64 buckets each, made when the first time falls into one: a job may have a million sinks. */
  readonly #pages: (Float64Array | null)[] = [];
  /** The sum, but for its last part, which is a safe integer yet. */
  readonly #sum: IntegerSum = new IntegerSum();
  #rest: number = 0;
  /** Twice what is to be added to the sum. */
  readonly #halves: IntegerSum = new IntegerSum();
  #count: number = 0;
  #min: number = Infinity;
  #max: number = 0;

  /** Adds one time, whole µs. */
  add(micros: number): void {
    this.#addTo(bucketOf(micros), 1);
    this.#rest += micros;
    if (this.#rest >= REST_MAX) this.#carry();
    this.#count++;
    if (micros < this.#min) this.#min = micros;
    if (micros > this.#max) this.#max = micros;
  }

  /** Adds so many times that go evenly from `first` to `last`, whole µs both; in buckets they are rounded. */
  addEvenly(first: number, last: number, times: number): void {
    const low = Math.min(first, last);
    const high = Math.max(first, last);
    let from = low;
    let counted = 0;
    // Of times that are spread evenly over [low, high], those below x are a share (x - low) / (high - low) of all.
    while (counted < times) {
      const bucket = bucketOf(from);
      const end = upperEnd(bucket) + 1;
      const upTo = end > high ? times : Math.round(((end - low) / (high - low)) * times);
      this.#addTo(bucket, upTo - counted);
      counted = upTo;
      from = end;
    }
    this.#sum.addProduct(low, times);
    this.#halves.addProduct(high - low, times);
    this.#count += times;
    if (low < this.#min) this.#min = low;
    if (high > this.#max) this.#max = high;
  }

  #addTo(bucket: number, times: number): void {
    const page = bucket >>> PART_BITS;
    while (this.#pages.length <= page) this.#pages.push(null);
    const counts = (this.#pages[page] ??= new Float64Array(PARTS));
    counts[bucket % PARTS]! += times;
  }

  #carry(): void {
    this.#sum.add(this.#rest);
    this.#rest = 0;
  }

  /** All zero when nothing was added. */
  summary(): LatencySummary {
    if (this.#count === 0)
      return { count: 0, mean_us: 0, min_us: 0, max_us: 0, p50_us: 0, p90_us: 0, p99_us: 0, p999_us: 0 };
    this.#carry();
    return {
      count: this.#count,
      mean_us: (this.#sum.toNumber() + this.#halves.toNumber() / 2) / this.#count,
      min_us: this.#min,
      max_us: this.#max,
      p50_us: this.#quantile(0.5),
      p90_us: this.#quantile(0.9),
      p99_us: this.#quantile(0.99),
      p999_us: this.#quantile(0.999),
    };
  }

  #quantile(p: number): number {
    const rank = p * this.#count;
    let below = 0;
    for (const [page, counts] of this.#pages.entries()) {
      if (counts === null) continue;
      for (let i = 0; i < PARTS; i++) {
        below += counts[i]!;
        if (below >= rank) return Math.min(upperEnd(page * PARTS + i), this.#max);
      }
    }
    return this.#max;
  }
}

/** Times below 64 have buckets of their own; above, each power of two is divided in 64. */
function bucketOf(micros: number): number {
  if (micros < PARTS) return micros;
  // Above 32 bits the exponent comes from the upper word.
  const bits = micros < 2 ** 31 ? 32 - Math.clz32(micros) : 64 - Math.clz32(Math.floor(micros / 2 ** 32));
  const exponent = micros < 2 ** 31 || micros >= 2 ** 32 ? bits : 32;
  const shift = exponent - PART_BITS - 1;
  return (shift + 1) * PARTS + (Math.floor(micros / powerOfTwo(shift)) - PARTS);
}

function upperEnd(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const shift = Math.floor(bucket / PARTS) - 1;
  return (PARTS + (bucket % PARTS) + 1) * powerOfTwo(shift) - 1;
}

function powerOfTwo(exponent: number): number {
  return exponent < 31 ? 1 << exponent : (1 << 30) * powerOfTwo(exponent - 30);
}
