/** The document of `run --json` for a dataflow job, in the names that runs of Samza jobs have, as far as both know a thing. */
import type { JudgedRun } from '../models/flow-job/judged-run.ts';
import type { FlowCheckpoint, FlowJobOutcome } from '../models/flow-job/outcome.ts';
import type { FlowJobPlan } from '../models/flow-job/plan.ts';
import type { LawReport, PhaseTime, Verdict } from '../models/outcome.ts';
import { recoveryOf } from './report-page/flow-part.ts';
import type { NamedBudget, ReportRecovery } from './report-page/report-data.ts';

export interface FlowRunContext {
  readonly version: string;
  /** The command that gives this run again, whole. */
  readonly command: string;
  readonly scenarioHash: string;
  readonly title: string;
  readonly plan: FlowJobPlan;
  /** Of the protocol, for outputs behind the sinks of the plan. */
  readonly promise: string;
  /** After a second run: whether it was the same, and the digests that were not. */
  readonly twice: { readonly same: boolean; readonly divergence: readonly string[] | null } | null;
}

/** One phase of checkpoints, over those in which it came to its end; of a phase that tasks pass, the slowest task's. */
export type FlowPhase = Omit<PhaseTime, 'stage'>;

export interface FlowRunDocument {
  readonly tidemark: string;
  readonly scenario: string;
  readonly seed: string;
  readonly protocol: string;
  readonly promise: string;
  readonly verdict: Verdict;
  readonly digests: FlowJobOutcome['digests'];
  readonly simulated_s: number;
  readonly events: number;
  /** `processed`: distinct records read; `pending`: offered and not yet read. */
  readonly records: {
    readonly offered: number;
    readonly processed: number;
    readonly lost: number;
    readonly duplicated: number;
    readonly pending: number;
    readonly reread: number;
    readonly deliveries: number;
    readonly outputs: number;
  };
  /** Completed ones. */
  readonly checkpoints: number;
  readonly checkpoint_detail: {
    readonly started: number;
    readonly completed: number;
    readonly failed: number;
    readonly pending: number;
    readonly reasons: readonly { readonly reason: string; readonly count: number }[];
    readonly rejected_triggers: FlowJobOutcome['rejected_triggers'];
    readonly channel_state_bytes: number;
  };
  readonly checkpoint_phases: readonly FlowPhase[];
  readonly checkpoint_history: readonly FlowCheckpoint[];
  readonly recoveries: readonly ReportRecovery[];
  readonly budgets: readonly NamedBudget[];
  readonly output_latency: FlowJobOutcome['output_latency'];
  readonly sink_latency: readonly ({ readonly name: string } & FlowJobOutcome['sink_latency'][number])[];
  readonly sent: FlowJobOutcome['sent'];
  readonly storage: FlowJobOutcome['storage'];
  readonly laws: readonly LawReport[];
  /** The restart strategy gave the job up. */
  readonly job_failed: boolean;
  readonly crashes_without_effect: number;
  readonly command: string;
  readonly scenario_hash: string;
  /** The file of a dataflow job declares no verdict. */
  readonly expected: null;
  readonly notes: readonly string[];
  readonly twice?: NonNullable<FlowRunContext['twice']>;
}

/** Everything there is to say of a run. */
export function flowRunDocument({ outcome, verdict, laws }: JudgedRun, context: FlowRunContext): FlowRunDocument {
  const { plan } = context;
  const { records, checkpoints } = outcome;
  const nameOf = (task: number): string => plan.tasks[task]?.name ?? `task ${task}`;
  const withStatus = (status: FlowCheckpoint['status']): readonly FlowCheckpoint[] =>
    checkpoints.filter((each) => each.status === status);
  const failed = withStatus('aborted');
  const reasons = [...new Set(failed.map(({ reason }) => reason ?? 'unknown'))];
  const completed = withStatus('completed').length;
  return {
    tidemark: context.version,
    scenario: outcome.plan,
    seed: outcome.seed,
    protocol: outcome.protocol,
    promise: context.promise,
    verdict,
    digests: outcome.digests,
    simulated_s: outcome.horizon_us / 1e6,
    events: outcome.events,
    records: {
      offered: records.offered,
      processed: records.read,
      lost: records.lost,
      duplicated: records.duplicated,
      pending: records.offered - records.read,
      reread: records.reread,
      deliveries: records.processed,
      outputs: records.visible,
    },
    checkpoints: completed,
    checkpoint_detail: {
      started: checkpoints.length,
      completed,
      failed: failed.length,
      pending: withStatus('pending').length,
      reasons: reasons.map((reason) => ({
        reason,
        count: failed.filter((each) => (each.reason ?? 'unknown') === reason).length,
      })),
      rejected_triggers: outcome.rejected_triggers,
      channel_state_bytes: checkpoints.reduce((sum, each) => sum + each.channel_state_bytes, 0),
    },
    checkpoint_phases: phasesOf(checkpoints),
    checkpoint_history: checkpoints,
    recoveries: outcome.recoveries.map((recovery) => recoveryOf(recovery, plan)),
    budgets: outcome.budget.map((budget) => ({ name: nameOf(budget.task), ...budget })),
    output_latency: outcome.output_latency,
    sink_latency: outcome.sink_latency.map((each) => ({ name: nameOf(each.task), ...each })),
    sent: outcome.sent,
    storage: outcome.storage,
    laws,
    job_failed: outcome.gave_up,
    crashes_without_effect: outcome.crashes_without_effect,
    command: context.command,
    scenario_hash: context.scenarioHash,
    expected: null,
    notes:
      plan.hops > 0
        ? ['on a cycle a record owes no fixed number of outputs: latency, duplicated and lost are not counted']
        : [],
    ...(context.twice === null ? {} : { twice: context.twice }),
  };
}

function phasesOf(checkpoints: readonly FlowCheckpoint[]): readonly FlowPhase[] {
  const slowest = (times: readonly number[]): number => Math.max(-1, ...times);
  const phase = (step: string, of: (checkpoint: FlowCheckpoint) => number): FlowPhase => {
    const times = checkpoints.map(of).filter((micros) => micros >= 0);
    return {
      step,
      count: times.length,
      total_us: times.reduce((sum, each) => sum + each, 0),
      max_us: times.reduce((most, each) => Math.max(most, each), 0),
    };
  };
  return [
    phase('alignment', ({ alignment_us }) => slowest(alignment_us)),
    phase('synchronous', ({ sync_us }) => slowest(sync_us)),
    phase('asynchronous', ({ async_us }) => slowest(async_us)),
    phase('acknowledged', ({ acknowledged_us }) => acknowledged_us),
    phase('end to end', ({ status, duration_us }) => (status === 'completed' ? duration_us : -1)),
  ];
}
