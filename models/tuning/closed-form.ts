/** The interval that a closed form of the performance model gives for an objective, and what the form leaves out. */
import type { DurationLaw, FluidPlan } from '../fluid-job/index.ts';
import { latencyOptimalIntervalFirstOutputView, latencyOptimalIntervalReplayView } from '../performance/latency.ts';
import { costOptimalCheckpointPeriod } from '../performance/money.ts';
import { dirtyBytesUniformUpdates, spaceMinimizingCheckpointPeriod } from '../performance/space.ts';
import { streamOptimalCheckpointPeriod } from '../performance/stream-utilization.ts';
import type { LatencyView, Objective } from './objective.ts';

export interface ClosedForm {
  /** As in `tidemark list models`. */
  readonly model: string;
  readonly interval_s: number;
  /** What the form does not know of this plan; empty when it should be exact. */
  readonly leavesOut: readonly string[];
}

/** Numbers of a plan that the forms take, in seconds. */
export interface PlanFigures {
  readonly pause_s: number;
  /** From trigger to durable. */
  readonly duration_s: number;
  readonly outage_s: number;
  readonly failuresPerSecond: number;
  /** Input over capacity; null for a saturated job. */
  readonly utilization: number | null;
}

/** The figures of a plan, upload and restore included. */
export function figuresOf(plan: FluidPlan): PlanFigures {
  const { checkpoint, snapshot, recovery, load, failures } = plan;
  const written = bytesWritten(plan);
  const upload_s = checkpoint.upload === null ? 0 : written / checkpoint.upload.bytesPerSecond;
  const blocking_s = checkpoint.upload?.isBlocking === true ? upload_s : 0;
  const pause_s = checkpoint.pauseMicros / 1e6 + blocking_s;
  const read_s = recovery.readBytesPerSecond === null ? 0 : snapshot.stateBytes / recovery.readBytesPerSecond;
  const outage_s =
    (recovery.downMicros[0] + meanOf(recovery.detect) + meanOf(recovery.restart) + meanOf(recovery.restore)) / 1e6 +
    read_s;
  return {
    pause_s,
    duration_s: pause_s + meanOf(checkpoint.delay) / 1e6 + (upload_s - blocking_s),
    outage_s,
    failuresPerSecond: failures.reduce((sum, { law }) => sum + 1e6 / meanGap(law), 0),
    utilization: load.kind === 'saturated' ? null : load.inputPerSecond / load.capacityPerSecond,
  };
}

/** Bytes that a checkpoint writes in the mean, at the interval of the plan. */
function bytesWritten({ snapshot, checkpoint }: FluidPlan): number {
  const interval_s = checkpoint.intervalMicros / 1e6;
  switch (snapshot.kind) {
    case 'full':
      return snapshot.stateBytes;
    case 'changelog':
      return snapshot.logBytesPerSecond * interval_s;
    case 'chain': {
      const { delta, stateBytes, length } = snapshot;
      const deltaBytes =
        delta.kind === 'constant'
          ? delta.bytes
          : dirtyBytesUniformUpdates.evaluate({
              state_bytes: stateBytes,
              updates_per_s: delta.updatesPerSecond,
              interval_s,
              entry_bytes: delta.entryBytes,
            });
      return (stateBytes + (length - 1) * deltaBytes) / length;
    }
  }
}

function meanOf(law: DurationLaw): number {
  switch (law.kind) {
    case 'constant':
      return law.micros;
    case 'exponential':
      return law.meanMicros;
    case 'uniform':
      return (law.minMicros + law.maxMicros) / 2;
    case 'resampled':
      return law.micros.reduce((sum, each) => sum + each, 0) / law.micros.length;
  }
}

function meanGap(law: FluidPlan['failures'][number]['law']): number {
  switch (law.kind) {
    case 'exponential':
    case 'weibull':
      return law.meanMicros;
    case 'gaps':
    case 'resampled':
      return law.micros.reduce((sum, each) => sum + each, 0) / law.micros.length;
    case 'at':
      return law.micros.length === 0 ? Infinity : law.micros.at(-1)! / law.micros.length;
  }
}

/** The form for an objective; null where none is known, or the plan has nothing it could weigh. */
export function closedFormFor(objective: Objective, plan: FluidPlan): ClosedForm | null {
  const figures = figuresOf(plan);
  const { pause_s, failuresPerSecond, utilization } = figures;
  const leavesOut = generalGaps(plan, objective, figures);
  switch (objective.kind) {
    case 'utilisation':
    case 'recovery-slo': {
      if (pause_s <= 0 || failuresPerSecond <= 0) return null;
      const interval_s = streamOptimalCheckpointPeriod.evaluate({
        blocking_cost_s: pause_s,
        failure_rate_per_s: failuresPerSecond,
      });
      return { model: streamOptimalCheckpointPeriod.name, interval_s, leavesOut };
    }
    case 'latency':
      if (pause_s <= 0 || failuresPerSecond <= 0 || utilization === null) return null;
      return latencyForm(objective.view, { ...figures, utilization }, leavesOut);
    case 'storage':
      return storageForm(plan, leavesOut);
    case 'money': {
      if (utilization === null || failuresPerSecond <= 0 || plan.load.kind === 'saturated') return null;
      const { prices } = objective;
      const interval_s = costOptimalCheckpointPeriod.evaluate({
        ...prices,
        blocking_cost_s: pause_s,
        bytes_per_checkpoint: bytesWritten(plan),
        objects_per_checkpoint: plan.measure.objectsPerCheckpoint,
        mtbf_s: 1 / failuresPerSecond,
        utilization,
        ingest_bytes_per_s: plan.load.inputPerSecond * plan.load.recordBytes,
      });
      return { model: costOptimalCheckpointPeriod.name, interval_s, leavesOut };
    }
    case 'weighted':
      return null;
  }
}

function latencyForm(
  view: LatencyView,
  figures: PlanFigures & { readonly utilization: number },
  leavesOut: readonly string[],
): ClosedForm | null {
  const { pause_s, outage_s, duration_s, failuresPerSecond, utilization } = figures;
  const mtbf_s = 1 / failuresPerSecond;
  // Until a transactional sink shows a record is half a period, whatever else: the shorter the better.
  if (view === 'sink') return null;
  if (view === 'first-output') {
    const interval_s = latencyOptimalIntervalFirstOutputView.evaluate({
      pause_s,
      outage_s,
      mtbf_s,
      utilization,
      checkpoint_duration_s: duration_s,
    });
    return { model: latencyOptimalIntervalFirstOutputView.name, interval_s, leavesOut };
  }
  const interval_s = latencyOptimalIntervalReplayView.evaluate({
    pause_s,
    outage_s: outage_s + duration_s,
    mtbf_s,
    utilization,
    recovery_utilization: utilization,
  });
  return { model: latencyOptimalIntervalReplayView.name, interval_s, leavesOut };
}

function storageForm({ load, measure, snapshot }: FluidPlan, leavesOut: readonly string[]): ClosedForm | null {
  if (load.kind === 'saturated' || measure.historyMicros <= 0 || snapshot.stateBytes <= 0) return null;
  const ingest = load.inputPerSecond * load.recordBytes;
  if (ingest <= 0) return null;
  const interval_s = spaceMinimizingCheckpointPeriod.evaluate({
    state_bytes: snapshot.stateBytes,
    retention_horizon_s: measure.historyMicros / 1e6,
    ingest_bytes_per_s: ingest,
  });
  return { model: spaceMinimizingCheckpointPeriod.name, interval_s, leavesOut };
}

/** What every form takes for granted, where the plan has it otherwise. */
function generalGaps(
  { checkpoint, snapshot, failures }: FluidPlan,
  { kind }: Objective,
  { duration_s }: PlanFigures,
): string[] {
  const gaps: string[] = [];
  const { timeoutMicros, delay, upload } = checkpoint;
  const weighsBytes = kind === 'money' || kind === 'storage' || upload?.isBlocking === true;
  if (kind === 'latency') gaps.push('checkpoints pause while the job catches up, too');
  if (failures.some(({ law }) => law.kind !== 'exponential')) gaps.push('failures are not exponential');
  if (checkpoint.failureProbability > 0) gaps.push('some checkpoints fail');
  if (timeoutMicros !== null && (delay.kind !== 'constant' || duration_s * 1e6 > timeoutMicros))
    gaps.push('checkpoints may time out');
  if (checkpoint.levels.kind !== 'single') gaps.push('there are two levels of checkpoints');
  if (snapshot.kind !== 'full' && weighsBytes) gaps.push('the size of a checkpoint depends on the interval');
  return gaps;
}
