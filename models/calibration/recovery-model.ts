/**
 * Recovery of a stream job in two parameters (models.md §5.1): an outage D, then catching up at capacity mu what arrived
 * meanwhile and what has to be replayed. Recovery = (D + age rho) / (1 - rho) with rho = load / mu. The fit minimises relative
 * errors, since measured recovery times scatter by a share of themselves: those of Khaos, 70 s to 600 s, by 15 %. Relative to what was
 * measured, as models.md §11.1 does; that weighs short recoveries more, and makes the outage too short by about twice the
 * square of the scatter (at 15 % by 4 %).
 */

/** One measured recovery. */
export interface RecoveryRun {
  readonly intervalSeconds: number;
  readonly recordsPerSecond: number;
  /** From the failure until the job is as if nothing had happened. */
  readonly recoverySeconds: number;
}

/** A run with the age of its newest completed checkpoint at the failure. */
export interface AgedRun extends RecoveryRun {
  readonly ageSeconds: number;
}

/** What the model needs to know of a job. */
export interface RecoveryParameters {
  /** Detection, restart and restore. */
  readonly outageSeconds: number;
  readonly capacityPerSecond: number;
}

export interface RecoveryFit extends RecoveryParameters {
  readonly n: number;
  readonly outageStandardError: number;
  readonly capacityStandardError: number;
  /** Correlation of the two estimates. */
  readonly correlation: number;
  /** Scatter of recovery times about the model, as a share; divisor n - 2. */
  readonly scatter: number;
  /** Mean of |model / measured - 1| over the runs of the fit. */
  readonly meanAbsoluteError: number;
}

/** Why there is no fit. */
export type RecoveryFitProblem =
  /** Fewer than three runs. */
  | 'tooFew'
  /** Recovery does not rise with the load, so that any large capacity fits as well. */
  | 'capacityUndetermined'
  /** Recoveries are shorter than catching up alone would take. */
  | 'outageNegative';

/** Seconds from the failure to no backlog; Infinity for a load that the capacity does not exceed. */
export function modelRecoverySeconds(
  { outageSeconds, capacityPerSecond }: RecoveryParameters,
  { recordsPerSecond, ageSeconds }: Pick<AgedRun, 'recordsPerSecond' | 'ageSeconds'>,
): number {
  const rho = recordsPerSecond / capacityPerSecond;
  return rho < 1 ? (outageSeconds + ageSeconds * rho) / (1 - rho) : Infinity;
}

/** Model over measured, less 1. */
export function relativeError(predictedSeconds: number, { recoverySeconds }: RecoveryRun): number {
  return predictedSeconds / recoverySeconds - 1;
}

/** How finely the load of the busiest run is looked through, before the best place is narrowed down. */
const GRID = 400;
/** Steps of the golden section: 60 of them leave 3e-13 of the width. */
const SECTIONS = 60;

/**
 * D and mu that minimise the sum of squared relative errors. For a given capacity the best outage is a linear problem, so one
 * parameter is left to search: a grid over the load of the busiest run, then the golden section.
 */
export function fitRecovery(runs: readonly AgedRun[]): RecoveryFit | RecoveryFitProblem {
  if (runs.length < 3) return 'tooFew';
  const busiest = Math.max(...runs.map(({ recordsPerSecond }) => recordsPerSecond));
  const squaresAt = (load: number): number => profile(runs, busiest / load).squares;
  let best = 1;
  for (let i = 2; i < GRID; i++) if (squaresAt(i / GRID) < squaresAt(best / GRID)) best = i;
  const load = goldenSection(squaresAt, Math.max(1e-9, (best - 1) / GRID), Math.min(1 - 1e-9, (best + 1) / GRID));
  if (load < 1 / GRID || !(squaresAt(load) < squaresAt(1e-9))) return 'capacityUndetermined';
  const capacityPerSecond = busiest / load;
  const { outageSeconds } = profile(runs, capacityPerSecond);
  if (outageSeconds < 0) return 'outageNegative';
  return described(runs, { outageSeconds, capacityPerSecond });
}

/** The best outage for a capacity above every load, and what it leaves. */
function profile(
  runs: readonly AgedRun[],
  capacityPerSecond: number,
): { readonly outageSeconds: number; readonly squares: number } {
  // The relative error is w D + c: linear in D.
  const terms = runs.map(({ recordsPerSecond, ageSeconds, recoverySeconds }) => {
    const rho = recordsPerSecond / capacityPerSecond;
    const w = 1 / ((1 - rho) * recoverySeconds);
    return [w, w * ageSeconds * rho - 1] as const;
  });
  const ww = terms.reduce((sum, [w]) => sum + w * w, 0);
  const outageSeconds = -terms.reduce((sum, [w, c]) => sum + w * c, 0) / ww;
  return { outageSeconds, squares: terms.reduce((sum, [w, c]) => sum + square(w * outageSeconds + c), 0) };
}

function goldenSection(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atLeft, atRight] = [f(left), f(right)];
  for (let i = 0; i < SECTIONS; i++) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - ratio * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + ratio * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}

function squaresOf(runs: readonly AgedRun[], parameters: RecoveryParameters): number {
  return runs.reduce((sum, run) => sum + square(relativeError(modelRecoverySeconds(parameters, run), run)), 0);
}

/** How the relative error of a run changes with the outage and with the capacity. */
function sensitivity(
  { outageSeconds, capacityPerSecond }: RecoveryParameters,
  { recordsPerSecond, ageSeconds, recoverySeconds }: AgedRun,
): readonly [perOutageSecond: number, perCapacity: number] {
  const rho = recordsPerSecond / capacityPerSecond;
  const up = 1 - rho;
  return [
    1 / (up * recoverySeconds),
    ((-rho / capacityPerSecond) * (ageSeconds + outageSeconds)) / (up * up * recoverySeconds),
  ];
}

/** Sums of squares and products of the sensitivities. */
function normalMatrix(
  runs: readonly AgedRun[],
  parameters: RecoveryParameters,
): { readonly dd: number; readonly dm: number; readonly mm: number } {
  let [dd, dm, mm] = [0, 0, 0];
  for (const run of runs) {
    const [d, m] = sensitivity(parameters, run);
    dd += d * d;
    dm += d * m;
    mm += m * m;
  }
  return { dd, dm, mm };
}

function described(runs: readonly AgedRun[], parameters: RecoveryParameters): RecoveryFit {
  const { dd, dm, mm } = normalMatrix(runs, parameters);
  const determinant = dd * mm - dm * dm;
  const variance = squaresOf(runs, parameters) / (runs.length - 2);
  const errors = runs.map((run) => Math.abs(relativeError(modelRecoverySeconds(parameters, run), run)));
  return {
    ...parameters,
    n: runs.length,
    outageStandardError: Math.sqrt((variance * mm) / determinant),
    capacityStandardError: Math.sqrt((variance * dd) / determinant),
    correlation: -dm / Math.sqrt(dd * mm),
    scatter: Math.sqrt(variance),
    meanAbsoluteError: errors.reduce((sum, error) => sum + error, 0) / runs.length,
  };
}

function square(x: number): number {
  return x * x;
}
