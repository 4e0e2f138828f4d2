// Numbers over replications: mean, spread and the 95 % half-width that every reported mean carries.
// Only + - * / and the square root are used, in the order the values came, so the last digit is the same
// in every JavaScript engine.

/** A mean over n independent values with the half-width of its 95 % confidence interval, in the unit of the values. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  /** Infinity when n < 2: one value says nothing about its spread. */
  readonly halfWidth95: number;
}

/** Mean and variance of the values added so far, in one pass without cancellation (Welford 1962). */
export class Moments {
  /** How many values were added. */
  n: number = 0;
  /** Their mean; NaN before the first. */
  mean: number = NaN;
  private squares: number = 0; // sum of squared distances from the mean

  /** Adds one value. */
  add(value: number): void {
    this.n++;
    const before = this.n === 1 ? 0 : value - this.mean;
    this.mean = this.n === 1 ? value : this.mean + before / this.n;
    this.squares += before * (value - this.mean);
  }

  /** The unbiased sample variance (divisor n - 1); NaN below two values. */
  get variance(): number {
    return this.n < 2 ? NaN : this.squares / (this.n - 1);
  }

  /** The values as n, mean and 95 % half-width. */
  summary(): Summary {
    const { n, mean } = this;
    const halfWidth95 = n < 2 ? Infinity : studentT95(n - 1) * Math.sqrt(this.variance / n);
    return { n, mean, halfWidth95 };
  }
}

/** Summarises independent values; for a comparison over the same random streams pass the paired differences. */
export function summarise(values: Iterable<number>): Summary {
  const moments = new Moments();
  for (const value of values) moments.add(value);
  return moments.summary();
}

// prettier-ignore
const T95_TABLE = [
  NaN, 12.706204736174705, 4.302652729749464, 3.1824463052837095, 2.7764451051977943, 2.5705818356363155, 2.44691185114497,
  2.3646242515927853, 2.3060041352041667, 2.2621571627982053, 2.228138851986275, 2.2009851600916397, 2.178812829667229,
];

/** The two-sided 95 % quantile of Student's t, to one part in a million, for a whole number of degrees of freedom from 1. */
export function studentT95(degreesOfFreedom: number): number {
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(`Student's t needs a whole number of degrees of freedom from 1, not ${degreesOfFreedom}`);
  }
  const tabulated = T95_TABLE[degreesOfFreedom];
  if (tabulated !== undefined) return tabulated;
  // Cornish-Fisher expansion around the normal quantile (Abramowitz and Stegun 26.7.5), with its polynomials already evaluated there.
  const v = 1 / degreesOfFreedom;
  return (
    1.959963984540054 +
    v * (2.372271230298562 + v * (2.8224986157396112 + v * (2.555849679507722 + v * 1.5895340533938225)))
  );
}

/** The p-quantile of ascending values by linear interpolation between neighbours (type 7 of Hyndman and Fan, as in R and NumPy); NaN if empty. */
export function quantileSorted(ascending: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs p from 0 to 1, not ${p}`);
  if (ascending.length === 0) return NaN;
  const at = (ascending.length - 1) * p;
  const below = Math.floor(at);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (at - below);
}
