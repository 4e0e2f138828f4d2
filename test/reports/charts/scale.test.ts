// Scales are checked as an axis is read: where a value lies, and which round values are named.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { linearScale, logScale } from '../../../reports/charts/scale.ts';

describe('a linear scale', () => {
  it.each([
    [
      [0, 10],
      [0, 5, 10],
    ],
    [
      [0, 60],
      [0, 20, 40, 60],
    ],
    [
      [0.03, 0.55],
      [0, 0.2, 0.4, 0.6],
    ],
    [
      [-3, 4],
      [-4, -2, 0, 2, 4],
    ],
    [
      [0, 1234567],
      [0, 500_000, 1_000_000, 1_500_000],
    ],
  ] as const)('over %j has the ticks %j', (domain, ticks) => {
    expect(linearScale(domain, [0, 100]).ticks).toEqual(ticks);
  });

  it('puts its ends at the ends of the range, whichever way that runs', () => {
    const scale = linearScale([0, 60], [200, 20]);
    expect([scale.at(0), scale.at(30), scale.at(60)]).toEqual([200, 110, 20]);
  });

  it('gives one value room', () => {
    expect(linearScale([0, 0], [0, 1]).domain).toEqual([0, 1]);
    expect(linearScale([7, 7], [0, 1]).at(7)).toBeLessThanOrEqual(1);
  });

  it('holds every value it was made for, between ascending ticks', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        fc.pre(Math.abs(a - b) > Math.max(1e-290, 1e-6 * (Math.abs(a) + Math.abs(b))));
        const { ticks, domain, at } = linearScale([Math.min(a, b), Math.max(a, b)], [0, 1]);
        expect(at(a)).toBeGreaterThanOrEqual(-1e-9);
        expect(at(b)).toBeLessThanOrEqual(1 + 1e-9);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks).toEqual(ticks.toSorted((x, y) => x - y));
        expect([ticks[0], ticks.at(-1)]).toEqual(domain);
      }),
    );
  });
});

describe('a logarithmic scale', () => {
  it.each([
    [
      [1, 1000],
      [1, 10, 100, 1000],
    ],
    [
      [15, 455],
      [20, 50, 100, 200],
    ],
    [
      [0.00005, 0.05],
      [0.0001, 0.001, 0.01],
    ],
    [
      [30, 40],
      [30, 32, 34, 36, 38, 40],
    ],
  ] as const)('over %j has the ticks %j', (domain, ticks) => {
    expect(logScale(domain, [0, 100]).ticks).toEqual(ticks);
  });

  it('puts equal ratios at equal distances', () => {
    const scale = logScale([1, 10_000], [0, 400]);
    expect(scale.at(10) - scale.at(1)).toBeCloseTo(100, 9);
    expect(scale.at(10_000) - scale.at(1000)).toBeCloseTo(100, 9);
  });

  it.each([1 + 2 ** -51, 1 - 2 ** -51])('is the same in an engine whose logarithms are %d times as large', (factor) => {
    const scales = () =>
      [-9, -3, 0, 3, 8].flatMap((power) => {
        const one = Number(`1e${power}`);
        const scale = [1e6, 1e3, 40].map((width) => logScale([one, one * width], [56, 426]));
        return scale.map(({ ticks, at }) => [ticks, [1, 1.7, 3, 10, 33].map((value) => at(value * one))]);
      });
    const here = scales();
    const { log, log10 } = Math;
    vi.spyOn(Math, 'log').mockImplementation((value) => log(value) * factor);
    vi.spyOn(Math, 'log10').mockImplementation((value) => log10(value) * factor);
    try {
      expect(Math.log(7)).not.toBe(log(7));
      expect(scales()).toEqual(here);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('refuses what has no logarithm', () => {
    expect(() => logScale([0, 10], [0, 1])).toThrow('values above zero');
  });

  it('names between two and nine values', () => {
    const value = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        fc.pre(a / b > 1.05 || b / a > 1.05);
        const { ticks, domain } = logScale([Math.min(a, b), Math.max(a, b)], [0, 1]);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const tick of ticks) expect(tick >= domain[0] && tick <= domain[1]).toBe(true);
      }),
    );
  });
});
