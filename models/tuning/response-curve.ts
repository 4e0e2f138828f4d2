/**
 * A curve through measured costs against the interval, and its lowest point. What checkpoints cost falls like 1/T; what
 * failures cost rises like T, and in latency like T². So a + b/u + cu + du², u = T / centre, is exact where those are all,
 * and elsewhere leaves out terms of third order.
 */

/** Coefficients of 1, 1/u, u, u². */
export interface ResponseCurve {
  readonly centre: number;
  readonly coefficients: readonly [number, number, number, number];
}

/** Least squares; needs four different intervals at least. */
export function fitCurve(centre: number, intervals: readonly number[], costs: readonly number[]): ResponseCurve {
  const rows = intervals.map((interval) => {
    const u = interval / centre;
    return [1, 1 / u, u, u * u];
  });
  // Normal equations of four unknowns, well conditioned since u is near one.
  const matrix = [0, 1, 2, 3].map((i) => [
    ...[0, 1, 2, 3].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, k) => sum + row[i]! * costs[k]!, 0),
  ]);
  return { centre, coefficients: solved(matrix) };
}

/** Gauss with row exchange on four equations in four unknowns. */
function solved(matrix: number[][]): [number, number, number, number] {
  for (let column = 0; column < 4; column++) {
    let pivot = column;
    for (let row = column + 1; row < 4; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    const top = matrix[column]!;
    for (let row = 0; row < 4; row++) {
      if (row === column) continue;
      const factor = matrix[row]![column]! / top[column]!;
      for (let k = column; k < 5; k++) matrix[row]![k]! -= factor * top[k]!;
    }
  }
  return [0, 1, 2, 3].map((i) => matrix[i]![4]! / matrix[i]![i]!) as [number, number, number, number];
}

/** The cost the curve gives an interval. */
export function costAt({ centre, coefficients: [a, b, c, d] }: ResponseCurve, interval: number): number {
  const u = interval / centre;
  return a + b / u + u * (c + u * d);
}

function slopeAt({ centre, coefficients: [, b, c, d] }: ResponseCurve, interval: number): number {
  const u = interval / centre;
  return c + 2 * d * u - b / (u * u);
}

/** The lowest point within the window, or null where the curve has none inside: it falls to one side, or dents upwards. */
export function lowestPoint(curve: ResponseCurve, from: number, to: number): number | null {
  if (slopeAt(curve, from) >= 0 || slopeAt(curve, to) <= 0) return null;
  let [falling, rising] = [from, to];
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(falling * rising);
    if (slopeAt(curve, middle) < 0) falling = middle;
    else rising = middle;
  }
  return Math.sqrt(falling * rising);
}

/** Where the curve, walked from its lowest point, has risen by that share of its value there; the window's end if it never does. */
export function risenBy(curve: ResponseCurve, lowest: number, share: number, end: number): number {
  const limit = costAt(curve, lowest) * (1 + share);
  if (costAt(curve, end) <= limit) return end;
  let [inside, outside] = [lowest, end];
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(inside * outside);
    if (costAt(curve, middle) <= limit) inside = middle;
    else outside = middle;
  }
  return inside;
}
