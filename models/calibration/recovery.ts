/**
 * Calibration on measured recoveries. The job is fitted on the runs of one checkpoint interval; runs of the other intervals
 * are held back, simulated with the fitted job, and compared. Beside it stand the fit on everything and its leave-one-interval-out
 * error, which is what a prediction from so few parameters can be expected to reach.
 */
import {
  type AgedRun,
  fitRecovery,
  modelRecoverySeconds,
  type RecoveryFit,
  type RecoveryFitProblem,
  type RecoveryRun,
  relativeError,
} from './recovery-model.ts';
import { simulatedRecoverySeconds } from './simulated-recovery.ts';

export interface RecoveryCalibrationOptions {
  /** The interval to fit on; null: the one whose own runs lie closest to the model, which no held-back run has a say in. */
  readonly fitIntervalSeconds: number | null;
  /** How long before the next checkpoint was due failures were injected. */
  readonly beforeCheckpointSeconds: number;
}

/** A measured run beside what the fit says of it. */
export interface RecoveryComparison extends AgedRun {
  readonly role: 'fitted' | 'heldBack' | 'overloaded';
  /** Null where the load is not below the fitted capacity: the job would never catch up. */
  readonly modelSeconds: number | null;
  /** Null where the simulated job does not catch up in half a day. */
  readonly simulatedSeconds: number | null;
  /** Simulated over measured, less 1. */
  readonly error: number | null;
}

/** How well predictions meet measurements. */
export interface PredictionErrors {
  readonly n: number;
  /** Of these, runs that were predicted never to recover; they count as misses, and not in the means. */
  readonly neverRecovers: number;
  readonly meanAbsoluteError: number;
  /** Mean of the error with its sign: above 0, recoveries were predicted too long. */
  readonly bias: number;
  readonly within20Percent: number;
  readonly within30Percent: number;
  /** Of predicted and measured recovery; null below three runs. */
  readonly correlation: number | null;
}

/** One interval as the only one to fit on. */
export interface SingleInterval {
  readonly intervalSeconds: number;
  readonly n: number;
  readonly fit: RecoveryFit | RecoveryFitProblem;
  /** Simulated with this fit, on the other intervals; null without a fit. */
  readonly heldBack: PredictionErrors | null;
}

export interface RecoveryCalibration {
  readonly options: RecoveryCalibrationOptions;
  readonly fitIntervalSeconds: number;
  readonly fit: RecoveryFit;
  readonly points: readonly RecoveryComparison[];
  /** Simulated against measured, on the runs of the fit and on the others. */
  readonly fitted: PredictionErrors;
  readonly heldBack: PredictionErrors;
  readonly usable: PredictionErrors;
  readonly byInterval: readonly (PredictionErrors & { readonly intervalSeconds: number })[];
  readonly singleIntervals: readonly SingleInterval[];
  /** One fit on all usable runs, and every interval predicted by a fit on the others. */
  readonly together: {
    readonly fit: RecoveryFit;
    readonly errors: PredictionErrors;
    /** Null when leaving an interval out leaves too little. */
    readonly leaveOneIntervalOut: PredictionErrors | null;
  };
}

/** Why there is no calibration, and what would help. */
export interface CalibrationProblem {
  readonly problem: string;
  readonly remedy: string;
}

/**
 * From this load on a run counts as overloaded: its recovery time means (recovery - D) / (recovery + age) of capacity, and
 * near 1 recovery says more of the last per cent of capacity than of the job.
 */
export const OVERLOADED_FROM: number = 0.9;

/** The load at which the model would take as long as was measured. */
function impliedLoad({ outageSeconds }: RecoveryFit, { recoverySeconds, ageSeconds }: AgedRun): number {
  return (recoverySeconds - outageSeconds) / (recoverySeconds + ageSeconds);
}

/** Fits, predicts, simulates and compares. */
export function calibrateRecovery(
  runs: readonly RecoveryRun[],
  options: RecoveryCalibrationOptions,
): RecoveryCalibration | CalibrationProblem {
  const aged = runs.map((run) => ({ ...run, ageSeconds: run.intervalSeconds - options.beforeCheckpointSeconds }));
  const first = aged.find(({ ageSeconds }) => ageSeconds < 0);
  if (first !== undefined)
    return {
      problem: `failures cannot strike ${options.beforeCheckpointSeconds} s before the next checkpoint at an interval of ${first.intervalSeconds} s`,
      remedy: 'give the time before the next checkpoint in seconds, below the shortest interval',
    };
  const together = withoutOverloaded(aged);
  if ('problem' in together) return together;
  const { usable, fit: fitTogether } = together;
  const intervals = [...new Set(usable.map(({ intervalSeconds }) => intervalSeconds))].sort((a, b) => a - b);
  if (intervals.length < 2)
    return {
      problem: `has usable runs at one checkpoint interval only, ${intervals[0]} s: nothing can be held back`,
      remedy: 'measure at a second interval',
    };
  const singleIntervals = intervals.map((interval) => singleInterval(usable, interval));
  const chosen = chooseInterval(singleIntervals, options.fitIntervalSeconds);
  if ('problem' in chosen) return chosen;
  const { fit, intervalSeconds } = chosen;
  const points = aged.map((run): RecoveryComparison => {
    const seconds = modelRecoverySeconds(fit, run);
    const modelSeconds = seconds < Infinity ? seconds : null;
    const simulatedSeconds = simulatedRecoverySeconds(fit, run);
    const role = !usable.includes(run) ? 'overloaded' : run.intervalSeconds === intervalSeconds ? 'fitted' : 'heldBack';
    const error = simulatedSeconds === null ? null : relativeError(simulatedSeconds, run);
    return { ...run, role, modelSeconds, simulatedSeconds, error };
  });
  const errorsWhere = (isWanted: (point: RecoveryComparison) => boolean): PredictionErrors =>
    predictionErrors(points.filter(isWanted).map((point) => [point, point.simulatedSeconds] as const));
  return {
    options,
    fitIntervalSeconds: intervalSeconds,
    fit,
    points,
    fitted: errorsWhere(({ role }) => role === 'fitted'),
    heldBack: errorsWhere(({ role }) => role === 'heldBack'),
    usable: errorsWhere(({ role }) => role !== 'overloaded'),
    byInterval: intervals.map((interval) => ({
      intervalSeconds: interval,
      ...errorsWhere((point) => point.role !== 'overloaded' && point.intervalSeconds === interval),
    })),
    singleIntervals,
    together: {
      fit: fitTogether,
      errors: simulatedErrors(fitTogether, usable),
      leaveOneIntervalOut: leaveOneIntervalOut(usable, intervals),
    },
  };
}

/** Fits everything, leaves out what turns out to be overloaded, and fits again until nothing more is left out. */
function withoutOverloaded(
  runs: readonly AgedRun[],
): { readonly usable: readonly AgedRun[]; readonly fit: RecoveryFit } | CalibrationProblem {
  let usable = runs;
  // Each round leaves out one run at least.
  for (let rounds = 0; rounds <= runs.length; rounds++) {
    const fit = fitRecovery(usable);
    if (fit === 'tooFew' && usable.length < runs.length)
      return {
        problem: `has ${runs.length} runs, of which ${runs.length - usable.length} are overloaded: their recovery times mean a load above ${100 * OVERLOADED_FROM} % of capacity`,
        remedy: 'measure at loads that the job can catch up from',
      };
    if (typeof fit === 'string') return fitProblem(fit, `its ${runs.length} runs`);
    const kept = usable.filter((run) => impliedLoad(fit, run) < OVERLOADED_FROM);
    if (kept.length === usable.length) return { usable, fit };
    usable = kept;
  }
  throw new Error('leaving out overloaded runs did not come to an end');
}

function fitProblem(problem: RecoveryFitProblem, what: string): CalibrationProblem {
  switch (problem) {
    case 'tooFew':
      return {
        problem: `${what} are too few for a fit of two parameters`,
        remedy: 'it takes at least 3 usable runs at different loads',
      };
    case 'capacityUndetermined':
      return {
        problem: `in ${what} recovery does not take longer under more load, so that they say nothing of the capacity`,
        remedy: 'measure up to loads near the capacity; check that the columns are not exchanged',
      };
    case 'outageNegative':
      return {
        problem: `${what} recover faster than a job could that only has to catch up`,
        remedy: 'check that intervals and recovery times are in seconds',
      };
  }
}

function singleInterval(usable: readonly AgedRun[], intervalSeconds: number): SingleInterval {
  const own = usable.filter((run) => run.intervalSeconds === intervalSeconds);
  const fit = fitRecovery(own);
  const others = usable.filter((run) => run.intervalSeconds !== intervalSeconds);
  return {
    intervalSeconds,
    n: own.length,
    fit,
    heldBack: typeof fit === 'string' ? null : simulatedErrors(fit, others),
  };
}

function chooseInterval(
  candidates: readonly SingleInterval[],
  wanted: number | null,
): { readonly intervalSeconds: number; readonly fit: RecoveryFit } | CalibrationProblem {
  const names = candidates.map(({ intervalSeconds }) => intervalSeconds).join(', ');
  if (wanted !== null) {
    const candidate = candidates.find(({ intervalSeconds }) => intervalSeconds === wanted);
    if (candidate === undefined)
      return { problem: `has no usable run at a checkpoint interval of ${wanted} s`, remedy: `it has ${names} s` };
    const { fit, n, intervalSeconds } = candidate;
    if (typeof fit === 'string') return fitProblem(fit, `the ${n} usable runs at ${wanted} s`);
    return { intervalSeconds, fit };
  }
  let best: { readonly intervalSeconds: number; readonly fit: RecoveryFit } | null = null;
  for (const { intervalSeconds, fit } of candidates) {
    if (typeof fit === 'string') continue;
    if (best === null || fit.meanAbsoluteError < best.fit.meanAbsoluteError) best = { intervalSeconds, fit };
  }
  return (
    best ?? {
      problem: `has no checkpoint interval, of ${names} s, with enough runs for a fit of its own`,
      remedy: 'it takes at least 3 usable runs at different loads and one interval',
    }
  );
}

function leaveOneIntervalOut(usable: readonly AgedRun[], intervals: readonly number[]): PredictionErrors | null {
  const predictions: (readonly [AgedRun, number | null])[] = [];
  for (const interval of intervals) {
    const fit = fitRecovery(usable.filter(({ intervalSeconds }) => intervalSeconds !== interval));
    if (typeof fit === 'string') return null;
    for (const run of usable)
      if (run.intervalSeconds === interval) predictions.push([run, simulatedRecoverySeconds(fit, run)]);
  }
  return predictionErrors(predictions);
}

function simulatedErrors(fit: RecoveryFit, runs: readonly AgedRun[]): PredictionErrors {
  return predictionErrors(runs.map((run) => [run, simulatedRecoverySeconds(fit, run)] as const));
}

/** Compares predictions with measurements. */
export function predictionErrors(
  predictions: readonly (readonly [run: RecoveryRun, predictedSeconds: number | null])[],
): PredictionErrors {
  const n = predictions.length;
  const made = predictions.flatMap(([run, seconds]) =>
    seconds === null ? [] : [{ seconds, measured: run.recoverySeconds, error: relativeError(seconds, run) }],
  );
  const mean = (of: (each: (typeof made)[number]) => number): number =>
    made.reduce((sum, each) => sum + of(each), 0) / made.length;
  const shareWithin = (bound: number): number => made.filter(({ error }) => Math.abs(error) <= bound).length / n;
  return {
    n,
    neverRecovers: n - made.length,
    meanAbsoluteError: mean(({ error }) => Math.abs(error)),
    bias: mean(({ error }) => error),
    within20Percent: shareWithin(0.2),
    within30Percent: shareWithin(0.3),
    correlation: made.length < 3 ? null : correlation(made.map(({ seconds, measured }) => [seconds, measured])),
  };
}

/** Pearson's correlation of pairs; NaN where one of the two does not vary. */
export function correlation(pairs: readonly (readonly [number, number])[]): number {
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / pairs.length;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / pairs.length;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) * (x - meanX);
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) * (y - meanY);
  }
  return xy / Math.sqrt(xx * yy);
}
