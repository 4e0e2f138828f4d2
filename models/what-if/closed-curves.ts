/** The closed forms that predict a curve over intervals, put together from those of the performance model. */
import type { FluidPlan } from '../fluid-job/index.ts';
import { failureLatencyAreaFirstOutputView, meanLatencyFromCheckpointPauses } from '../performance/latency.ts';
import { expectedTotalRecoveryTime } from '../performance/recovery.ts';
import { logRetentionMeanBytes, retainedFullSnapshotBytes } from '../performance/space.ts';
import { streamUtilization } from '../performance/stream-utilization.ts';
import { closedFormFor, type PlanFigures } from '../tuning/closed-form.ts';

export interface ClosedCurve {
  /** Names of the forms, joined by ` + `. */
  readonly model: string;
  readonly leavesOut: readonly string[];
  readonly at: (interval_s: number) => number;
}

export interface ClosedCurves {
  readonly overhead: ClosedCurve | null;
  readonly latency: ClosedCurve | null;
  readonly recovery: ClosedCurve | null;
  readonly storage: ClosedCurve | null;
}

/** What applies to the plan; null where a form lacks what it needs. */
export function closedCurves(plan: FluidPlan, figures: PlanFigures): ClosedCurves {
  const leavesOut = closedFormFor({ kind: 'utilisation' }, plan)?.leavesOut ?? [];
  return {
    overhead: overheadCurve(figures, leavesOut),
    latency: plan.load.kind === 'saturated' ? null : latencyCurve(plan.load, figures, leavesOut),
    recovery: recoveryCurve(figures, leavesOut),
    storage: storageCurve(plan, figures, leavesOut),
  };
}

function overheadCurve(figures: PlanFigures, leavesOut: readonly string[]): ClosedCurve {
  const { pause_s, duration_s, outage_s, failuresPerSecond } = figures;
  return {
    model: streamUtilization.name,
    leavesOut,
    at: (interval_s) =>
      1 -
      streamUtilization.evaluate({
        checkpoint_period_s: interval_s,
        blocking_cost_s: pause_s,
        failure_rate_per_s: failuresPerSecond,
        detect_and_restart_s: outage_s,
        pipeline_depth: 2,
        per_hop_delay_s: duration_s - pause_s,
      }),
  };
}

/** Mean latency of first outputs, for pauses and failures; records per second, the input below the capacity. */
export function latencyCurve(
  { inputPerSecond: input, capacityPerSecond: capacity }: { inputPerSecond: number; capacityPerSecond: number },
  figures: PlanFigures,
  leavesOut: readonly string[],
): ClosedCurve {
  const { pause_s, duration_s, outage_s, failuresPerSecond } = figures;
  const areaAt = (age: number): number =>
    failureLatencyAreaFirstOutputView.evaluate({
      input_rate_per_s: input,
      capacity_per_s: capacity,
      checkpoint_age_s: age,
      outage_s,
    });
  return {
    model: `${meanLatencyFromCheckpointPauses.name} + ${failureLatencyAreaFirstOutputView.name}`,
    leavesOut: [...leavesOut, 'failures overlap'],
    at: (interval_s) => {
      const pauses = meanLatencyFromCheckpointPauses.evaluate({
        pause_s,
        checkpoint_period_s: interval_s,
        utilization: input / capacity,
      });
      // The age is uniform over a period; the area is quadratic in it, for which Simpson's rule is exact.
      const ends = areaAt(duration_s) + areaAt(duration_s + interval_s);
      const area = (ends + 4 * areaAt(duration_s + interval_s / 2)) / 6;
      return pauses + (area / input) * failuresPerSecond;
    },
  };
}

/** From a failure to no backlog; null for a saturated job. */
export function recoveryCurve(figures: PlanFigures, leavesOut: readonly string[]): ClosedCurve | null {
  const { duration_s, outage_s, utilization } = figures;
  if (utilization === null) return null;
  return {
    model: expectedTotalRecoveryTime.name,
    leavesOut: [...leavesOut, 'failures overlap'],
    at: (interval_s) =>
      expectedTotalRecoveryTime.evaluate({
        checkpoint_period_s: interval_s,
        checkpoint_duration_s: duration_s,
        outage_s,
        utilization,
      }),
  };
}

/** Log kept for replay, and what is kept of the state: the last snapshots, those of a history, or a changelog behind one. */
function storageCurve(plan: FluidPlan, { duration_s }: PlanFigures, leavesOut: readonly string[]): ClosedCurve | null {
  const { load, snapshot, measure } = plan;
  if (load.kind === 'saturated' || snapshot.kind === 'chain') return null;
  const ingest = load.inputPerSecond * load.recordBytes;
  const log = (interval_s: number): number =>
    ingest === 0
      ? 0
      : logRetentionMeanBytes.evaluate({
          ingest_bytes_per_s: ingest,
          checkpoint_period_s: interval_s,
          checkpoint_duration_s: duration_s,
        });
  if (snapshot.kind === 'changelog') return null;
  const { stateBytes } = snapshot;
  if (measure.historyMicros > 0 && stateBytes > 0) {
    return {
      model: `${logRetentionMeanBytes.name} + ${retainedFullSnapshotBytes.name}`,
      leavesOut,
      at: (interval_s) =>
        log(interval_s) +
        retainedFullSnapshotBytes.evaluate({
          state_bytes: stateBytes,
          retention_horizon_s: measure.historyMicros / 1e6,
          checkpoint_period_s: interval_s,
        }),
    };
  }
  return {
    model: `${logRetentionMeanBytes.name} + ${measure.retainedSnapshots} ${measure.retainedSnapshots === 1 ? 'snapshot' : 'snapshots'}`,
    leavesOut,
    at: (interval_s) => log(interval_s) + measure.retainedSnapshots * stateBytes,
  };
}
