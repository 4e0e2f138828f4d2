/** The normal law from the portable exponential, square root and logarithm: the same bits in every engine. */
import { portableExp, portableLog, type RandomStream } from '../../sim/index.ts';

const SQRT_TWO_PI = 2.5066282746310002;
/** Below it the series converges quickly without cancellation, above it the continued fraction does. */
const SERIES_UP_TO = 3;

/** Probability of a value up to z; absolute error below 1e-14. */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  const density = portableExp((-x * x) / 2) / SQRT_TWO_PI;
  const above = x <= SERIES_UP_TO ? 0.5 - density * oddSeries(x) : density * millsRatio(x);
  return z > 0 ? 1 - above : above;
}

/** x + x^3/3 + x^5/(3·5) + …, all terms of one sign. */
function oddSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 3; term > 1e-17 * sum; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return sum;
}

/** Probability above x over the density at x: Laplace's continued fraction, from its far end. */
function millsRatio(x: number): number {
  let denominator = x;
  for (let k = 80; k >= 1; k--) denominator = x + k / denominator;
  return 1 / denominator;
}

/** The z below which a normal value lies with this probability, 0 < p < 1: halved until the last bits. */
export function normalQuantile(p: number): number {
  let [low, high] = [-39, 39];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A standard normal value (Marsaglia's polar method): two draws per attempt, 1.27 attempts on average. */
export function drawNormal(stream: RandomStream): number {
  for (;;) {
    const u = 2 * stream.double() - 1;
    const v = 2 * stream.double() - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * portableLog(s)) / s);
  }
}
