/** Runs a dataflow job in simulated time: plan and protocol in, outcome out. */
import { World, runTimed } from '../../sim/index.ts';
import type { Protocol } from '../dataflow/protocol.ts';
import { assertAddsUp } from '../ledgers/adds-up.ts';
import { FLOW_JOB_KINDS } from './actions.ts';
import { FlowJob, type FlowJobOptions } from './job.ts';
import { lostCopies } from './lost-copies.ts';
import type { FlowJobOutcome } from './outcome.ts';
import type { FlowJobPlan } from './plan.ts';

export interface RunFlowJobOptions extends FlowJobOptions {
  /** Told now and then of the simulated time and the number of events. */
  readonly onProgress?: (simulatedMicros: number, events: number) => void;
  /** Told of the job when its run is over. */
  readonly onEnd?: (job: FlowJob) => void;
}

/** Runs the plan to its horizon. */
export function runFlowJob(plan: FlowJobPlan, protocol: Protocol, options: RunFlowJobOptions = {}): FlowJobOutcome {
  const world = new World(FLOW_JOB_KINDS);
  const job = new FlowJob(plan, protocol, world, options);
  job.begin();
  runTimed(
    world,
    job,
    plan.horizonMicros,
    options.onProgress === undefined ? {} : { onBeat: () => options.onProgress!(world.now, world.events) },
  );
  job.end();
  options.onEnd?.(job);
  const outcome = outcomeOf(job);
  // The mutant whose books are wrong on purpose is there to be convicted by law Q1.
  if (job.meter.uploads !== 'blocked-too') assertBudgets(outcome);
  return outcome;
}

function assertBudgets({ budget, horizon_us }: FlowJobOutcome): void {
  for (const { task, ...parts } of budget) assertAddsUp(`task ${task}`, parts, horizon_us);
}

function outcomeOf(job: FlowJob): FlowJobOutcome {
  const { plan, world, store, output, batchRecords: batch } = job;
  const budget = job.budget.close().map((row) => {
    const extra = job.extraBlocked[row.task]!;
    return extra === 0 ? row : { ...row, blocked_us: row.blocked_us + extra };
  });
  const read = job.graph.sources.reduce((sum, task) => sum + job.tasks.readMax(task), 0);
  return {
    plan: plan.name,
    protocol: job.protocol.name,
    seed: plan.seed,
    horizon_us: plan.horizonMicros,
    events: world.events,
    checkpoints: job.checkpoints.close(),
    rejected_triggers: [...job.coordinator.trigger.rejected].map(([reason, count]) => ({ reason, count })),
    recoveries: job.recovery.all,
    gave_up: job.recovery.gaveUp,
    crashes_without_effect: job.recovery.withoutEffect,
    budget,
    output_latency: output.latency(),
    sink_latency: output.latencyBySink(),
    records: {
      offered: batch * job.graph.sources.reduce((sum, _, source) => sum + job.arrivals.countBy(source, world.now), 0),
      read: batch * read,
      reread: batch * (job.records.read - read),
      processed: batch * job.records.processed,
      visible: batch * output.visible,
      duplicated: batch * output.duplicated,
      lost: batch * lostCopies(job),
    },
    sent: { controls: job.controls.sent, messages: job.messagesSent },
    storage: {
      bytes_max: store.bytesMax,
      bytes_end: store.bytes,
      uploaded_bytes: store.uploaded,
      samples: job.coordinator.samples,
    },
    digests: { order: world.order.hex(), state: world.state.hex(), cost: world.cost.hex() },
  };
}
