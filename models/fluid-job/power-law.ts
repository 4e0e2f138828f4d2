/** Fits of y = c x^e by least squares on logarithms: which power of x something follows, and how well. */
import { portableLog } from '../../sim/index.ts';

export interface PowerLawFit {
  readonly exponent: number;
  /** Share of the variance of log y that the fit explains; 1 where y does not vary. */
  readonly rSquared: number;
}

/** The fit through points above zero, of which there must be two different x. */
export function fitPowerLaw(points: readonly (readonly [x: number, y: number])[]): PowerLawFit {
  const logs = points.map(([x, y]) => [portableLog(x), portableLog(y)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of logs) {
    xx += (x - meanX) * (x - meanX);
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) * (y - meanY);
  }
  if (xx === 0) throw new RangeError('a power law needs two different x');
  // Logarithms of equal numbers differ by rounding at most.
  return { exponent: xy / xx, rSquared: yy < 1e-20 ? 1 : (xy * xy) / (xx * yy) };
}
