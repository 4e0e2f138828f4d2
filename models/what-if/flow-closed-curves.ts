/** The closed forms for a dataflow job: what they ask for is read off its plan and off a run at the configured interval. */
import type { FlowJobOutcome } from '../flow-job/outcome.ts';
import type { FlowJobPlan } from '../flow-job/plan.ts';
import { meanOf } from '../comparison/metrics.ts';
import { transactionalSinkLatencyQuantile } from '../performance/latency.ts';
import { logRetentionMeanBytes } from '../performance/space.ts';
import { expectedCheckpointAgeWithFailedCheckpoints } from '../performance/stream-utilization.ts';
import type { PlanFigures } from '../tuning/closed-form.ts';
import { type ClosedCurve, latencyCurve, recoveryCurve } from './closed-curves.ts';
import { inputPerSecond } from './flow-interval-run.ts';

export interface FlowFigures extends PlanFigures {
  /** Share of its time that the busiest task works, and that a task works in the mean. */
  readonly utilization: number;
  readonly mean_utilization: number;
}

export type FlowClosedCurves = Readonly<
  Record<'overhead' | 'latency' | 'recovery' | 'replayed' | 'storage', ClosedCurve | null>
>;

/** Nearer to its limit than this a job hardly catches up, and no form holds. */
const UTILIZATION_MAX = 0.95;

const MEBIBYTE = 2 ** 20;

/** Null where no checkpoint completed in the run; `failuresPerSecond` is that of the runs to be predicted. */
export function flowFigures(plan: FlowJobPlan, run: FlowJobOutcome, failuresPerSecond: number): FlowFigures | null {
  const { costs, tasks, restart } = plan;
  const completed = run.checkpoints.filter(({ status }) => status === 'completed');
  const duration = meanOf(completed.map(({ duration_us: micros }) => micros));
  if (duration === null) return null;
  const useful = run.budget.map(({ useful_us: micros }) => micros / run.horizon_us);
  const pauses = tasks.map(
    ({ stateBytes }) => costs.syncMicros + (costs.syncMicrosPerMebibyte * stateBytes) / MEBIBYTE,
  );
  const delay = restart.kind === 'fixed-delay' ? restart.delayMicros : 0;
  const download = (Math.max(...tasks.map(({ stateBytes }) => stateBytes)) * 1e6) / costs.downloadBytesPerSecond;
  return {
    pause_s: meanOf(pauses)! / 1e6,
    duration_s: duration / 1e6,
    outage_s: (costs.detectionMicros + delay + costs.restartMicros + costs.downloadMicros + download) / 1e6,
    failuresPerSecond,
    utilization: Math.max(...useful),
    mean_utilization: meanOf(useful)!,
  };
}

/** What applies; null where a form lacks what it needs. */
export function flowClosedCurves(plan: FlowJobPlan, figures: FlowFigures): FlowClosedCurves {
  const { utilization } = figures;
  const keepsUp = utilization < UTILIZATION_MAX;
  const gaps = gapsOf(plan);
  const fails = figures.failuresPerSecond > 0;
  return {
    overhead: keepsUp ? overheadCurve(figures, gaps) : null,
    latency: keepsUp && plan.hops === 0 ? flowLatency(plan, figures, gaps) : null,
    recovery:
      keepsUp && fails
        ? recoveryCurve(figures, [
            ...gaps,
            'sources are done once records are in channels, and wait where those are full',
          ])
        : null,
    replayed: keepsUp && fails ? replayedCurve(plan, figures, gaps) : null,
    storage: storageCurve(plan, figures, gaps),
  };
}

function gapsOf({ tasks, faults }: FlowJobPlan): string[] {
  return [
    ...(tasks.some(({ stateBytesPerRecord: each }) => each > 0) ? ['state grows'] : []),
    ...(faults.failedUploads > 0 ? ['uploads fail'] : []),
  ];
}

const ageAt = ({ duration_s }: FlowFigures, interval_s: number): number =>
  expectedCheckpointAgeWithFailedCheckpoints.evaluate({
    checkpoint_period_s: interval_s,
    checkpoint_duration_s: duration_s,
    checkpoint_failure_probability: 0,
  });

/** Of the time of all tasks: unlike in a saturated job, work that is done again takes only the share that a task is busy. */
function overheadCurve(figures: FlowFigures, gaps: readonly string[]): ClosedCurve {
  const { pause_s, outage_s, failuresPerSecond, mean_utilization: busy } = figures;
  const age = expectedCheckpointAgeWithFailedCheckpoints.name;
  return {
    model:
      failuresPerSecond > 0 ? `pause / interval + failure rate × (outage + busy share × ${age})` : 'pause / interval',
    leavesOut: [...gaps, 'tasks wait for barriers and for room'],
    at: (interval_s) => pause_s / interval_s + failuresPerSecond * (outage_s + busy * ageAt(figures, interval_s)),
  };
}

function flowLatency(plan: FlowJobPlan, figures: FlowFigures, gaps: readonly string[]): ClosedCurve {
  const onTheWay = [...gaps, 'records take time on their way'];
  if (plan.sink !== 'two-phase') {
    const input = inputPerSecond(plan);
    return latencyCurve({ inputPerSecond: input, capacityPerSecond: input / figures.utilization }, figures, onTheWay);
  }
  return {
    model: transactionalSinkLatencyQuantile.name,
    leavesOut: [...onTheWay, ...(figures.failuresPerSecond > 0 ? ['outputs wait longer after a failure'] : [])],
    // Uniform over an interval: the mean is the median.
    at: (interval_s) =>
      transactionalSinkLatencyQuantile.evaluate({
        checkpoint_period_s: interval_s,
        checkpoint_duration_s: figures.duration_s,
        quantile: 0.5,
      }),
  };
}

/** Until the failure is noticed, the sources read on. */
function replayedCurve(plan: FlowJobPlan, figures: FlowFigures, gaps: readonly string[]): ClosedCurve {
  const input = inputPerSecond(plan);
  const detection_s = plan.costs.detectionMicros / 1e6;
  return {
    model: `input rate × (${expectedCheckpointAgeWithFailedCheckpoints.name} + detection)`,
    leavesOut: [...gaps, 'full channels stop the sources'],
    at: (interval_s) => input * (ageAt(figures, interval_s) + detection_s),
  };
}

/** Null where state grows: then what is kept follows the time, not the interval. */
function storageCurve(
  plan: FlowJobPlan,
  { duration_s, failuresPerSecond }: FlowFigures,
  gaps: readonly string[],
): ClosedCurve | null {
  if (plan.tasks.some(({ stateBytesPerRecord: each }) => each > 0)) return null;
  const state = plan.tasks.reduce((sum, { stateBytes }) => sum + stateBytes, 0);
  const ingest = inputPerSecond(plan) * plan.costs.recordBytes;
  return {
    model: `${logRetentionMeanBytes.name} + 1 snapshot`,
    leavesOut: [
      ...gaps,
      'records under way may be stored, too',
      ...(failuresPerSecond > 0 ? ['a failure may leave parts of a checkpoint behind'] : []),
    ],
    at: (interval_s) =>
      state +
      logRetentionMeanBytes.evaluate({
        ingest_bytes_per_s: ingest,
        checkpoint_period_s: interval_s,
        checkpoint_duration_s: duration_s,
      }),
  };
}
