import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Moments, quantileSorted, studentT95, summarise } from '../../sim/statistics.ts';

describe('Moments', () => {
  test('agrees with the two-pass formulas', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 2 }), (values) => {
        const moments = new Moments();
        for (const value of values) moments.add(value);
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
        expect(moments.n).toBe(values.length);
        expect(Math.abs(moments.mean - mean)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(mean)));
        expect(Math.abs(moments.variance - variance)).toBeLessThanOrEqual(1e-9 * (1 + variance));
      }),
    );
  });

  test('does not lose a small spread on top of a large mean', () => {
    const moments = new Moments();
    for (const value of [4, 7, 13, 16]) moments.add(1e9 + value);
    expect(moments.variance).toBe(30);
  });

  test('says what it cannot know', () => {
    const moments = new Moments();
    expect([moments.mean, moments.variance]).toEqual([NaN, NaN]);
    moments.add(5);
    expect(moments.summary()).toEqual({ n: 1, mean: 5, halfWidth95: Infinity });
  });
});

describe('a confidence interval', () => {
  test('has the half-width of the textbook', () => {
    // Ten values with mean 14.5 and s² = 9.1666…: 2.26216 · √(9.1666…/10).
    const { n, mean, halfWidth95 } = summarise([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect([n, mean]).toEqual([10, 14.5]);
    expect(halfWidth95).toBeCloseTo(2.1658506, 6);
  });

  test.each([
    [1, 12.706204736174698],
    [9, 2.262157162798205],
    [12, 2.1788128296672284],
    [13, 2.1603686564627913],
    [30, 2.0422724563012378],
    [120, 1.9799304050824402],
    [1_000_000, 1.9599663568],
  ])('t for %i degrees of freedom is %f', (degrees, expected) => {
    expect(Math.abs(studentT95(degrees) / expected - 1)).toBeLessThan(1e-6);
  });

  test('t falls with every further degree of freedom, across the end of the table too', () => {
    for (let degrees = 1; degrees < 200; degrees++) {
      expect(studentT95(degrees + 1)).toBeLessThan(studentT95(degrees));
    }
    for (const bad of [0, -1, 1.5, NaN]) expect(() => studentT95(bad)).toThrow(RangeError);
  });
});

describe('quantileSorted', () => {
  test('interpolates as R and NumPy do', () => {
    const values = [1, 2, 4, 8];
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => quantileSorted(values, p))).toEqual([1, 1.75, 3, 6.800000000000001, 8]);
    expect(quantileSorted([5], 0.99)).toBe(5);
    expect(quantileSorted([], 0.5)).toBeNaN();
    for (const bad of [-0.1, 1.1, NaN]) expect(() => quantileSorted(values, bad)).toThrow(RangeError);
  });
});
