/**
 * Functions that closed forms need and the language leaves to the engine, from the portable logarithm and exponential;
 * and root finding for the forms whose optimum has no formula. Accurate to a few units in the last place.
 */
import { portableExp, portableLog } from '../../sim/portable-math.ts';

/** e^x - 1 without cancellation near 0 (Kahan's quotient). */
export function expMinusOne(x: number): number {
  const u = portableExp(x);
  if (u === 1) return x;
  const minusOne = u - 1;
  if (minusOne === -1 || u === Infinity) return minusOne;
  return (minusOne * x) / portableLog(u);
}

/** ln(1 + x) without cancellation near 0 (Kahan's quotient). */
export function logOnePlus(x: number): number {
  const u = 1 + x;
  return u === 1 ? x : (portableLog(u) * x) / (u - 1);
}

/** ln Γ(x), x > 0: Stirling's series, behind as many steps of Γ(x + 1) = x Γ(x) as it needs. */
export function logGamma(x: number): number {
  let shift = 1;
  let y = x;
  while (y < 12) shift *= y++;
  const z = 1 / (y * y);
  const tail = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - (z * 691) / 360360))))) / y;
  return (y - 0.5) * portableLog(y) - y + HALF_LOG_TWO_PI + tail - portableLog(shift);
}

const HALF_LOG_TWO_PI = 0.9189385332046728;
const HALF_SQRT_PI = 0.886226925452758;

/** Γ(x), x > 0. */
export function gamma(x: number): number {
  return portableExp(logGamma(x));
}

/** Γ(k + 1/2) / Γ(k) for a whole k >= 1; for large ones by its asymptotic series, for its terms would only cancel. */
export function gammaHalfStepRatio(k: number): number {
  if (k > 64) {
    const z = 1 / k;
    return (
      Math.sqrt(k) *
      (1 - z * (1 / 8 - z * (1 / 128 + z * (5 / 1024 - z * (21 / 32768 + z * (399 / 262144 - (z * 869) / 4194304))))))
    );
  }
  let ratio = HALF_SQRT_PI;
  for (let i = 1; i < k; i++) ratio *= (i + 0.5) / i;
  return ratio;
}

/** The n-th harmonic number, smallest terms first. */
export function harmonic(n: number): number {
  let sum = 0;
  for (let i = n; i >= 1; i--) sum += 1 / i;
  return sum;
}

/**
 * The root in (0, 1) of -ln(1 - x) - x = a, a > 0, which is 1 + W0(-e^(-1-a)) without its cancellation. Newton's method for
 * small a, the contraction y = e^(y - 1 - a), y = 1 - x, for others.
 */
export function optimalFraction(a: number): number {
  if (a > 1) {
    let y = 0;
    for (let i = 0; i < 64; i++) y = portableExp(y - 1 - a);
    return 1 - y;
  }
  let x = Math.sqrt(2 * a) / (1 + Math.sqrt(a / 2));
  for (let i = 0; i < 64; i++) {
    const step = ((shortfall(x) - a) * (1 - x)) / x;
    x -= step;
    if (Math.abs(step) < 1e-17 * x) break;
  }
  return x;
}

/** -ln(1 - x) - x; by its series where the two would cancel. */
function shortfall(x: number): number {
  if (x >= 0.05) return -logOnePlus(-x) - x;
  let sum = 0;
  let power = x;
  for (let n = 2; n <= 14; n++) {
    power *= x;
    sum += power / n;
  }
  return sum;
}

/** The root of an increasing function on (0, ∞) that is negative at 0: bracketed by doubling, then halved to the last bit. */
export function increasingRoot(f: (x: number) => number): number {
  let high = 1;
  while (f(high) < 0) high *= 2;
  let low = high;
  while (f(low) >= 0) low /= 2;
  high = low * 2;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
}
