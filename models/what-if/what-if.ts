/**
 * A job at other checkpoint intervals: what each costs, how late records are, how long recovery is and what is stored, from
 * simulated runs with common failures, beside the closed forms; and which power of the frequency each term of space follows.
 */
import type { FluidPlan } from '../fluid-job/index.ts';
import { closedFormFor, figuresOf, type PlanFigures } from '../tuning/closed-form.ts';
import { spread } from '../tuning/logarithmic-steps.ts';
import type { Prices } from '../tuning/objective.ts';
import type { Rounds } from '../tuning/tune.ts';
import { type ClosedCurves, closedCurves } from './closed-curves.ts';
import type { ConfiguredRun } from './configured-run.ts';
import { type CurveOf, type IntervalCurve, intervalCurve } from './interval-curve.ts';
import type { SpaceStudy } from './space-study.ts';
import { type IntervalRun, runWhatIfJob, type WhatIfJob, type WhatIfSample } from './what-if-job.ts';

export interface WhatIfOptions {
  readonly prices: Prices;
  readonly replications?: number;
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
  const curves: readonly CurveOf<IntervalRun>[] = [
    { measure: 'overhead', unit: 'share', form: closed.overhead, of: ({ overhead }) => overhead },
    { measure: 'latency', unit: 's', form: closed.latency, of: ({ latency_s }) => latency_s },
    { measure: 'recovery', unit: 's', form: closed.recovery, of: ({ recovery_mean_s }) => recovery_mean_s },
    { measure: 'recovery_p99', unit: 's', form: null, of: ({ recovery_p99_s }) => recovery_p99_s },
    { measure: 'storage', unit: 'bytes', form: closed.storage, of: ({ kept_bytes }) => kept_bytes },
  ];
  return curves.map((curve) => intervalCurve(points, runs, curve));
}

/** Evenly on a logarithm, from well below to well above both the configured interval and the best one. */
function intervalsAround(configured: number, best: number | null, figures: PlanFigures): number[] {
  const centre = best ?? configured;
  const from = Math.max(figures.pause_s * 2, Math.min(configured, centre) / 4);
  const to = Math.max(Math.max(configured, centre) * 4, from * 16);
  // Whole microseconds, as the runs have them.
  return spread(from, to, POINTS).map((interval_s) => Math.round(interval_s * 1e6) / 1e6);
}
