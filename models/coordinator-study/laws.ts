/**
 * The laws of a coordinator's trace, each recomputed from what happened and never from what the policies remember. Ids are
 * those of the project's laws; `rate` is this study's own metric: a backlog of ticks breaks no law, and still hurts.
 */
import { isCountedReason } from '../protocols/flink-failure-manager.ts';
import { effectiveIntervalMicros } from '../protocols/flink-request-decider.ts';
import type { CoordinatorPlan } from './plan.ts';
import { eventsOf, type TraceEvent } from './trace.ts';

export type StudyLaw = 'L1' | 'L2' | 'M2' | 'D3' | 'Q2' | 'rate';

export interface BrokenLaw {
  readonly law: StudyLaw;
  /** What happened, with figures, in one sentence. */
  readonly sentence: string;
}

/** Every law the trace breaks, in the order of `STUDY_LAWS`, each once. */
export function brokenLaws(plan: CoordinatorPlan, trace: readonly TraceEvent[]): readonly BrokenLaw[] {
  return STUDY_LAWS.flatMap(({ law, check }) => {
    const sentence = check(plan, trace);
    return sentence === null ? [] : [{ law, sentence }];
  });
}

/** The laws, each with the sentence of its first breach; null: it holds. */
export const STUDY_LAWS: readonly {
  readonly law: StudyLaw;
  readonly check: (plan: CoordinatorPlan, trace: readonly TraceEvent[]) => string | null;
}[] = [
  { law: 'M2', check: slots },
  { law: 'L2', check: release },
  { law: 'D3', check: collection },
  { law: 'Q2', check: failureCount },
  { law: 'L1', check: progress },
  { law: 'rate', check: rate },
];

const SECOND = 1_000_000;
const seconds = (micros: number): string => `${Math.round(micros / SECOND)} s`;

/** M2: no more checkpoints are pending than may be, unless one is forced. */
function slots(plan: CoordinatorPlan, trace: readonly TraceEvent[]): string | null {
  const limit = plan.trigger.maxConcurrent;
  const over = eventsOf(trace, 'began').find(({ pending, forced }) => pending >= limit && !forced);
  return over === undefined
    ? null
    : `checkpoint ${over.checkpoint} began beside ${over.pending} pending ones; at most ${limit} may be.`;
}

/** L2: a checkpoint that nobody works on gives its slot back at once. */
function release(plan: CoordinatorPlan, trace: readonly TraceEvent[]): string | null {
  for (const { atMicros, checkpoint } of eventsOf(trace, 'trigger-lost')) {
    const aborted = eventsOf(trace, 'aborted').find((event) => event.checkpoint === checkpoint);
    const heldMicros = (aborted?.atMicros ?? plan.horizonMicros) - atMicros;
    if (heldMicros > 0) {
      return `checkpoint ${checkpoint} kept its slot for ${seconds(heldMicros)} after its trigger had failed to reach a source.`;
    }
  }
  return null;
}

/** D3: what waits for deletion stays within what the coordinator can hold. */
function collection(plan: CoordinatorPlan, trace: readonly TraceEvent[]): string | null {
  const over = eventsOf(trace, 'undeleted').find(({ checkpoints }) => checkpoints > plan.undeletedMax);
  return over === undefined
    ? null
    : `${over.checkpoints} checkpoints waited for deletion after ${seconds(over.atMicros)}, more than the coordinator's memory holds.`;
}

/** Q2: the job is failed for its checkpoints exactly when the definition of the failure counter says so. */
function failureCount(plan: CoordinatorPlan, trace: readonly TraceEvent[]): string | null {
  const due = failuresByDefinition(plan, trace);
  const made = eventsOf(trace, 'job-failed').filter(({ cause }) => cause === 'checkpoints');
  const missing = due.find((micros) => !made.some(({ atMicros }) => atMicros === micros));
  const needless = made.find(({ atMicros }) => !due.includes(atMicros));
  if (needless !== undefined && (missing === undefined || needless.atMicros < missing)) {
    return `the job was failed for its checkpoints after ${seconds(needless.atMicros)}, though no more consecutive ones had failed than are tolerated.`;
  }
  return missing === undefined
    ? null
    : `more consecutive checkpoints had failed after ${seconds(missing)} than are tolerated, and the job went on.`;
}

/** When the job should be failed: counted failures, each id once and newer than every success, exceed what is tolerated. */
function failuresByDefinition(plan: CoordinatorPlan, trace: readonly TraceEvent[]): readonly number[] {
  const due: number[] = [];
  let counted = new Set<number>();
  let newest = 0;
  for (const event of trace) {
    if (event.kind === 'completed' && event.checkpoint > newest) {
      newest = event.checkpoint;
      counted = new Set();
    }
    if (event.kind !== 'failed' || event.checkpoint <= newest || !isCountedReason(event.reason)) continue;
    counted.add(event.checkpoint);
    if (counted.size <= plan.tolerableFailures) continue;
    due.push(event.atMicros);
    counted = new Set();
  }
  return due;
}

/** L1: while the job has not been given up, a checkpoint completes at least as often as the plan promises. */
function progress(plan: CoordinatorPlan, trace: readonly TraceEvent[]): string | null {
  const end = eventsOf(trace, 'given-up')[0]?.atMicros ?? plan.horizonMicros;
  const times = [0, ...eventsOf(trace, 'completed').map(({ atMicros }) => atMicros), end];
  const stuck = times.findIndex((micros, n) => n > 0 && micros - times[n - 1]! > plan.progressWithinMicros);
  if (stuck === -1) return null;
  const [from, until] = [times[stuck - 1]!, times[stuck]!];
  const outcome = until === end ? 'until the end' : 'before the next one';
  return `no checkpoint completed for ${seconds(until - from)} after ${seconds(from)}, ${outcome}; ${seconds(plan.progressWithinMicros)} are promised.`;
}

/**
 * rate: periodic checkpoints begin no more often than the interval in force asks for. One more than that may begin in a
 * stretch for the tick that waited at its start, and one for the tick at its end.
 */
function rate(plan: CoordinatorPlan, trace: readonly TraceEvent[]): string | null {
  const backlog = plan.trigger.intervalDuringBacklogMicros;
  const intervalMicros = Math.min(
    effectiveIntervalMicros(plan.trigger),
    backlog === null || backlog === 0 ? Infinity : backlog,
  );
  const begins = eventsOf(trace, 'began')
    .filter(({ periodic }) => periodic)
    .map(({ atMicros }) => atMicros);
  const worst = begins
    .flatMap((from, first) =>
      begins
        .slice(first)
        .map((until, more) => ({ from, until, began: more + 1, asked: Math.floor((until - from) / intervalMicros) })),
    )
    .reduce((most, each) => (each.began - each.asked > most.began - most.asked ? each : most), {
      from: 0,
      until: 0,
      began: 0,
      asked: 0,
    });
  return worst.began - worst.asked <= 2
    ? null
    : `${worst.began} periodic checkpoints began within ${seconds(worst.until - worst.from)} from ${seconds(worst.from)} on, where the interval asks for ${worst.asked + 1}.`;
}
