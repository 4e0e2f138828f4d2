/**
 * A defect of the coordinator as a pair of runs: the same plan under Flink's rules and with one of them exchanged for what it
 * was, or for what it should be. The laws must speak in one and be silent in the other.
 */
import { type BrokenLaw, brokenLaws, type StudyLaw } from './laws.ts';
import type { CoordinatorPlan } from './plan.ts';
import type { CoordinatorRules } from './rules.ts';
import { studyCoordinator } from './study.ts';
import { eventsOf, type TraceEvent } from './trace.ts';

export interface CoordinatorDefect {
  /** The issue, or a name where there is none; unique. */
  readonly id: string;
  /** Every issue that is this defect; none: it is of the design. */
  readonly issues: readonly string[];
  /** What happens, in a few words. */
  readonly title: string;
  /** The laws that the defect breaks, the telling one first. */
  readonly laws: readonly StudyLaw[];
  /** Runs the plan with the defect in place or without it. */
  readonly run: (defect: boolean) => DefectOutcome;
}

export interface DefectOutcome {
  readonly facts: CoordinatorFacts;
  /** The first of the broken laws; null: all hold. */
  readonly law: StudyLaw | null;
  readonly broken: readonly BrokenLaw[];
  /** The verdict in one sentence. */
  readonly sentence: string;
  readonly trace: readonly TraceEvent[];
}

/** Counts of one run. */
export interface CoordinatorFacts {
  readonly began: number;
  readonly completed: number;
  readonly failed: number;
  readonly rejected: number;
  /** Times the job was failed for its checkpoints. */
  readonly jobFailures: number;
  /** The most checkpoints that waited for deletion. */
  readonly undeletedMost: number;
  /** The most periodic checkpoints in a row of which each began within a second of the end of the one before. */
  readonly backToBackMost: number;
  /** The longest time without a completed checkpoint, µs, the ends of the run included. */
  readonly longestGapMicros: number;
}

/** A defect by its two sets of rules under one plan. */
export function defectOf(
  about: Pick<CoordinatorDefect, 'id' | 'issues' | 'title' | 'laws'>,
  plan: CoordinatorPlan,
  rules: { readonly withDefect: CoordinatorRules; readonly without: CoordinatorRules },
): CoordinatorDefect {
  return {
    ...about,
    run(defect) {
      const trace = studyCoordinator(plan, defect ? rules.withDefect : rules.without);
      const broken = brokenLaws(plan, trace);
      const telling = about.laws.flatMap((law) => broken.filter((each) => each.law === law))[0] ?? broken[0];
      return {
        facts: factsOf(plan, trace),
        law: telling?.law ?? null,
        broken,
        sentence: telling?.sentence ?? 'every law of the coordinator holds.',
        trace,
      };
    },
  };
}

function factsOf(plan: CoordinatorPlan, trace: readonly TraceEvent[]): CoordinatorFacts {
  const ends = [0, ...eventsOf(trace, 'completed').map(({ atMicros }) => atMicros), plan.horizonMicros];
  return {
    began: eventsOf(trace, 'began').length,
    completed: eventsOf(trace, 'completed').length,
    failed: eventsOf(trace, 'failed').length,
    rejected: eventsOf(trace, 'rejected').length,
    jobFailures: eventsOf(trace, 'job-failed').filter(({ cause }) => cause === 'checkpoints').length,
    undeletedMost: Math.max(0, ...eventsOf(trace, 'undeleted').map(({ checkpoints }) => checkpoints)),
    backToBackMost: backToBack(trace),
    longestGapMicros: Math.max(...ends.slice(1).map((micros, n) => micros - ends[n]!)),
  };
}

const AT_ONCE_MICROS = 1_000_000;

function backToBack(trace: readonly TraceEvent[]): number {
  let [row, most, endedMicros] = [0, 0, -Infinity];
  for (const event of trace) {
    if (event.kind === 'completed' || event.kind === 'aborted') endedMicros = event.atMicros;
    if (event.kind !== 'began' || !event.periodic) continue;
    row = event.atMicros - endedMicros < AT_ONCE_MICROS ? row + 1 : 0;
    most = Math.max(most, row);
  }
  return most;
}
