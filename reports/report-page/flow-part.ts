/** From the outcome of a dataflow job to the part of the report that tells of it. */
import type { CheckpointHistory } from '../../models/checkpoint-history/index.ts';
import type { JudgedRun } from '../../models/flow-job/judged-run.ts';
import type { FlowJobOutcome, FlowRecovery } from '../../models/flow-job/outcome.ts';
import type { FlowJobPlan } from '../../models/flow-job/plan.ts';
import { count } from '../numbers.ts';
import type { OutputLatencyRow, ReportRecovery, ReportVerdict, RunPart } from './report-data.ts';
import { costTerms, reached } from './run-part.ts';

/** The run; `promise` is what the protocol promises for outputs behind the sink of the plan. */
export function flowPart(
  { outcome, verdict, laws }: JudgedRun,
  checkpoints: CheckpointHistory,
  { plan, promise }: { readonly plan: FlowJobPlan; readonly promise: string },
): RunPart {
  const { storage, recoveries } = outcome;
  const struck = recoveries.length + outcome.crashes_without_effect;
  return {
    simulated_s: outcome.horizon_us / 1e6,
    events: outcome.events,
    verdict: verdictOf({ outcome, verdict, laws }, plan, promise),
    output_latency: latencyOf(outcome, plan),
    cost: costTerms(outcome.budget),
    storage: [
      {
        place: 'snapshot store',
        written_bytes: storage.uploaded_bytes,
        end_bytes: storage.bytes_end,
        max_bytes: storage.bytes_max,
      },
    ],
    budgets: outcome.budget.map((budget) => ({
      name: plan.tasks[budget.task]?.name ?? `task ${budget.task}`,
      ...budget,
    })),
    phases: [],
    recoveries: recoveries.map((recovery) => recoveryOf(recovery, plan)),
    faults:
      struck === 0
        ? []
        : [
            {
              fault: 'crash of a task',
              planned: Math.max(plan.faults.crashes.length, struck),
              injected: struck,
              bit: recoveries.length,
              without_effect: [],
            },
          ],
    checkpoints,
    digests: outcome.digests,
  };
}

/** What is seen at the output, beside the laws; on a cycle nothing is counted there. */
function verdictOf({ outcome, verdict, laws }: JudgedRun, plan: FlowJobPlan, promise: string): ReportVerdict {
  const { lost, duplicated } = outcome.records;
  const { kind, law, bound } = verdict;
  const seen = `${count(lost)} outputs lost and ${count(duplicated)} duplicated behind a ${plan.sink} sink, where ${outcome.protocol} promises ${promise}`;
  const broken = laws.find((each) => each.law === law);
  return {
    kind,
    law,
    statement: broken?.statement ?? (kind === 'unknown' ? null : seen),
    bound,
    story: [
      ...(plan.hops > 0 ? [] : [`${seen}.`]),
      ...(outcome.gave_up ? ['The restart strategy gave the job up before the end.'] : []),
    ],
    expected: null,
    laws,
  };
}

/** All sinks, each sink, and behind two-phase sinks what the wait for the commit is of it. */
function latencyOf(
  { output_latency: all, sink_latency: sinks }: FlowJobOutcome,
  { tasks, sink }: FlowJobPlan,
): OutputLatencyRow[] {
  const nameOf = (task: number): string => tasks[task]?.name ?? `task ${task}`;
  return [
    { where: 'all sinks', ...all },
    ...sinks.flatMap(({ task, latency, held }) => [
      { where: nameOf(task), ...latency },
      ...(sink === 'two-phase' ? [{ where: `${nameOf(task)}, held back for the commit`, ...held }] : []),
    ]),
  ];
}

/** A recovery, with the names of the plan. */
export function recoveryOf(recovery: FlowRecovery, { tasks }: Pick<FlowJobPlan, 'tasks'>): ReportRecovery {
  const { target, crashed_us, detected_us, downtime_us, catchup_us, restored_checkpoint: restored } = recovery;
  const who = target === -1 ? 'coordinator' : target === -2 ? 'job' : (tasks[target]?.name ?? `task ${target}`);
  const isDetected = detected_us >= 0;
  const isUp = downtime_us >= 0;
  return {
    who,
    cause: target === -2 ? 'too many failed checkpoints' : 'crash',
    at_us: crashed_us,
    from_host: null,
    to_host: null,
    detect_us: isDetected ? detected_us - crashed_us : null,
    restart_us: isUp ? crashed_us + downtime_us - detected_us : null,
    restore_us: null,
    catchup_us: reached(catchup_us),
    restored_bytes: recovery.restored_bytes,
    replayed_records: recovery.replayed_records,
    skipped_records: null,
    restored_from: restored < 0 ? 'none' : restored === 0 ? 'the beginning' : `checkpoint ${restored}`,
    finished: isUp,
  };
}
