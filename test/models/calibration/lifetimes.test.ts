// Laws of durations: fits against independent ones, standard errors against what samples do, and the goodness of fit against
// laws that are true and laws that are not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { atResolution, goodnessOfFit, ksDistance, quantileTable } from '../../../models/calibration/goodness.ts';
import {
  fitExponential,
  fitLifetime,
  fitLognormal,
  fitWeibull,
  lifetimeCdf,
  type LifetimeLaw,
  lifetimeMoments,
  lifetimeQuantile,
} from '../../../models/calibration/lifetime-laws.ts';
import { normalCdf, normalQuantile } from '../../../models/calibration/normal-law.ts';
import { drawn } from './synthetic.ts';

const LAWS: readonly LifetimeLaw[] = [
  { kind: 'exponential', mean: 500 },
  { kind: 'weibull', shape: 0.6, scale: 300 },
  { kind: 'weibull', shape: 2.5, scale: 40 },
  { kind: 'lognormal', median: 90, sigma: 1.1 },
];

describe('the normal law', () => {
  // Values of an independent implementation, on both sides of where ours changes its method.
  test.each([
    [-8, 6.22096057427174e-16],
    [-4, 3.167124183311986e-5],
    [-3.0001, 0.0013494549132607172],
    [-1, 0.15865525393145707],
    [0.3, 0.6179114221889526],
    [1.96, 0.9750021048517795],
    [2.9999, 0.998649658717045],
    [5, 0.9999997133484281],
  ])('has the probability of %d', (z, probability) => {
    expect(normalCdf(z) / probability).toBeCloseTo(1, 12);
  });

  test('is inverted by its quantiles', () => {
    for (const p of [1e-10, 0.025, 0.5, 0.99]) expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 9);
  });
});

describe('maximum likelihood', () => {
  const values = [0.3, 0.8, 1.1, 1.9, 2.4, 3.7, 5.5, 8.1, 13, 21.4];

  test('agrees with an independent maximisation', () => {
    const weibull = fitWeibull(values);
    expect(weibull.law.shape).toBeCloseTo(0.89880405, 6);
    expect(weibull.law.scale).toBeCloseTo(5.51145778, 6);
    expect(weibull.logLikelihood).toBeCloseTo(-27.512890309423646, 10);
    const censored = fitWeibull(values, [4, 9, 30]);
    expect(censored.law.shape).toBeCloseTo(0.77448953, 6);
    expect(censored.law.scale).toBeCloseTo(9.64095656, 6);
    expect(censored.logLikelihood).toBeCloseTo(-32.567905906214726, 10);
    const lognormal = fitLognormal(values);
    expect([lognormal.law.sigma, lognormal.law.median]).toEqual([
      expect.closeTo(1.2538720698974868, 12),
      expect.closeTo(2.979871474052668, 12),
    ]);
    expect(lognormal.logLikelihood).toBeCloseTo(-27.370551226603226, 10);
    expect(fitExponential(values).logLikelihood).toBeCloseTo(-27.613002617433466, 10);
  });

  test('takes standard errors from the curvature of the likelihood in both parameters at once', () => {
    const censored = [4, 9, 30];
    const likelihood = (shape: number, scale: number): number =>
      values.reduce((sum, x) => sum + Math.log(shape / scale) + (shape - 1) * Math.log(x / scale), 0) -
      [...values, ...censored].reduce((sum, x) => sum + (x / scale) ** shape, 0);
    const { law, standardErrors } = fitWeibull(values, censored);
    const [k, s, h] = [law.shape, law.scale, 1e-4];
    const at = (i: number, j: number): number => likelihood(k * (1 + i * h), s * (1 + j * h));
    const kk = -(at(1, 0) - 2 * at(0, 0) + at(-1, 0)) / (k * h) ** 2;
    const ss = -(at(0, 1) - 2 * at(0, 0) + at(0, -1)) / (s * h) ** 2;
    const ks = -(at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * k * h * s * h);
    const determinant = kk * ss - ks * ks;
    expect(standardErrors[0]! / Math.sqrt(ss / determinant)).toBeCloseTo(1, 4);
    expect(standardErrors[1]! / Math.sqrt(kk / determinant)).toBeCloseTo(1, 4);
  });

  test('does not care about the unit', () => {
    const positive = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.uniqueArray(positive, { minLength: 3, maxLength: 30 }), positive, (sample, factor) => {
        fc.pre(Math.max(...sample) > 1.01 * Math.min(...sample));
        const one = fitWeibull(sample).law;
        const other = fitWeibull(sample.map((x) => x * factor)).law;
        expect(other.shape / one.shape).toBeCloseTo(1, 8);
        expect(other.scale / one.scale / factor).toBeCloseTo(1, 8);
      }),
    );
  });

  test('finds a Weibull law never less likely than the exponential one it contains', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const sample = drawn({ kind: 'exponential', mean: 3 }, 40, seed);
      const gain = fitWeibull(sample).logLikelihood - fitExponential(sample).logLikelihood;
      expect(gain).toBeGreaterThanOrEqual(-1e-9);
    }
  });

  test('refuses values that are all the same', () => {
    expect(() => fitWeibull([2, 2, 2])).toThrow('two different values');
  });

  test.each(LAWS)('states standard errors that the truth keeps: %o', (law) => {
    const truth = Object.values(law).slice(1) as readonly number[];
    const samples = 150;
    const squares = truth.map(() => 0);
    for (let seed = 0; seed < samples; seed++) {
      const fit = fitLifetime(law.kind, drawn(law, 200, `${law.kind}/${seed}`));
      const found = Object.values(fit.law).slice(1) as readonly number[];
      for (const [i, value] of truth.entries())
        squares[i]! += ((found[i]! - value) / fit.standardErrors[i]!) ** 2 / samples;
    }
    // The mean of 150 squared standard normal values is 1 ± 0.12.
    for (const square of squares) {
      expect(square).toBeGreaterThan(0.6);
      expect(square).toBeLessThan(1.5);
    }
  });

  test('corrects for gaps that the end of the trace cuts off', () => {
    const sample = drawn({ kind: 'weibull', shape: 0.7, scale: 100 }, 2_000, 'censored');
    const seen = sample.filter((x) => x < 150);
    const cutOff = sample.filter((x) => x >= 150).map(() => 150);
    const { law, standardErrors } = fitWeibull(seen, cutOff);
    expect(Math.abs(law.scale - 100)).toBeLessThan(3 * standardErrors[1]!);
    expect(Math.abs(fitWeibull(seen).law.scale - 100)).toBeGreaterThan(10 * standardErrors[1]!);
  });
});

describe('a law of durations', () => {
  test.each(LAWS)('is drawn as it says: %o', (law) => {
    const sample = drawn(law, 20_000, 'moments');
    const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
    const implied = lifetimeMoments(law);
    expect(Math.abs(mean / implied.mean - 1)).toBeLessThan((4 * implied.cv) / Math.sqrt(sample.length));
    // Kolmogorov: 1.63 / sqrt(n) is exceeded once in a hundred times.
    expect(ksDistance(sample, (x) => lifetimeCdf(law, x))).toBeLessThan(1.63 / Math.sqrt(sample.length));
  });

  test.each(LAWS)('has quantiles that invert its probabilities: %o', (law) => {
    for (const p of [0.001, 0.3, 0.5, 0.999]) expect(lifetimeCdf(law, lifetimeQuantile(law, p))).toBeCloseTo(p, 9);
    expect(lifetimeCdf(law, 0)).toBe(0);
  });
});

describe('the goodness of fit', () => {
  const options = { seed: 1, samples: 99, resolution: 1 } as const;

  test('measures the largest gap between steps and law, ties being one step', () => {
    const uniform = (x: number): number => Math.min(1, Math.max(0, x));
    expect(ksDistance([0.5], uniform)).toBe(0.5);
    expect(ksDistance([0.25, 0.75], uniform)).toBe(0.25);
    expect(ksDistance([0.75, 0.75, 0.75, 0.8], uniform)).toBe(0.75);
  });

  test('rejects a true law about as often as it says, and a wrong one nearly always', () => {
    const law: LifetimeLaw = { kind: 'weibull', shape: 0.6, scale: 4_000 };
    let [trueRejected, wrongRejected] = [0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const values = drawn(law, 120, `goodness/${seed}`).map((x) => atResolution(x, 1));
      const name = `sample-${seed}`;
      if (goodnessOfFit(values, fitWeibull(values), { ...options, name }).pValue <= 0.1) trueRejected++;
      if (goodnessOfFit(values, fitExponential(values), { ...options, name }).pValue <= 0.1) wrongRejected++;
    }
    // Binomial(60, 0.1): 13 or more have a probability of 0.7 %, none at all 0.2 %.
    expect(trueRejected).toBeGreaterThan(0);
    expect(trueRejected).toBeLessThan(13);
    expect(wrongRejected).toBeGreaterThan(57);
  });

  test('rounds its samples as the values were: coarse values of a true law are not held against it', () => {
    const values = drawn({ kind: 'exponential', mean: 3 }, 400, 'coarse').map((x) => atResolution(x, 1));
    const fit = fitWeibull(values);
    const fine = goodnessOfFit(values, fit, { ...options, name: 'fine', resolution: 1e-6 });
    const coarse = goodnessOfFit(values, fit, { ...options, name: 'coarse' });
    expect(fine.pValue).toBeLessThan(0.02);
    expect(coarse.pValue).toBeGreaterThan(fine.pValue);
    expect(coarse.distance).toBe(fine.distance);
  });

  test('is the same for the same seed and name, and another for another', () => {
    const values = drawn(LAWS[1]!, 50, 'same').map((x) => atResolution(x, 1));
    const study = (name: string): unknown => goodnessOfFit(values, fitWeibull(values), { ...options, name });
    expect(study('a')).toEqual(study('a'));
    expect(study('a')).not.toEqual(study('b'));
  });

  test('sets quantiles side by side', () => {
    const values = Array.from({ length: 101 }, (_, i) => i + 1);
    const table = quantileTable(values, fitExponential(values));
    expect(table.find(({ share }) => share === 0.5)).toEqual({
      share: 0.5,
      measured: 51,
      law: expect.closeTo(51 * Math.LN2, 10) as number,
    });
  });
});
