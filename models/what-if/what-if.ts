/**
 * A job at other checkpoint intervals: what each costs, how late records are, how long recovery is and what is stored, from
 * simulated runs with common failures, beside the closed forms; and which power of the frequency each term of space follows.
 */
import { portableExp, portableLog } from '../../sim/portable-math.ts';
import { quantileSorted, type Summary, summarise } from '../../sim/statistics.ts';
import { type FluidOutcome, type FluidPlan, simulateFluid } from '../fluid-job/index.ts';
import { closedFormFor, figuresOf, type PlanFigures } from '../tuning/closed-form.ts';
import { costOf, planFor, type Prices } from '../tuning/objective.ts';
import { withInterval } from '../tuning/tune-job.ts';
import { type ClosedCurve, closedCurves } from './closed-curves.ts';
import { type ConfiguredRun, configuredRun } from './configured-run.ts';
import { type SpaceStudy, spaceStudy } from './space-study.ts';

export interface WhatIfOptions {
  readonly seed: string | number;
  readonly prices: Prices;
  readonly replications?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A measure at one interval; null where the job cannot keep up, or no closed form is known. */
export interface IntervalPoint {
  readonly interval_s: number;
  /** Replications, and failures in each. */
  readonly n: number;
  readonly failures_per_run: number;
  readonly mean: number | null;
  /** Of the 95 % confidence interval of the mean. */
  readonly low: number | null;
  readonly high: number | null;
  readonly closed_form: number | null;
}

export type CurveMeasure = 'overhead' | 'latency' | 'recovery' | 'recovery_p99' | 'storage';

export interface IntervalCurve {
  readonly measure: CurveMeasure;
  readonly unit: 'share' | 's' | 'bytes';
  /** Names of the closed forms, as in `tidemark list models`; null: none is known. */
  readonly model: string | null;
  /** What the closed form does not know of this job. */
  readonly leaves_out: readonly string[];
  readonly points: readonly IntervalPoint[];
}

export interface WhatIf {
  /** What the curves are of: the job, or one of its containers. */
  readonly scope: 'job' | 'container';
  readonly configured_s: number;
  /** The exact optimum of the overhead; null where no closed form applies. */
  readonly closed_form_s: number | null;
  readonly figures: PlanFigures;
  readonly replications: number;
  readonly curves: readonly IntervalCurve[];
  readonly space: SpaceStudy;
  readonly configured: ConfiguredRun;
}

/** Intervals of a curve. */
const POINTS = 11;
const REPLICATIONS = 8;
/** A run is long enough for so many failures, or fewer where it would have to make more checkpoints than this, or is not made. */
const FAILURES = 60;
const FAILURES_LEAST = 4;
const CHECKPOINTS_OF_ONE_RUN = 200_000;
const CHECKPOINTS_MAX = 40_000;

/** The study; throws RangeError for a plan in which nothing fails. */
export function whatIf(plan: FluidPlan, scope: WhatIf['scope'], options: WhatIfOptions): WhatIf {
  const figures = figuresOf(plan);
  if (!(figures.failuresPerSecond > 0)) throw new RangeError('nothing ever fails in this plan');
  const replications = options.replications ?? REPLICATIONS;
  const configured = plan.checkpoint.intervalMicros / 1e6;
  const best = closedFormFor({ kind: 'utilisation' }, plan)?.interval_s ?? null;
  const intervals = intervalsAround(configured, best, figures);
  const failuresAt = (interval_s: number): number =>
    Math.min(FAILURES, Math.floor(CHECKPOINTS_MAX * interval_s * figures.failuresPerSecond));
  const closed = closedCurves(plan, figures);
  const rows = intervals.map((interval_s, i) => {
    const failures = failuresAt(interval_s);
    const saturated = withInterval(planFor({ kind: 'utilisation' }, plan), interval_s, failures);
    const loaded = withInterval(plan, interval_s, failures);
    const length = failures < FAILURES_LEAST ? 0 : replications;
    const runs = Array.from({ length }, (_, replication) => ({
      overhead: costOf(simulateFluid(saturated, options.seed, replication), { kind: 'utilisation' }, plan),
      outcome: simulateFluid(loaded, options.seed, replication),
    }));
    options.onProgress?.(i + 1, intervals.length + 1);
    return { interval_s, failures, runs };
  });
  const curve = (
    measure: CurveMeasure,
    unit: IntervalCurve['unit'],
    form: ClosedCurve | null,
    of: (run: { readonly overhead: number; readonly outcome: FluidOutcome }) => number,
  ): IntervalCurve => ({
    measure,
    unit,
    model: form?.model ?? null,
    leaves_out: form?.leavesOut ?? [],
    points: rows.map(({ interval_s, failures, runs }) => ({
      interval_s,
      failures_per_run: failures,
      ...meanOf(summarise(runs.map(of))),
      closed_form: finiteOrNull(form?.at(interval_s) ?? null),
    })),
  });
  const curves = [
    curve('overhead', 'share', closed.overhead, ({ overhead }) => overhead),
    curve('latency', 's', closed.latency, ({ outcome }) =>
      costOf(outcome, { kind: 'latency', view: 'first-output' }, plan),
    ),
    curve('recovery', 's', closed.recovery, ({ outcome }) => outcome.recoveries.total_us.mean / 1e6),
    curve('recovery_p99', 's', null, ({ outcome }) => recoveryP99(outcome)),
    curve('storage', 'bytes', closed.storage, ({ outcome }) => costOf(outcome, { kind: 'storage' }, plan)),
  ];
  const space = spaceStudy(plan, options.seed);
  options.onProgress?.(intervals.length + 1, intervals.length + 1);
  return {
    scope,
    configured_s: configured,
    closed_form_s: best,
    figures,
    replications,
    curves,
    space,
    configured: configuredRun(plan, {
      seed: options.seed,
      prices: options.prices,
      failures: Math.min(FAILURES, CHECKPOINTS_OF_ONE_RUN * configured * figures.failuresPerSecond),
    }),
  };
}

/** Evenly on a logarithm, from well below to well above both the configured interval and the best one. */
function intervalsAround(configured: number, best: number | null, figures: PlanFigures): number[] {
  const centre = best ?? configured;
  const from = Math.max(figures.pause_s * 2, Math.min(configured, centre) / 4);
  const to = Math.max(Math.max(configured, centre) * 4, from * 16);
  const step = portableLog(to / from) / (POINTS - 1);
  // Whole microseconds, as the runs have them.
  return Array.from({ length: POINTS }, (_, i) => Math.round(from * portableExp(i * step) * 1e6) / 1e6);
}

function meanOf({ n, mean, halfWidth95 }: Summary): Pick<IntervalPoint, 'n' | 'mean' | 'low' | 'high'> {
  if (!Number.isFinite(mean)) return { n, mean: null, low: null, high: null };
  const isKnown = Number.isFinite(halfWidth95);
  return { n, mean, low: isKnown ? mean - halfWidth95 : null, high: isKnown ? mean + halfWidth95 : null };
}

function recoveryP99({ recoveries }: FluidOutcome): number {
  const totals = recoveries.list.flatMap(({ failedAt_us, caughtUpAt_us }) =>
    caughtUpAt_us === null ? [] : [(caughtUpAt_us - failedAt_us) / 1e6],
  );
  return quantileSorted(
    totals.toSorted((a, b) => a - b),
    0.99,
  );
}

const finiteOrNull = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
