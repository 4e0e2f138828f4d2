/**
 * What can be compared on one job: every protocol that runs with a clock; `none`, the same job without checkpoints, whose sinks
 * show outputs at once and whose restarts begin at the beginning; and for a Samza job `samza`, as it really commits.
 */
import { runFlowJob } from '../flow-job/run.ts';
import type { FlowJobPlan } from '../flow-job/plan.ts';
import type { Protocol } from '../dataflow/protocol.ts';
import { flinkAligned, PROTOCOLS } from '../protocols/index.ts';
import type { RunPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { metricsOf, type MetricValues } from './metrics.ts';
import { samzaMetrics } from './samza-side.ts';

export type Contender =
  | { readonly kind: 'dataflow'; readonly name: string; readonly protocol: Protocol; readonly checkpoints: boolean }
  | { readonly kind: 'samza'; readonly name: 'samza' };

/** All contenders, by name. */
export const CONTENDERS: readonly Contender[] = [
  { kind: 'dataflow', name: 'none', protocol: flinkAligned, checkpoints: false },
  ...Object.values(PROTOCOLS).map((protocol): Contender => ({
    kind: 'dataflow',
    name: protocol.name,
    protocol,
    checkpoints: true,
  })),
  { kind: 'samza', name: 'samza' },
];

/** A job, as a contender runs it. */
export interface ComparedJob {
  readonly plan: FlowJobPlan;
  readonly controlBytes: number;
  /** The Samza job that the plan stands for, and which tasks do what its tasks do; null: a dataflow job to begin with. */
  readonly samza: { readonly plan: RunPlan; readonly tasks: readonly number[] } | null;
}

/** Why the contender cannot run this job; null: it can. */
export function unfitFor(contender: Contender, { plan, samza }: ComparedJob): string | null {
  if (contender.kind === 'samza') return samza === null ? 'runs Samza jobs, such as page-views' : null;
  if (!contender.checkpoints || plan.hops === 0 || contender.protocol.needs.cycles) return null;
  return 'does not work on a cycle: a barrier would wait for itself';
}

/** What the contender promises for outputs behind this kind of sink. */
export function promiseOf(contender: Contender, { sink }: FlowJobPlan): string {
  if (contender.kind === 'samza') return 'at-least-once';
  return contender.checkpoints ? contender.protocol.promise.output[sink] : 'none';
}

/** One run of a contender. */
export interface ComparedRun {
  readonly protocol: string;
  readonly replication: number;
  readonly events: number;
  readonly metrics: MetricValues;
  readonly digests: { readonly order: string; readonly state: string; readonly cost: string };
}

/** Runs the contender on the job with the random numbers of the replication. */
export function runContender(contender: Contender, job: ComparedJob, replication: number): ComparedRun {
  return contender.kind === 'samza' ? samzaRun(job, replication) : dataflowRun(contender, job, replication);
}

function samzaRun({ samza }: ComparedJob, replication: number): ComparedRun {
  if (samza === null) throw new Error('there is no Samza job to run');
  const outcome = simulate({ ...samza.plan, replication });
  const { events, digests } = outcome;
  return { protocol: 'samza', replication, events, metrics: samzaMetrics(outcome), digests };
}

type Dataflow = Extract<Contender, { kind: 'dataflow' }>;

function dataflowRun(contender: Dataflow, job: ComparedJob, replication: number): ComparedRun {
  const plan = planFor(contender, job.plan, replication);
  const outcome = runFlowJob(plan, contender.protocol);
  const { restart } = plan;
  const delayMicros = restart.kind === 'fixed-delay' ? restart.delayMicros : 0;
  const metrics = metricsOf(outcome, {
    restartMicros: plan.costs.restartMicros + delayMicros,
    controlBytes: job.controlBytes,
    stamps: contender.checkpoints && contender.protocol.task.stamp !== undefined,
    timeOf: (task) => job.samza === null || job.samza.tasks.includes(task),
    hasCycle: plan.hops > 0,
    hasCheckpoints: contender.checkpoints,
  });
  return { protocol: contender.name, replication, events: outcome.events, metrics, digests: outcome.digests };
}

/** Without checkpoints a transaction would never be committed: such sinks are plain. */
function planFor({ checkpoints }: Dataflow, plan: FlowJobPlan, replication: number): FlowJobPlan {
  if (checkpoints) return { ...plan, replication };
  const sink = plan.sink === 'two-phase' ? 'plain' : plan.sink;
  return { ...plan, replication, sink, checkpoints: { ...plan.checkpoints, intervalMicros: 0 } };
}
