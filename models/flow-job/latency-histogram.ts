/**
 * Distributions of times in bounded memory, one per row of a table: exact count, sum and extremes, quantiles to one part in
 * 64. All rows lie in two arrays, so that adding a time to one of a hundred thousand rows is two trips to memory, and a row
 * takes room for the times that occur: counts come in pages of 64 buckets each, and all pages lie in one pool.
 */
import { IntegerSum } from '../../sim/index.ts';

// Fewer bytecodes than through Math, and V8 inlines by their number.
const clz32 = Math.clz32;
const floor = Math.floor;
const PARTS = 64;
const PART_BITS = 6;
/** Anything up to here can be added to a time without rounding. */
const REST_MAX = 2 ** 52;

/** A row's record: four reals, and behind them the places of its first pages, plus one; 0: none. */
const REALS = 16;
const INTS = 2 * REALS;
/** The sum of all times is `UPPER` times 2^52, plus `REST`. */
const REST = 0;
const UPPER = 1;
const LEAST = 2;
const MOST = 3;
const PAGES = 8;
/** Times up to 2^29 µs; the pages of longer ones are looked up in a map. */
const NEAR_PAGES: number = INTS - PAGES;
const PAGES_MAX = 64;

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

/** What is added to a row's sum in many times at once, and twice what more of it. */
interface Products {
  readonly sum: IntegerSum;
  readonly halves: IntegerSum;
}

export class LatencyHistograms {
  /** How many rows there are; each is empty at first. */
  rows: number = 0;
  private reals: Float64Array = new Float64Array(0);
  private ints: Int32Array = new Int32Array(0);
  /** As many as a run has events fit 32 bits; of records in batches there may be more. */
  private counts: Uint32Array | Float64Array;
  private pages: number = 0;
  /** By row times `PAGES_MAX` plus page: the place of a page of long times, plus one. */
  private readonly farPages: Map<number, number> = new Map();
  private readonly products: Map<number, Products> = new Map();

  /** `manyAtOnce`: times will be added many at once. */
  constructor(manyAtOnce: boolean = false) {
    this.counts = manyAtOnce ? new Float64Array(PARTS) : new Uint32Array(PARTS);
  }

  /** Adds an empty row and returns its number. */
  addRow(): number {
    const row = this.rows++;
    if (this.rows * REALS > this.reals.length) {
      const reals = new Float64Array(Math.max(4 * REALS, this.reals.length * 2));
      reals.set(this.reals);
      this.reals = reals;
      this.ints = new Int32Array(reals.buffer);
    }
    this.reals[row * REALS + LEAST] = Infinity;
    return row;
  }

  /** Adds one time, whole µs. */
  add(row: number, micros: number): void {
    const { reals } = this;
    const at = row * REALS;
    const bucket = bucketOf(micros);
    const place = this.placeOf(row, bucket >>> PART_BITS);
    this.counts[place + (bucket & (PARTS - 1))]!++;
    const sum = reals[at + REST]! + micros;
    reals[at + REST] = sum;
    if (sum >= REST_MAX) this.carry(at);
    if (micros < reals[at + LEAST]!) reals[at + LEAST] = micros;
    if (micros > reals[at + MOST]!) reals[at + MOST] = micros;
  }

  /** Reads what `add` will read first, and does nothing else. */
  fetchRow(row: number): number {
    return this.ints[row * INTS]! ^ this.ints[row * INTS + INTS - 1]!;
  }

  /** Reads what `add` will read then, and does nothing else. */
  fetchCount(row: number, micros: number): number {
    const bucket = bucketOf(micros);
    const page = bucket >>> PART_BITS;
    const place = page < NEAR_PAGES ? this.ints[row * INTS + PAGES + page]! : 0;
    return place === 0 ? 0 : this.counts[((place - 1) << PART_BITS) + (bucket & (PARTS - 1))]!;
  }

  private carry(at: number): void {
    this.reals[at + REST]! -= REST_MAX;
    this.reals[at + UPPER]!++;
  }

  /** Adds so many times that go evenly from `first` to `last`, whole µs both; in buckets they are rounded. */
  addEvenly(row: number, first: number, last: number, times: number): void {
    const { reals } = this;
    const at = row * REALS;
    const low = Math.min(first, last);
    const high = Math.max(first, last);
    let from = low;
    let counted = 0;
    // Of times that are spread evenly over [low, high], those below x are a share (x - low) / (high - low) of all.
    while (counted < times) {
      const bucket = bucketOf(from);
      const end = upperEnd(bucket) + 1;
      const upTo = end > high ? times : Math.round(((end - low) / (high - low)) * times);
      const place = this.placeOf(row, bucket >>> PART_BITS);
      this.counts[place + (bucket & (PARTS - 1))]! += upTo - counted;
      counted = upTo;
      from = end;
    }
    const { sum, halves } = this.productsOf(row);
    sum.addProduct(low, times);
    halves.addProduct(high - low, times);
    if (low < reals[at + LEAST]!) reals[at + LEAST] = low;
    if (high > reals[at + MOST]!) reals[at + MOST] = high;
  }

  private productsOf(row: number): Products {
    const known = this.products.get(row);
    if (known !== undefined) return known;
    const made = { sum: new IntegerSum(), halves: new IntegerSum() };
    this.products.set(row, made);
    return made;
  }

  /** Where the row's counts of this page begin; they are made if there are none, which may exchange the pool. */
  private placeOf(row: number, page: number): number {
    const place = page < NEAR_PAGES ? this.ints[row * INTS + PAGES + page]! : this.farPlace(row, page);
    return (place === 0 ? this.newPage(row, page) : place - 1) << PART_BITS;
  }

  /** The place of the page, plus one; 0: there is none. */
  private farPlace(row: number, page: number): number {
    return this.farPages.get(row * PAGES_MAX + page) ?? 0;
  }

  private newPage(row: number, page: number): number {
    const place = this.pages++;
    if (this.pages << PART_BITS > this.counts.length) {
      const counts =
        this.counts instanceof Float64Array
          ? new Float64Array(this.counts.length * 2)
          : new Uint32Array(this.counts.length * 2);
      counts.set(this.counts);
      this.counts = counts;
    }
    if (page < NEAR_PAGES) this.ints[row * INTS + PAGES + page] = place + 1;
    else this.farPages.set(row * PAGES_MAX + page, place + 1);
    return place;
  }

  /** Of one row; all zero when nothing was added. */
  summary(row: number): LatencySummary {
    return this.summaryOf(row, row + 1);
  }

  /** Of all rows together. */
  summaryOfAll(): LatencySummary {
    return this.summaryOf(0, this.rows);
  }

  private summaryOf(from: number, end: number): LatencySummary {
    const pages = this.pagesOf(from, end);
    let count = 0;
    for (const { counts } of pages) for (const each of counts) count += each;
    if (count === 0) return ALL_ZERO;
    let [sum, halves] = [0n, 0n];
    let [least, most] = [Infinity, 0];
    for (let row = from; row < end; row++) {
      const at = row * REALS;
      sum += BigInt(this.reals[at + UPPER]!) * BigInt(REST_MAX) + BigInt(this.reals[at + REST]!);
      const products = this.products.get(row);
      if (products !== undefined) {
        sum += products.sum.toBigInt();
        halves += products.halves.toBigInt();
      }
      least = Math.min(least, this.reals[at + LEAST]!);
      most = Math.max(most, this.reals[at + MOST]!);
    }
    const quantile = (p: number): number => Math.min(quantileOf(pages, p * count), most);
    return {
      count,
      mean_us: (Number(sum) + Number(halves) / 2) / count,
      min_us: least,
      max_us: most,
      p50_us: quantile(0.5),
      p90_us: quantile(0.9),
      p99_us: quantile(0.99),
      p999_us: quantile(0.999),
    };
  }

  /** The pages of these rows, ascending, with their sums. */
  private pagesOf(from: number, end: number): Page[] {
    const pages: Page[] = [];
    for (let page = 0; page < PAGES_MAX; page++) {
      let sums: Page['counts'] | null = null;
      for (let row = from; row < end; row++) {
        const place = page < NEAR_PAGES ? this.ints[row * INTS + PAGES + page]! : this.farPlace(row, page);
        if (place === 0) continue;
        const counts = this.counts.subarray((place - 1) * PARTS, place * PARTS);
        if (end - from === 1) sums = counts;
        else {
          sums ??= new Float64Array(PARTS);
          for (let i = 0; i < PARTS; i++) sums[i]! += counts[i]!;
        }
      }
      if (sums !== null) pages.push({ page, counts: sums });
    }
    return pages;
  }
}

/** How many times fell into each of the buckets of a page. */
interface Page {
  readonly page: number;
  readonly counts: Uint32Array | Float64Array;
}

const ALL_ZERO: LatencySummary = {
  count: 0,
  mean_us: 0,
  min_us: 0,
  max_us: 0,
  p50_us: 0,
  p90_us: 0,
  p99_us: 0,
  p999_us: 0,
};

/** The summary of so many times that are all 0. */
export function summaryOfZeros(count: number): LatencySummary {
  return { ...ALL_ZERO, count };
}

/** The upper end of the bucket into which the time with this rank falls. */
function quantileOf(pages: readonly Page[], rank: number): number {
  let below = 0;
  for (const { page, counts } of pages) {
    for (let i = 0; i < PARTS; i++) {
      below += counts[i]!;
      if (below >= rank) return upperEnd(page * PARTS + i);
    }
  }
  return Infinity;
}

/** Times below 64 have buckets of their own; above, each power of two is divided in 64. */
function bucketOf(micros: number): number {
  if (micros >= 2 ** 31) return farBucketOf(micros);
  if (micros < PARTS) return micros;
  const shift = 31 - PART_BITS - clz32(micros);
  return (shift << PART_BITS) + (micros >>> shift);
}

function farBucketOf(micros: number): number {
  // Above 32 bits the exponent comes from the upper word.
  const exponent = micros < 2 ** 32 ? 32 : 64 - clz32(floor(micros / 2 ** 32));
  const shift = exponent - PART_BITS - 1;
  return shift * PARTS + floor(micros / powerOfTwo(shift));
}

function upperEnd(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const shift = floor(bucket / PARTS) - 1;
  return (PARTS + (bucket % PARTS) + 1) * powerOfTwo(shift) - 1;
}

function powerOfTwo(exponent: number): number {
  return exponent < 31 ? 1 << exponent : (1 << 30) * powerOfTwo(exponent - 30);
}
