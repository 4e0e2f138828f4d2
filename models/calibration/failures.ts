/**
 * Calibration on a trace of failures: how often, by which law the times between failures and the repairs are distributed and how
 * well, whether failures cluster, and the law as a failure source whose simulation is compared with the trace.
 */
import { Moments } from '../../sim/index.ts';
import type { FailureLaw } from '../fluid-job/index.ts';
import type { FaultTrace } from '../plan.ts';
import { resampledSource, simulateFailures, type SimulatedFailures, weibullSource } from './failure-source.ts';
import { type Goodness, goodnessOfFit, quantileTable, type QuantilePair } from './goodness.ts';
import {
  fitLifetime,
  fitWeibull,
  type LifetimeFit,
  lifetimeMoments,
  type LifetimeLaw,
  type WeibullLaw,
} from './lifetime-laws.ts';
import { type CalibrationProblem, correlation } from './recovery.ts';

export interface FailureCalibrationOptions {
  /** Nodes of the cluster, those that never failed among them; null: those that the trace names. */
  readonly nodes: number | null;
  readonly seed: string | number;
}

export interface FailureCalibration {
  readonly failures: number;
  readonly spanSeconds: number;
  readonly nodesSeen: number;
  readonly nodes: number;
  /** Of the busiest node. */
  readonly failuresOfOneNodeMax: number;
  /** Mean time between failures of the whole cluster. */
  readonly mtbfSeconds: number;
  /** The same of one node, if all are alike. */
  readonly nodeMtbfSeconds: number;
  readonly gaps: DurationStudy;
  readonly repairs: DurationStudy;
  /** Times between failures of one node, of all nodes together; null if no node failed twice. */
  readonly nodeGaps: NodeGaps | null;
  readonly clustering: Clustering;
  readonly generators: readonly FailureGenerator[];
}

/** Durations and the laws fitted to them. */
export interface DurationStudy {
  readonly n: number;
  readonly meanSeconds: number;
  readonly medianSeconds: number;
  readonly cv: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** Durations are written down in multiples of it. */
  readonly resolutionSeconds: number;
  /** Durations of 0, which count as half the resolution. */
  readonly zeros: number;
  /** Durations that also another one has. */
  readonly tied: number;
  /** By Akaike's criterion, the best first. */
  readonly laws: readonly FittedLaw[];
  /** The Weibull law of the durations that are not 0; null if none is 0. */
  readonly weibullWithoutZeros: LifetimeFit<WeibullLaw> | null;
}

export interface FittedLaw extends LifetimeFit {
  readonly goodness: Goodness;
  readonly quantiles: readonly QuantilePair[];
}

export interface NodeGaps {
  readonly n: number;
  /** Times from the last failure of a node to the end of the trace, known to be too short. */
  readonly censored: number;
  readonly fit: LifetimeFit<WeibullLaw>;
}

export interface Clustering {
  /** Correlation of each gap with the one before; NaN if gaps do not vary. */
  readonly lag1: number;
  /** What it would be off 0 by chance. */
  readonly lag1StandardError: number;
  readonly dispersion: readonly Dispersion[];
}

/** Failures per window: variance over mean, 1 if they came independently at a constant rate. */
export interface Dispersion {
  readonly windowSeconds: number;
  readonly windows: number;
  readonly index: number;
  readonly standardErrorIfPoisson: number;
}

/** A failure source made from the trace, and how it behaves. */
export interface FailureGenerator {
  readonly law: FailureLaw;
  /** What the law has, to be compared with what was simulated and with what was measured. */
  readonly mtbfSeconds: number;
  readonly cv: number;
  readonly simulated: SimulatedFailures;
}

/** Draws of the goodness of fit. */
const BOOTSTRAP_SAMPLES = 499;
const REPLICATIONS = 20;
const FAILURES_PER_REPLICATION = 2_000;
const KINDS: readonly LifetimeLaw['kind'][] = ['exponential', 'weibull', 'lognormal'];
const WINDOWS_SECONDS: readonly number[] = [86_400, 7 * 86_400, 30 * 86_400];

/** Laws of gaps and of repairs, and two generators: the parts that take time. */
const PARTS = 2 * KINDS.length + 2;

/** How many of the parts that take time are done. */
export interface CalibrationStep {
  readonly done: number;
  readonly total: number;
}

/**
 * Analyses the trace, whose times ascend, and yields after every part, so that the caller can stay responsive. The same trace
 * and seed give the same numbers in every engine.
 */
export function* calibrateFailures(
  trace: FaultTrace,
  { nodes, seed }: FailureCalibrationOptions,
): Generator<CalibrationStep, FailureCalibration | CalibrationProblem> {
  const { atMicros, node, downMicros } = trace;
  const failures = atMicros.length;
  if (failures < 4)
    return {
      problem: `has ${failures} failure${failures === 1 ? '' : 's'}; a law of the time between them takes at least 4`,
      remedy: 'take a longer trace',
    };
  const counts = countsOf(node);
  if (nodes !== null && nodes < counts.size)
    return {
      problem: `names ${counts.size} nodes, more than the ${nodes} the cluster is said to have`,
      remedy: 'give the number of all nodes, or leave it out',
    };
  const gaps = atMicros.slice(1).map((at, i) => at - atMicros[i]!);
  for (const [durations, name] of [
    [gaps, 'times between failures are all the same'],
    [downMicros, 'downtimes are all the same'],
  ] as const)
    if (new Set(durations).size < 2)
      return { problem: `${name}: no law can be fitted`, remedy: 'check the columns started_at and downtime_minutes' };
  const spanSeconds = (atMicros.at(-1)! - atMicros[0]!) / 1e6;
  const studyOfGaps = yield* studyDurations(gaps, { name: 'gaps', seed, partsBefore: 0 });
  const studyOfRepairs = yield* studyDurations(downMicros, { name: 'repairs', seed, partsBefore: KINDS.length });
  const mtbfSeconds = studyOfGaps.meanSeconds;
  const weibull = studyOfGaps.laws.find(({ law }) => law.kind === 'weibull')!.law as WeibullLaw;
  const generators: FailureGenerator[] = [];
  for (const [law, { mean, cv }] of [
    [weibullSource(weibull), lifetimeMoments(weibull)],
    [resampledSource(gaps.map((gap) => gap / 1e6)), { mean: mtbfSeconds, cv: studyOfGaps.cv }],
  ] as const) {
    const options = { mtbfSeconds: mean, seed, replications: REPLICATIONS, failures: FAILURES_PER_REPLICATION };
    generators.push({ law, mtbfSeconds: mean, cv, simulated: simulateFailures(law, options) });
    yield { done: 2 * KINDS.length + generators.length, total: PARTS };
  }
  return {
    failures,
    spanSeconds,
    nodesSeen: counts.size,
    nodes: nodes ?? counts.size,
    failuresOfOneNodeMax: Math.max(...counts.values()),
    mtbfSeconds,
    nodeMtbfSeconds: mtbfSeconds * (nodes ?? counts.size),
    gaps: studyOfGaps,
    repairs: studyOfRepairs,
    nodeGaps: studyNodes(trace),
    clustering: { ...lagOf(gaps), dispersion: dispersionOf(trace) },
    generators,
  };
}

function* studyDurations(
  micros: readonly number[],
  { name, seed, partsBefore }: { readonly name: string; readonly seed: string | number; readonly partsBefore: number },
): Generator<CalibrationStep, DurationStudy> {
  const resolution = micros.reduce(greatestCommonDivisor, 0) / 1e6;
  const seconds = micros.map((each) => (each === 0 ? resolution / 2 : each / 1e6));
  const moments = new Moments();
  for (const each of micros) moments.add(each / 1e6);
  const ascending = micros.toSorted((a, b) => a - b);
  const positive = seconds.filter((_, i) => micros[i]! > 0);
  const zeros = seconds.length - positive.length;
  const laws: FittedLaw[] = [];
  for (const kind of KINDS) {
    const fit = fitLifetime(kind, seconds);
    const goodness = goodnessOfFit(seconds, fit, { seed, name, samples: BOOTSTRAP_SAMPLES, resolution });
    laws.push({ ...fit, goodness, quantiles: quantileTable(seconds, fit) });
    yield { done: partsBefore + laws.length, total: PARTS };
  }
  const canFitPositive = zeros > 0 && new Set(positive).size > 1;
  return {
    n: micros.length,
    meanSeconds: moments.mean,
    medianSeconds: ascending[Math.floor((ascending.length - 1) / 2)]! / 1e6,
    cv: Math.sqrt(moments.variance) / moments.mean,
    minSeconds: ascending[0]! / 1e6,
    maxSeconds: ascending.at(-1)! / 1e6,
    resolutionSeconds: resolution,
    zeros,
    tied: ascending.filter((each, i) => each === ascending[i - 1] || each === ascending[i + 1]).length,
    laws: laws.sort((a, b) => a.aic - b.aic),
    weibullWithoutZeros: canFitPositive ? fitWeibull(positive) : null,
  };
}

function studyNodes({ atMicros, node }: FaultTrace): NodeGaps | null {
  const resolution = atMicros.reduce((divisor, at) => greatestCommonDivisor(divisor, at - atMicros[0]!), 0);
  const end = atMicros.at(-1)!;
  const lastOf = new Map<number, number>();
  const gaps: number[] = [];
  for (const [i, at] of atMicros.entries()) {
    const last = lastOf.get(node[i]!);
    if (last !== undefined) gaps.push((at - last || resolution / 2) / 1e6);
    lastOf.set(node[i]!, at);
  }
  if (new Set(gaps).size < 2) return null;
  const censored = [...lastOf.values()].filter((last) => last < end).map((last) => (end - last) / 1e6);
  return { n: gaps.length, censored: censored.length, fit: fitWeibull(gaps, censored) };
}

function lagOf(gaps: readonly number[]): Pick<Clustering, 'lag1' | 'lag1StandardError'> {
  const pairs = gaps.slice(1).map((gap, i) => [gaps[i]!, gap] as const);
  return { lag1: correlation(pairs), lag1StandardError: 1 / Math.sqrt(pairs.length) };
}

/** Over whole windows from the first failure on, for those windows that fit into the trace three times. */
function dispersionOf({ atMicros }: FaultTrace): readonly Dispersion[] {
  const [start, end] = [atMicros[0]!, atMicros.at(-1)!];
  return WINDOWS_SECONDS.flatMap((windowSeconds) => {
    const windows = Math.floor((end - start) / (windowSeconds * 1e6));
    if (windows < 3) return [];
    const counts = new Float64Array(windows);
    for (const at of atMicros) {
      const window = Math.floor((at - start) / (windowSeconds * 1e6));
      if (window < windows) counts[window]!++;
    }
    const moments = new Moments();
    for (const each of counts) moments.add(each);
    return [
      {
        windowSeconds,
        windows,
        index: moments.variance / moments.mean,
        standardErrorIfPoisson: Math.sqrt(2 / (windows - 1)),
      },
    ];
  });
}

function countsOf(node: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const each of node) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
