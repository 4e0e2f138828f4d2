/**
 * A dataflow job at other checkpoint intervals: a few runs at each, record by record, under common random numbers. The runs
 * are as long as four of the longest interval, or as the job's own run where that is longer and there is time for it.
 */
import type { FlowJobOutcome } from '../flow-job/outcome.ts';
import type { FlowJobPlan } from '../flow-job/plan.ts';
import type { Rounds } from '../tuning/tune.ts';
import { type FlowClosedCurves, flowClosedCurves, type FlowFigures, flowFigures } from './flow-closed-curves.ts';
import { type FlowIntervalJob, flowIntervalRun, type FlowIntervalRun } from './flow-interval-run.ts';
import { type CurveOf, type IntervalCurve, intervalCurve } from './interval-curve.ts';

export interface FlowWhatIf {
  readonly scope: 'dataflow';
  readonly configured_s: number;
  /** No closed form weighs what a dataflow job pays against what it loses. */
  readonly closed_form_s: null;
  /** What the closed forms were given; null: no checkpoint completed, so there are none. */
  readonly figures: FlowFigures | null;
  readonly replications: number;
  /** Of each run, and of it the beginning, which does not count. */
  readonly simulated_s: number;
  readonly warm_up_s: number;
  /** How the failures come about. */
  readonly failures: 'moved' | 'drawn' | 'none';
  readonly struck: number;
  /** Failures that no source had caught up with by the end of its run: they have no recovery. */
  readonly cut_off: number;
  readonly curves: readonly IntervalCurve[];
}

/** Checkpoints in the shortest run at each interval. */
const CHECKPOINTS = [48, 32, 20, 12, 8, 4] as const;
/** Of them, those at the configured interval and at the longest. */
const CONFIGURED = 12;
const LONGEST = 4;
const REPLICATIONS = { least: 6, most: 12 } as const;
/** Events of all runs: what two cores make in some fifteen seconds; and the most that is begun at all. */
const EVENTS = 56e6;
const EVENTS_MAX = 400e6;

/** The study on one core. */
export function flowWhatIf(plan: FlowJobPlan, protocol: string, run: FlowJobOutcome): FlowWhatIf {
  const rounds = flowWhatIfRounds(plan, protocol, run);
  for (let step = rounds.next(); ;) {
    if (step.done === true) return step.value;
    step = rounds.next(step.value.map(flowIntervalRun));
  }
}

/**
 * The study as a round of runs; `configured` is of the same job as it is, and says how many events a second takes. Throws
 * RangeError for a job without an interval, or one that takes too long.
 */
export function* flowWhatIfRounds(
  plan: FlowJobPlan,
  protocol: string,
  configured: FlowJobOutcome,
): Rounds<FlowWhatIf, FlowIntervalJob, FlowIntervalRun> {
  const { intervalMicros } = plan.checkpoints;
  if (intervalMicros <= 0) throw new RangeError('the job makes no checkpoints: there is no interval to vary');
  const { horizonMicros, replications } = sizeOf(plan, configured);
  const longestMicros = (CONFIGURED / LONGEST) * intervalMicros;
  // By then the first checkpoint has been asked for at the longest interval, too.
  const fromMicros = Math.floor(horizonMicros / LONGEST);
  const intervals = CHECKPOINTS.map((count) => Math.round((CONFIGURED / count) * intervalMicros) / 1e6);
  const jobs = intervals.flatMap((interval_s) =>
    Array.from({ length: replications }, (_, replication): FlowIntervalJob => {
      const run = { kind: 'flow-interval', plan, protocol, interval_s, replication, replications } as const;
      return { ...run, horizonMicros, fromMicros };
    }),
  );
  const runs = yield jobs;
  const { crashes, mtbfMicros } = plan.faults;
  const first = Math.min(...crashes.map(({ atMicros }) => atMicros));
  const inTime = crashes.filter(({ atMicros }) => fromMicros + longestMicros + atMicros - first < horizonMicros);
  const perSecond = (inTime.length * 1e6) / (horizonMicros - fromMicros) + (mtbfMicros > 0 ? 1e6 / mtbfMicros : 0);
  const figures = flowFigures(plan, configured, perSecond);
  const struck = runs.reduce((sum, { failures }) => sum + failures, 0);
  return {
    scope: 'dataflow',
    configured_s: intervalMicros / 1e6,
    closed_form_s: null,
    figures,
    replications,
    simulated_s: horizonMicros / 1e6,
    warm_up_s: fromMicros / 1e6,
    failures: crashes.length > 0 ? 'moved' : mtbfMicros > 0 ? 'drawn' : 'none',
    struck,
    cut_off: struck - runs.reduce((sum, { caught_up: each }) => sum + each, 0),
    curves: curvesOf(intervals, runs, figures === null ? null : flowClosedCurves(plan, figures)),
  };
}

/** As long as the job's own run where there is time for that, and a little longer than its last checkpoints. */
function sizeOf(plan: FlowJobPlan, run: FlowJobOutcome): { horizonMicros: number; replications: number } {
  const shortest = CONFIGURED * plan.checkpoints.intervalMicros;
  const eventsOf = (times: number): number => (CHECKPOINTS.length * times * shortest * run.events) / run.horizon_us;
  const wanted = Math.max(1, Math.round(plan.horizonMicros / shortest));
  const affordable = Math.floor(EVENTS / (REPLICATIONS.least * eventsOf(1)));
  const times = Math.max(1, Math.min(wanted, affordable));
  const replications = Math.floor(EVENTS / eventsOf(times));
  if (REPLICATIONS.least * eventsOf(times) > EVENTS_MAX) {
    const millions = Math.round((REPLICATIONS.least * eventsOf(times)) / 1e6);
    throw new RangeError(
      `runs at other intervals would take ${millions} million events, more than the ${EVENTS_MAX / 1e6} million that are simulated for a report; try one with --set checkpoints.interval_ms=`,
    );
  }
  return {
    horizonMicros: times * shortest + Math.floor(plan.checkpoints.intervalMicros / 8),
    replications: Math.min(REPLICATIONS.most, Math.max(REPLICATIONS.least, replications)),
  };
}

function curvesOf(
  intervals: readonly number[],
  runs: readonly FlowIntervalRun[],
  closed: FlowClosedCurves | null,
): IntervalCurve[] {
  const points = intervals.map((interval_s) => {
    const here = runs.filter((run) => run.interval_s === interval_s);
    return { interval_s, failures: here.reduce((sum, { failures }) => sum + failures, 0) / here.length };
  });
  const curves: readonly CurveOf<FlowIntervalRun>[] = [
    {
      measure: 'overhead',
      unit: 'share',
      form: closed?.overhead ?? null,
      of: ({ shares }) => shares.overhead_share,
    },
    { measure: 'latency', unit: 's', form: closed?.latency ?? null, of: ({ latency_s }) => latency_s },
    { measure: 'recovery', unit: 's', form: closed?.recovery ?? null, of: ({ recovery_mean_s }) => recovery_mean_s },
    {
      measure: 'replayed',
      unit: 'records',
      form: closed?.replayed ?? null,
      of: ({ replayed_records }) => replayed_records,
    },
    { measure: 'storage', unit: 'bytes', form: closed?.storage ?? null, of: ({ kept_bytes }) => kept_bytes },
  ];
  return curves
    .map((curve) => intervalCurve(points, runs, curve))
    .filter(({ points: of }) => of.some(({ mean }) => mean !== null));
}
