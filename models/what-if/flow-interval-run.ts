/** One run of a dataflow job at another checkpoint interval, record by record, with the crashes of its plan at other moments. */
import { randomStreams } from '../../sim/random.ts';
import { meanOf, type Shares, sharesOf } from '../comparison/metrics.ts';
import type { FlowJobOutcome } from '../flow-job/outcome.ts';
import type { FlowJobCrash, FlowJobPlan } from '../flow-job/plan.ts';
import { runFlowJob } from '../flow-job/run.ts';
import { newRequestDecider, startScheduler } from '../protocols/flink-request-decider.ts';
import { type ProtocolName, PROTOCOLS } from '../protocols/index.ts';

export interface FlowIntervalJob {
  readonly kind: 'flow-interval';
  readonly plan: FlowJobPlan;
  readonly protocol: string;
  readonly interval_s: number;
  readonly replication: number;
  readonly replications: number;
  readonly horizonMicros: number;
  /** The end of the warm-up: planned crashes come from here on, and times and bytes count from here on. */
  readonly fromMicros: number;
}

/** What a run at an interval came to; null where there is nothing to measure. */
export interface FlowIntervalRun {
  readonly kind: 'flow-interval';
  readonly interval_s: number;
  readonly replication: number;
  readonly simulated_s: number;
  readonly events: number;
  /** Failures, and those after which every source had read what came meanwhile by the end of the run. */
  readonly failures: number;
  readonly caught_up: number;
  readonly checkpoints_triggered: number;
  readonly checkpoints_completed: number;
  /** Shares of the time of all tasks after the warm-up; what is missing to 1 was idle. */
  readonly shares: Shares;
  /** Mean over first copies that became visible after the warm-up; null on a cycle. */
  readonly latency_s: number | null;
  /** From a failure to caught up, mean. */
  readonly recovery_mean_s: number | null;
  /** Records read again after a failure, mean. */
  readonly replayed_records: number | null;
  /** Snapshot store, and the input since the trigger of the newest completed checkpoint: mean over time after the warm-up. */
  readonly kept_bytes: number;
  readonly digests: FlowJobOutcome['digests'];
}

/** The same (job, seed of its plan) gives the same run, wherever it is made. */
export function flowIntervalRun(job: FlowIntervalJob): FlowIntervalRun {
  const { interval_s, replication, replications, horizonMicros, fromMicros } = job;
  const checkpointing = { ...job.plan.checkpoints, intervalMicros: Math.round(interval_s * 1e6) };
  const plan = { ...job.plan, replication, horizonMicros, checkpoints: checkpointing };
  const crashes = movedCrashes(plan, fromMicros, { replication, replications });
  const failing = { ...plan, faults: { ...plan.faults, crashes } };
  const protocol = PROTOCOLS[job.protocol as ProtocolName];
  // The same run, up to the end of the warm-up: what it counted is taken off.
  const warmUp = runFlowJob({ ...failing, horizonMicros: fromMicros }, protocol);
  const outcome = runFlowJob(failing, protocol);
  const measured = measuredOf(outcome, warmUp);
  const { recoveries, checkpoints } = outcome;
  const caughtUp = recoveries.filter(({ downtime_us: down, catchup_us: after }) => down >= 0 && after >= 0);
  const total = meanOf(caughtUp.map(({ downtime_us: down, catchup_us: after }) => down + after));
  const restarted = recoveries.filter(({ restored_checkpoint: restored }) => restored >= 0);
  return {
    kind: 'flow-interval',
    interval_s,
    replication,
    simulated_s: horizonMicros / 1e6,
    events: outcome.events,
    failures: recoveries.length,
    caught_up: caughtUp.length,
    checkpoints_triggered: checkpoints.length,
    checkpoints_completed: checkpoints.filter(({ status }) => status === 'completed').length,
    shares: measured.shares,
    latency_s: plan.hops > 0 ? null : measured.latency_s,
    recovery_mean_s: total === null ? null : total / 1e6,
    replayed_records: meanOf(restarted.map(({ replayed_records: records }) => records)),
    kept_bytes: keptBytes(outcome, plan, fromMicros),
    digests: outcome.digests,
  };
}

/** Without what the shorter run, which is its beginning, has counted; no latency where nothing became visible since. */
function measuredOf(whole: FlowJobOutcome, warmUp: FlowJobOutcome): Pick<FlowIntervalRun, 'shares' | 'latency_s'> {
  const budget = whole.budget.map((row, i) => {
    const before = warmUp.budget[i]!;
    return {
      task: row.task,
      useful_us: row.useful_us - before.useful_us,
      blocked_us: row.blocked_us - before.blocked_us,
      snapshot_us: row.snapshot_us - before.snapshot_us,
      restart_us: row.restart_us - before.restart_us,
      replay_us: row.replay_us - before.replay_us,
      idle_us: row.idle_us - before.idle_us,
    };
  });
  const [all, early] = [whole.output_latency, warmUp.output_latency];
  const outputs = all.count - early.count;
  const micros = all.count * all.mean_us - early.count * early.mean_us;
  return {
    shares: sharesOf(budget, whole.horizon_us - warmUp.horizon_us),
    latency_s: outputs === 0 ? null : micros / outputs / 1e6,
  };
}

/** When the first checkpoint is asked for: the job draws it, as Flink does, so that the jobs of a cluster do not all begin at once. */
const FIRST_DELAY = 'checkpoints/first-delay';

/**
 * The planned crashes, all moved by the same time: the first strikes behind the first trigger after `fromMicros`, at a part of
 * the interval that is the same for all intervals and lies in another stretch of it in each replication. So that few
 * replications make every age of the newest checkpoint equally likely.
 */
export function movedCrashes(
  { seed, faults, checkpoints }: FlowJobPlan,
  fromMicros: number,
  { replication, replications }: { readonly replication: number; readonly replications: number },
): readonly FlowJobCrash[] {
  if (faults.crashes.length === 0) return [];
  const { intervalMicros, minPauseMicros } = checkpoints;
  const period = Math.max(intervalMicros, minPauseMicros);
  const streams = randomStreams(seed, replication);
  const settings = {
    intervalMicros,
    minPauseMicros,
    intervalDuringBacklogMicros: null,
    maxConcurrent: checkpoints.maxConcurrent,
    unaligned: false,
  };
  const { dueMicros } = startScheduler(newRequestDecider(), settings, 0, streams(FIRST_DELAY).next());
  const trigger = dueMicros + Math.max(0, Math.ceil((fromMicros - dueMicros) / period)) * period;
  const part = (replication + streams('what-if/crash').double()) / replications;
  const moved = Math.floor(trigger + part * period) - Math.min(...faults.crashes.map(({ atMicros }) => atMicros));
  return faults.crashes.map((crash) => ({ ...crash, atMicros: crash.atMicros + moved }));
}

/** Records per second of all sources. */
export const inputPerSecond = ({ tasks, load }: FlowJobPlan): number =>
  (tasks.filter(({ role }) => role === 'source').length * 1e6) / load.intervalMicros;

/** The store changes at the end of a checkpoint, and so does what a restart would read again. */
export function keptBytes(
  { storage, checkpoints, horizon_us: end }: Pick<FlowJobOutcome, 'storage' | 'checkpoints' | 'horizon_us'>,
  plan: FlowJobPlan,
  from: number,
): number {
  const within = (at: number): number => Math.min(end, Math.max(from, at));
  let area = 0;
  storage.samples.forEach(({ at_us: at, bytes }, i) => {
    area += bytes * (within(storage.samples[i + 1]?.at_us ?? end) - within(at));
  });
  const completed = checkpoints
    .filter(({ status }) => status === 'completed')
    .map(({ triggered_us: trigger, duration_us: duration }) => ({ trigger, at: trigger + duration }))
    .toSorted((a, b) => a.at - b.at);
  const bytesPerMicro = (inputPerSecond(plan) * plan.costs.recordBytes) / 1e6;
  let [trigger, since] = [0, from];
  for (const next of [...completed, { trigger: end, at: end }]) {
    const until = within(next.at);
    // The age grows from (since - trigger) to (until - trigger).
    area += bytesPerMicro * (until - since) * ((since + until) / 2 - trigger);
    since = until;
    trigger = Math.max(trigger, next.trigger);
  }
  return area / (end - from);
}
