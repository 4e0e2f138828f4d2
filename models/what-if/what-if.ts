/**
 * A job at other checkpoint intervals: what each costs, how late records are, how long recovery is and what is stored, from
 * simulated runs with common failures, beside the closed forms; and which power of the frequency each term of space follows.
 */
import { portableExp, portableLog } from '../../sim/portable-math.ts';
import { quantileSorted, type Summary, summarise } from '../../sim/statistics.ts';
import {
  type FluidOutcome,
  type FluidPlan,
  measureClaims,
  simulateFluid,
  type SpaceClaim,
} from '../fluid-job/index.ts';
import { closedFormFor, figuresOf, type PlanFigures } from '../tuning/closed-form.ts';
import { costOf, planFor } from '../tuning/objective.ts';
import { withInterval } from '../tuning/tune-job.ts';
import { type ClosedCurve, closedCurves } from './closed-curves.ts';

export interface WhatIfOptions {
  readonly seed: string | number;
  readonly replications?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A measure at one interval; null where the job cannot keep up, or no closed form is known. */
export interface IntervalPoint {
  readonly interval_s: number;
  readonly n: number;
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

/** A term of space against the frequency of checkpoints. */
export interface SpaceRow {
  readonly term: SpaceClaim['term'];
  /** Of a power law of the frequency; -1 is inversely proportional. */
  readonly exponent: number;
  readonly r_squared: number;
  readonly regime: SpaceClaim['regime'];
}

export interface SpacePoint {
  readonly interval_s: number;
  readonly per_s: number;
  readonly replay_log_bytes: number | null;
  readonly changelog_bytes: number | null;
  readonly retained_bytes: number | null;
  readonly history_bytes: number | null;
  readonly uploading_bytes: number | null;
  readonly written_bytes_per_s: number | null;
  /** The term that needs most. */
  readonly dominant: SpaceClaim['term'];
}

export interface SpaceStudy {
  readonly terms: readonly SpaceRow[];
  readonly points: readonly SpacePoint[];
  /** How long snapshots are kept for the term `history`, s. */
  readonly history_s: number;
  /** How many snapshots are kept for the term `retained`. */
  readonly retained_snapshots: number;
  /** Of the frequency of materialisation, for the log behind the snapshot; null without a changelog. */
  readonly log_against_materialization: { readonly exponent: number; readonly r_squared: number } | null;
}

export interface WhatIf {
  /** What the curves are of: the job, or one of its containers. */
  readonly scope: 'job' | 'container';
  readonly configured_s: number;
  /** The exact optimum of the overhead; null where no closed form applies. */
  readonly closed_form_s: number | null;
  readonly figures: PlanFigures;
  readonly replications: number;
  readonly failures_per_run: number;
  readonly curves: readonly IntervalCurve[];
  readonly space: SpaceStudy;
}

/** Intervals of a curve. */
const POINTS = 11;
const REPLICATIONS = 8;
/** A run is long enough for so many failures, unless it would have to make more checkpoints than this. */
const FAILURES = 60;
const CHECKPOINTS_MAX = 40_000;

/** The study; throws RangeError for a plan in which nothing fails. */
export function whatIf(plan: FluidPlan, scope: WhatIf['scope'], options: WhatIfOptions): WhatIf {
  const figures = figuresOf(plan);
  if (!(figures.failuresPerSecond > 0)) throw new RangeError('nothing ever fails in this plan');
  const replications = options.replications ?? REPLICATIONS;
  const configured = plan.checkpoint.intervalMicros / 1e6;
  const best = closedFormFor({ kind: 'utilisation' }, plan)?.interval_s ?? null;
  const intervals = intervalsAround(configured, best, figures);
  const failures = Math.max(
    4,
    Math.min(FAILURES, Math.floor(CHECKPOINTS_MAX * intervals[0]! * figures.failuresPerSecond)),
  );
  const closed = closedCurves(plan, figures);
  const rows = intervals.map((interval_s, i) => {
    const saturated = withInterval(planFor({ kind: 'utilisation' }, plan), interval_s, failures);
    const loaded = withInterval(plan, interval_s, failures);
    const runs = Array.from({ length: replications }, (_, replication) => ({
      overhead: costOf(simulateFluid(saturated, options.seed, replication), { kind: 'utilisation' }, plan),
      outcome: simulateFluid(loaded, options.seed, replication),
    }));
    options.onProgress?.(i + 1, intervals.length + 1);
    return { interval_s, runs };
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
    points: rows.map(({ interval_s, runs }) => ({
      interval_s,
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
  const space = spaceStudy(plan, configured, options.seed);
  options.onProgress?.(intervals.length + 1, intervals.length + 1);
  return {
    scope,
    configured_s: configured,
    closed_form_s: best,
    figures,
    replications,
    failures_per_run: failures,
    curves,
    space,
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

function meanOf({ n, mean, halfWidth95 }: Summary): Omit<IntervalPoint, 'interval_s' | 'closed_form'> {
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

/** Periods of the study of space, as multiples of the configured interval. */
const SPACE_FACTORS = [0.25, 0.5, 1, 2, 4] as const;
/** A history holds so many of the longest periods where the plan keeps none, and a run so many histories. */
const HISTORY_PERIODS = 20;
const HISTORIES = 4;

/** The study measures time against state, too, of which nothing is said here. */
const SIZES_UNUSED = [1e6, 2e6] as const;

/** Without failures, so that a term is what it is by itself (models.md §6.1). */
function spaceStudy(plan: FluidPlan, configured: number, seed: string | number): SpaceStudy {
  const pause = figuresOf(plan).pause_s;
  const periodsMicros = SPACE_FACTORS.map((factor) => Math.round(Math.max(configured, 8 * pause) * factor * 1e6));
  const longest = periodsMicros.at(-1)!;
  const historyMicros = plan.measure.historyMicros > 0 ? plan.measure.historyMicros : HISTORY_PERIODS * longest;
  const studied: FluidPlan = {
    ...plan,
    failures: [],
    end: { kind: 'time', micros: HISTORIES * Math.max(historyMicros, HISTORY_PERIODS * longest) },
    measure: { ...plan.measure, historyMicros },
  };
  const { spaceAgainstFrequency, logAgainstMaterialization, dominant } = measureClaims(studied, {
    stateBytes: SIZES_UNUSED,
    periodsMicros,
    seed,
  });
  const at = (term: SpaceClaim['term'], i: number): number | null =>
    spaceAgainstFrequency.find((claim) => claim.term === term)?.points[i]?.[1] ?? null;
  return {
    terms: spaceAgainstFrequency.map(({ term, exponent, rSquared, regime }) => ({
      term,
      exponent,
      r_squared: rSquared,
      regime,
    })),
    points: periodsMicros.map((period, i) => ({
      interval_s: period / 1e6,
      per_s: 1e6 / period,
      replay_log_bytes: at('replayLog', i),
      changelog_bytes: at('changelog', i),
      retained_bytes: at('retained', i),
      history_bytes: at('history', i),
      uploading_bytes: at('uploading', i),
      written_bytes_per_s: at('writtenPerSecond', i),
      dominant: dominant[i]!.term,
    })),
    history_s: historyMicros / 1e6,
    retained_snapshots: plan.measure.retainedSnapshots,
    log_against_materialization:
      logAgainstMaterialization === null
        ? null
        : { exponent: logAgainstMaterialization.exponent, r_squared: logAgainstMaterialization.rSquared },
  };
}
