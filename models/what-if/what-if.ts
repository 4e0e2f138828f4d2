/**
 * A job at other checkpoint intervals: what each costs, how late records are, how long recovery is and what is stored, from
 * simulated runs with common failures, beside the closed forms; and which power of the frequency each term of space follows.
 */
import { portableExp, portableLog } from '../../sim/portable-math.ts';
import { type Summary, summarise } from '../../sim/statistics.ts';
import type { FluidPlan } from '../fluid-job/index.ts';
import { closedFormFor, figuresOf, type PlanFigures } from '../tuning/closed-form.ts';
import type { Prices } from '../tuning/objective.ts';
import type { Rounds } from '../tuning/tune.ts';
import { type ClosedCurve, type ClosedCurves, closedCurves } from './closed-curves.ts';
import type { ConfiguredRun } from './configured-run.ts';
import type { SpaceStudy } from './space-study.ts';
import { type IntervalRun, runWhatIfJob, type WhatIfJob, type WhatIfSample } from './what-if-job.ts';

export interface WhatIfOptions {
  readonly prices: Prices;
  readonly replications?: number;
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

/** The study on one core; throws RangeError for a plan in which nothing fails. */
export function whatIf(
  plan: FluidPlan,
  scope: WhatIf['scope'],
  { seed, ...options }: WhatIfOptions & { readonly seed: string | number },
): WhatIf {
  const rounds = whatIfRounds(plan, scope, options);
  for (let step = rounds.next(); ;) {
    if (step.done === true) return step.value;
    step = rounds.next(step.value.map((job) => runWhatIfJob(job, seed)));
  }
}

/** The study as rounds of parts, to be made in any order; throws RangeError for a plan in which nothing fails. */
export function* whatIfRounds(
  plan: FluidPlan,
  scope: WhatIf['scope'],
  { prices, replications = REPLICATIONS }: WhatIfOptions,
): Rounds<WhatIf, WhatIfJob, WhatIfSample> {
  const figures = figuresOf(plan);
  if (!(figures.failuresPerSecond > 0)) throw new RangeError('nothing ever fails in this plan');
  const configured = plan.checkpoint.intervalMicros / 1e6;
  const best = closedFormFor({ kind: 'utilisation' }, plan)?.interval_s ?? null;
  const points = intervalsAround(configured, best, figures).map((interval_s) => ({
    interval_s,
    failures: Math.min(FAILURES, Math.floor(CHECKPOINTS_MAX * interval_s * figures.failuresPerSecond)),
  }));
  const failures = Math.min(FAILURES, CHECKPOINTS_OF_ONE_RUN * configured * figures.failuresPerSecond);
  // The longest parts first, so that no core waits for them at the end.
  const samples = yield [
    { kind: 'space', plan },
    { kind: 'configured', plan, prices, failures },
    ...points.flatMap((point) =>
      Array.from({ length: point.failures < FAILURES_LEAST ? 0 : replications }, (_, replication): WhatIfJob => {
        return { kind: 'interval', plan, ...point, replication };
      }),
    ),
  ];
  const runs = samples.filter((sample) => sample.kind === 'interval');
  return {
    scope,
    configured_s: configured,
    closed_form_s: best,
    figures,
    replications,
    curves: curvesOf(points, runs, closedCurves(plan, figures)),
    space: samples.find((sample) => sample.kind === 'space')!.study,
    configured: samples.find((sample) => sample.kind === 'configured')!.run,
  };
}

interface Point {
  readonly interval_s: number;
  readonly failures: number;
}

function curvesOf(points: readonly Point[], runs: readonly IntervalRun[], closed: ClosedCurves): IntervalCurve[] {
  const curve = (
    measure: CurveMeasure,
    unit: IntervalCurve['unit'],
    form: ClosedCurve | null,
    of: (run: IntervalRun) => number,
  ): IntervalCurve => ({
    measure,
    unit,
    model: form?.model ?? null,
    leaves_out: form?.leavesOut ?? [],
    points: points.map(({ interval_s, failures }) => ({
      interval_s,
      failures_per_run: failures,
      ...meanOf(summarise(runs.filter((run) => run.interval_s === interval_s).map(of))),
      closed_form: finiteOrNull(form?.at(interval_s) ?? null),
    })),
  });
  return [
    curve('overhead', 'share', closed.overhead, ({ overhead }) => overhead),
    curve('latency', 's', closed.latency, ({ latency_s }) => latency_s),
    curve('recovery', 's', closed.recovery, ({ recovery_mean_s }) => recovery_mean_s),
    curve('recovery_p99', 's', null, ({ recovery_p99_s }) => recovery_p99_s),
    curve('storage', 'bytes', closed.storage, ({ kept_bytes }) => kept_bytes),
  ];
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

const finiteOrNull = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
