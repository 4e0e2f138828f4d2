/**
 * How well a fitted law describes durations: the Kolmogorov-Smirnov distance, and how often samples of the law itself lie as far
 * from the laws fitted to them. Tables of the distance do not apply, since the law was fitted to the same values, and those are
 * rounded; so the samples are drawn, rounded and fitted the same way (a parametric bootstrap).
 */
import { quantileSorted, randomStreams } from '../../sim/index.ts';
import { drawLifetime, fitLifetime, lifetimeCdf, type LifetimeFit, lifetimeQuantile } from './lifetime-laws.ts';

export interface Goodness {
  /** Largest distance between the shares of values and of the law. */
  readonly distance: number;
  /** Share of samples of the law that lie at least as far off, the values themselves counted among them. */
  readonly pValue: number;
  /** Samples that a law could be fitted to. */
  readonly samples: number;
  /** The distance that 5 % of the samples exceed. */
  readonly distanceAt5Percent: number;
}

export interface GoodnessOptions {
  readonly seed: string | number;
  /** Names the random stream. */
  readonly name: string;
  readonly samples: number;
  /** Values are multiples of it; what would be 0 counts as half of it. */
  readonly resolution: number;
}

/** Of a law that was fitted to the values, by drawing as many values from it over and over. */
export function goodnessOfFit(
  values: readonly number[],
  { law }: LifetimeFit,
  { seed, name, samples, resolution }: GoodnessOptions,
): Goodness {
  const stream = randomStreams(seed)(`goodness/${name}/${law.kind}`);
  const distance = ksDistance(values, (x) => lifetimeCdf(law, x));
  const distances: number[] = [];
  for (let i = 0; i < samples; i++) {
    const sample = values.map(() => atResolution(drawLifetime(law, stream), resolution));
    // Few and coarse values can come out all the same, and then no law has a spread.
    if (sample.every((each) => each === sample[0])) continue;
    const refitted = fitLifetime(law.kind, sample).law;
    distances.push(ksDistance(sample, (x) => lifetimeCdf(refitted, x)));
  }
  distances.sort((a, b) => a - b);
  const asFar = distances.filter((each) => each >= distance).length;
  return {
    distance,
    pValue: (asFar + 1) / (distances.length + 1),
    samples: distances.length,
    distanceAt5Percent: quantileSorted(distances, 0.95),
  };
}

/** As it would have been written down: to the nearest multiple, and half a unit for nothing. */
export function atResolution(value: number, resolution: number): number {
  return resolution * (Math.round(value / resolution) || 0.5);
}

/** Kolmogorov and Smirnov's distance of values from a law; of equal values the first and the last count. */
export function ksDistance(values: readonly number[], cdf: (x: number) => number): number {
  const ascending = Float64Array.from(values).sort();
  const n = ascending.length;
  let largest = 0;
  for (const [i, x] of ascending.entries()) {
    const at = cdf(x);
    largest = Math.max(largest, at - i / n, (i + 1) / n - at);
  }
  return largest;
}

/** Quantiles of the values beside those of the law: a straight line would be a perfect fit. */
export interface QuantilePair {
  readonly share: number;
  readonly measured: number;
  readonly law: number;
}

const SHARES: readonly number[] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** At nine shares from 1 % to 99 %. */
export function quantileTable(values: readonly number[], { law }: LifetimeFit): readonly QuantilePair[] {
  const ascending = Float64Array.from(values).sort();
  return SHARES.map((share) => ({
    share,
    measured: quantileSorted(ascending, share),
    law: lifetimeQuantile(law, share),
  }));
}
