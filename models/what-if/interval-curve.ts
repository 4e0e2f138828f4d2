/** A measure against the checkpoint interval: simulated means with their bands, and a closed form beside them where one is known. */
import { type Summary, summarise } from '../../sim/statistics.ts';
import type { ClosedCurve } from './closed-curves.ts';

/** A measure at one interval; null where the job cannot keep up, or no closed form is known. */
export interface IntervalPoint {
  readonly interval_s: number;
  /** Replications, and failures in each. */
  readonly n: number;
  readonly failures_per_run: number;
  readonly mean: number | null;
  /** Of the 95 % confidence interval of the mean; nothing measured here is below 0. */
  readonly low: number | null;
  readonly high: number | null;
  readonly closed_form: number | null;
}

export type CurveMeasure = 'overhead' | 'latency' | 'recovery' | 'recovery_p99' | 'replayed' | 'storage';

export interface IntervalCurve {
  readonly measure: CurveMeasure;
  readonly unit: 'share' | 's' | 'bytes' | 'records';
  /** Names of the closed forms, as in `tidemark list models`; null: none is known. */
  readonly model: string | null;
  /** What the closed form does not know of this job. */
  readonly leaves_out: readonly string[];
  readonly points: readonly IntervalPoint[];
}

/** Which measure a curve is of, what predicts it, and where it stands in a run; a run that does not have it has null. */
export interface CurveOf<Run> {
  readonly measure: CurveMeasure;
  readonly unit: IntervalCurve['unit'];
  readonly form: ClosedCurve | null;
  readonly of: (run: Run) => number | null;
}

/** The curve over all points, each from the runs at its interval. */
export function intervalCurve<Run extends { readonly interval_s: number }>(
  points: readonly { readonly interval_s: number; readonly failures: number }[],
  runs: readonly Run[],
  { measure, unit, form, of }: CurveOf<Run>,
): IntervalCurve {
  return {
    measure,
    unit,
    model: form?.model ?? null,
    leaves_out: form?.leavesOut ?? [],
    points: points.map(({ interval_s, failures }) => ({
      interval_s,
      failures_per_run: failures,
      ...bandOf(
        summarise(runs.flatMap((run) => (run.interval_s === interval_s ? [of(run)] : [])).filter((x) => x !== null)),
      ),
      closed_form: finiteOrNull(form?.at(interval_s) ?? null),
    })),
  };
}

function bandOf({ n, mean, halfWidth95 }: Summary): Pick<IntervalPoint, 'n' | 'mean' | 'low' | 'high'> {
  if (!Number.isFinite(mean)) return { n, mean: null, low: null, high: null };
  const isKnown = Number.isFinite(halfWidth95);
  return { n, mean, low: isKnown ? Math.max(0, mean - halfWidth95) : null, high: isKnown ? mean + halfWidth95 : null };
}

const finiteOrNull = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
