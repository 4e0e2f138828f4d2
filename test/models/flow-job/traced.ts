// A run with all that the laws of timed runs ask for.
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import type { FlowJob } from '../../../models/flow-job/job.ts';
import type { FlowJobOutcome } from '../../../models/flow-job/outcome.ts';
import type { FlowJobPlan } from '../../../models/flow-job/plan.ts';
import type { MeterRules } from '../../../models/flow-job/rules.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import type { TraceEntry } from '../../../models/flow-job/trace.ts';

export interface TracedRun {
  readonly outcome: FlowJobOutcome;
  readonly job: FlowJob;
  readonly trace: readonly TraceEntry[];
}

export function traced(plan: FlowJobPlan, protocol: Protocol, rules: Partial<MeterRules> = {}): TracedRun {
  const trace: TraceEntry[] = [];
  let ended: FlowJob | null = null;
  const outcome = runFlowJob(plan, protocol, {
    rules,
    onTrace: (entry) => trace.push(entry),
    onEnd: (job) => (ended = job),
  });
  return { outcome, job: ended as unknown as FlowJob, trace };
}
