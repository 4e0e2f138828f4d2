/**
 * Three laws of durations, fitted by maximum likelihood: exponential, Weibull and lognormal. Durations are in whatever unit the
 * caller has; parameters of scale are in that unit, too. All durations are above 0.
 */
import { portableExp, portableLog, portablePow, type RandomStream } from '../../sim/index.ts';
import { gamma } from '../performance/numerics.ts';
import { drawNormal, normalCdf, normalQuantile } from './normal-law.ts';

export type LifetimeLaw = ExponentialLaw | WeibullLaw | LognormalLaw;

export interface ExponentialLaw {
  readonly kind: 'exponential';
  readonly mean: number;
}

/** Survival exp(-(x / scale)^shape). */
export interface WeibullLaw {
  readonly kind: 'weibull';
  readonly shape: number;
  readonly scale: number;
}

/** The logarithm is normal with mean ln(median) and this deviation. */
export interface LognormalLaw {
  readonly kind: 'lognormal';
  readonly median: number;
  readonly sigma: number;
}

/** A law with what is known of its parameters. */
export interface LifetimeFit<Law extends LifetimeLaw = LifetimeLaw> {
  readonly law: Law;
  /** Of the parameters in the order of the law, from the curvature of the likelihood. */
  readonly standardErrors: readonly number[];
  readonly logLikelihood: number;
  /** Akaike's criterion: 2 parameters - 2 log-likelihood; less is better. */
  readonly aic: number;
}

/** The exponential law with the mean of the values. */
export function fitExponential(values: readonly number[]): LifetimeFit<ExponentialLaw> {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  return described({ kind: 'exponential', mean }, [mean / Math.sqrt(n)], -n * (portableLog(mean) + 1));
}

/** The lognormal law with mean and deviation (divisor n) of the logarithms; there must be two different values. */
export function fitLognormal(values: readonly number[]): LifetimeFit<LognormalLaw> {
  const n = values.length;
  const logs = values.map(portableLog);
  const sum = logs.reduce((all, x) => all + x, 0);
  const mean = sum / n;
  const sigma = Math.sqrt(logs.reduce((all, x) => all + (x - mean) * (x - mean), 0) / n);
  const median = portableExp(mean);
  const standardErrors = [(median * sigma) / Math.sqrt(n), sigma / Math.sqrt(2 * n)];
  return described(
    { kind: 'lognormal', median, sigma },
    standardErrors,
    -sum - n * (portableLog(sigma) + HALF_LOG_TWO_PI + 0.5),
  );
}

const HALF_LOG_TWO_PI = 0.9189385332046728;
/** A shape beyond it says that the values are all but equal. */
const SHAPE_MAX = 1e14;
const NEWTON_STEPS = 100;

/**
 * The Weibull law of `values`, and of `censored` ones known only to have been longer. With the scale at its best for each shape,
 * the likelihood has one root in the shape, found by Newton's method in its logarithm. There must be two different values.
 */
export function fitWeibull(values: readonly number[], censored: readonly number[] = []): LifetimeFit<WeibullLaw> {
  const n = values.length;
  const logs = values.map(portableLog);
  const all = censored.length === 0 ? logs : [...logs, ...censored.map(portableLog)];
  // Powers of x / max never overflow.
  const top = all.reduce((most, x) => Math.max(most, x), -Infinity);
  const meanLog = logs.reduce((sum, x) => sum + (x - top), 0) / n;
  const sumsAt = (shape: number): readonly [number, number, number] => {
    let [s0, s1, s2] = [0, 0, 0];
    for (const log of all) {
      const y = log - top;
      const power = portableExp(shape * y);
      s0 += power;
      s1 += power * y;
      s2 += power * y * y;
    }
    return [s0, s1, s2];
  };
  let shape = 1;
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const [s0, s1, s2] = sumsAt(shape);
    // Rises with the shape, as its slope is a variance and 1 / shape^2.
    const score = s1 / s0 - 1 / shape - meanLog;
    const slope = s2 / s0 - (s1 / s0) * (s1 / s0) + 1 / (shape * shape);
    // In the logarithm of the shape a step cannot leave the positive numbers; at most threefold, so that it cannot overshoot far.
    const step = Math.max(-1.1, Math.min(1.1, score / (slope * shape)));
    shape *= portableExp(-step);
    if (Math.abs(step) < 1e-14) break;
    if (shape > SHAPE_MAX) throw new RangeError('a Weibull law needs two different values');
  }
  const [s0, s1, s2] = sumsAt(shape);
  const logScale = top + portableLog(s0 / n) / shape;
  const scale = portableExp(logScale);
  // Observed information: of shape and scale, with sums of (x / scale)^shape, which are n s / s0.
  const shift = top - logScale;
  const withLog = (n * (s1 + shift * s0)) / s0;
  const withSquare = (n * (s2 + 2 * shift * s1 + shift * shift * s0)) / s0;
  const kk = n / (shape * shape) + withSquare;
  const ss = (n * shape * shape) / (scale * scale);
  const ks = -(shape / scale) * withLog;
  const determinant = kk * ss - ks * ks;
  const sumLogs = logs.reduce((sum, x) => sum + x, 0);
  return described(
    { kind: 'weibull', shape, scale },
    [Math.sqrt(ss / determinant), Math.sqrt(kk / determinant)],
    n * (portableLog(shape) - shape * logScale) + (shape - 1) * sumLogs - n,
  );
}

function described<Law extends LifetimeLaw>(
  law: Law,
  standardErrors: readonly number[],
  logLikelihood: number,
): LifetimeFit<Law> {
  return { law, standardErrors, logLikelihood, aic: 2 * standardErrors.length - 2 * logLikelihood };
}

/** The law of this kind that fits the values best. */
export function fitLifetime(kind: LifetimeLaw['kind'], values: readonly number[]): LifetimeFit {
  switch (kind) {
    case 'exponential':
      return fitExponential(values);
    case 'weibull':
      return fitWeibull(values);
    case 'lognormal':
      return fitLognormal(values);
  }
}

/** Probability of a duration up to x. */
export function lifetimeCdf(law: LifetimeLaw, x: number): number {
  if (x <= 0) return 0;
  switch (law.kind) {
    case 'exponential':
      return 1 - portableExp(-x / law.mean);
    case 'weibull':
      return 1 - portableExp(-portablePow(x / law.scale, law.shape));
    case 'lognormal':
      return normalCdf((portableLog(x) - portableLog(law.median)) / law.sigma);
  }
}

/** The duration that is reached with probability 1 - p, 0 < p < 1. */
export function lifetimeQuantile(law: LifetimeLaw, p: number): number {
  switch (law.kind) {
    case 'exponential':
      return -law.mean * portableLog(1 - p);
    case 'weibull':
      return law.scale * portablePow(-portableLog(1 - p), 1 / law.shape);
    case 'lognormal':
      return law.median * portableExp(law.sigma * normalQuantile(p));
  }
}

/** One duration by the law. */
export function drawLifetime(law: LifetimeLaw, stream: RandomStream): number {
  switch (law.kind) {
    case 'exponential':
      return stream.exponential(law.mean);
    case 'weibull':
      return law.scale * portablePow(stream.exponential(1), 1 / law.shape);
    case 'lognormal':
      return law.median * portableExp(law.sigma * drawNormal(stream));
  }
}

/** Mean and coefficient of variation that the law implies. */
export function lifetimeMoments(law: LifetimeLaw): { readonly mean: number; readonly cv: number } {
  switch (law.kind) {
    case 'exponential':
      return { mean: law.mean, cv: 1 };
    case 'weibull': {
      const first = gamma(1 + 1 / law.shape);
      const second = gamma(1 + 2 / law.shape);
      return { mean: law.scale * first, cv: Math.sqrt(second / (first * first) - 1) };
    }
    case 'lognormal': {
      const spread = portableExp(law.sigma * law.sigma);
      return { mean: law.median * Math.sqrt(spread), cv: Math.sqrt(spread - 1) };
    }
  }
}
