// The curve through measured costs, and a round number near an interval.
import { describe, expect, it } from 'vitest';
import { costAt, fitCurve, lowestPoint, risenBy } from '../../../models/tuning/response-curve.ts';
import { sensibleInterval } from '../../../models/tuning/index.ts';

const intervals = [5, 6, 7, 8, 10, 12, 14, 17, 20];

describe('a curve', () => {
  it('is exact where costs are a + b/T + cT + dT²', () => {
    const cost = (T: number): number => 3 + 20 / T + 0.2 * T + 0.01 * T * T;
    const curve = fitCurve(10, intervals, intervals.map(cost));
    for (const T of [5, 9, 20]) expect(costAt(curve, T)).toBeCloseTo(cost(T), 10);
  });

  it('has its lowest point at sqrt(b/c) without a square', () => {
    const curve = fitCurve(
      10,
      intervals,
      intervals.map((T) => 1 + 20 / T + 0.2 * T),
    );
    expect(lowestPoint(curve, 5, 20)).toBeCloseTo(10, 6);
  });

  it('has no lowest point where it only falls, only rises, or is highest inside', () => {
    const of = (cost: (T: number) => number): number | null =>
      lowestPoint(fitCurve(10, intervals, intervals.map(cost)), 5, 20);
    expect(of((T) => 1 / T)).toBeNull();
    expect(of((T) => T)).toBeNull();
    expect(of((T) => 10 - 20 / T - 0.2 * T)).toBeNull();
  });

  it('says where it has risen by a share: 5 % of a minimum of 5 at x + 1/x = 2.125', () => {
    const curve = fitCurve(
      10,
      intervals,
      intervals.map((T) => 1 + 20 / T + 0.2 * T),
    );
    // 1 + 2 (x + 1/x) = 5.25 at x = 1.4215 and 0.7035.
    expect(risenBy(curve, 10, 0.05, 20) / 10).toBeCloseTo(1.4215, 3);
    expect(risenBy(curve, 10, 0.05, 5) / 10).toBeCloseTo(0.7035, 3);
    expect(risenBy(curve, 10, 2, 20)).toBe(20);
  });
});

describe('a sensible interval', () => {
  it.each([
    [92.9, 66, 131, 90],
    [118, 85, 164, 120],
    [0.0117, 0.008, 0.014, 0.01],
    [557, 400, 770, 600],
    [49.9, 37, 49.9, 45],
    [5000, 4000, 8000, 5400],
  ])('near %d s, from %d to %d, is %d s', (interval, low_s, high_s, expected) => {
    expect(sensibleInterval(interval, { low_s, high_s })).toBe(expected);
  });

  it('is the interval itself, not more than it, where no round number fits', () => {
    expect(sensibleInterval(93.27, { low_s: 92.5, high_s: 94 })).toBe(93.2);
    expect(sensibleInterval(0.0004, { low_s: 0.0003, high_s: 0.0005 })).toBe(0.001);
  });
});
