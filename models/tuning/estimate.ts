/**
 * The optimum of a window of intervals, in which every replication has run every interval: the lowest point of a curve through
 * the means. Leaving out one replication after the other (the jackknife) says how far it may be off.
 */
import { studentT95 } from '../../sim/statistics.ts';
import { costAt, fitCurve, lowestPoint, type ResponseCurve } from './response-curve.ts';

export interface Estimate {
  /** null: the curve has no lowest point within the window. */
  readonly optimum: number | null;
  /** Of its 95 % interval; Infinity where it is not known. */
  readonly halfWidth: number;
  readonly curve: ResponseCurve;
}

/** Points of a curve with less than these could be anything. */
const POINTS_LEAST = 5;

/** From the costs by replication, each by interval; a cost may be Infinity. The curve is fitted about `centre`. */
export function estimate(
  centre: number,
  intervals: readonly number[],
  costs: readonly (readonly number[])[],
): Estimate {
  const n = costs.length;
  // Where a run could not keep up with its input there is no cost to fit.
  const columns = intervals.flatMap((_, i) => (sumOf(costs, i) < Infinity ? [i] : []));
  const window = columns.map((i) => intervals[i]!);
  const sums = columns.map((i) => sumOf(costs, i));
  const fit = (totals: readonly number[], count: number): ResponseCurve =>
    fitCurve(
      centre,
      window,
      totals.map((total) => total / count),
    );
  const [first, last] = [window[0]!, window.at(-1)!];
  const curve = fit(sums, n);
  const optimum = window.length < POINTS_LEAST ? null : lowestPoint(curve, first, last);
  if (optimum === null || n < 2) return { optimum, halfWidth: Infinity, curve };
  let squares = 0;
  for (const row of costs) {
    const left = fit(
      sums.map((sum, at) => sum - row[columns[at]!]!),
      n - 1,
    );
    const without = lowestPoint(left, first, last) ?? (costAt(left, first) < costAt(left, last) ? first : last);
    squares += (without - optimum) * (without - optimum);
  }
  const halfWidth = studentT95(n - 1) * Math.sqrt((squares * (n - 1)) / n);
  return { optimum, halfWidth, curve };
}

const sumOf = (costs: readonly (readonly number[])[], i: number): number =>
  costs.reduce((sum, row) => sum + row[i]!, 0);
