/** From the outcome of a run to the part of the report that tells of it. */
import { fsum } from 'd3-array';
import type { CheckpointHistory } from '../../models/checkpoint-history/index.ts';
import type { LawReport, Outcome, Recovery, TaskBudget } from '../../models/outcome.ts';
import type { Expectation } from '../../models/plan.ts';
import { meetsExpectation } from '../sections/verdict.ts';
import { violationStory } from '../story.ts';
import type { CostTerm, ReportRecovery, ReportVerdict, RunPart, StorageTerm } from './report-data.ts';
import { BUDGET_PARTS } from './sections/cost.ts';

/** The run; the history is that of the same run. */
export function runPart(outcome: Outcome, checkpoints: CheckpointHistory, expect: Expectation): RunPart {
  return {
    simulated_s: outcome.simulated_s,
    events: outcome.events,
    verdict: verdictOf(outcome, expect),
    cost: costTerms(outcome.budgets),
    storage: storageOf(outcome),
    budgets: outcome.budgets.map((budget) => ({ name: `task ${budget.task}`, ...budget })),
    phases: outcome.checkpoint_phases,
    recoveries: outcome.recoveries.map(recoveryOf),
    faults: outcome.faults,
    checkpoints,
    digests: outcome.digests,
  };
}

function verdictOf(outcome: Outcome, expect: Expectation): ReportVerdict {
  const { kind, law, bound } = outcome.verdict;
  const broken = outcome.laws.find((each) => each.law === law);
  return {
    kind,
    law,
    statement: broken?.statement ?? null,
    bound,
    story: storyOf(outcome),
    expected: {
      kind: expect.kind,
      law: expect.kind === 'violated' ? expect.law : null,
      met: meetsExpectation(outcome, expect),
    },
    laws: outcome.laws,
  };
}

/** One paragraph per broken law, the leading one first. */
function storyOf({ verdict, laws }: Outcome): string[] {
  const isLeading = ({ law }: LawReport): boolean => law === verdict.law;
  return [...laws.filter(isLeading), ...laws.filter((each) => !isLeading(each))].flatMap((each) => {
    if (each.first === null) return [];
    const also = isLeading(each) ? '' : `Also ${each.law}, ${each.statement}: `;
    const story = violationStory(each.first).map((line) => line.trim());
    return [`${also}${story.join(' ').replaceAll(/ {2,}/g, ' ')}`];
  });
}

function recoveryOf({
  container,
  to_host,
  detect_us,
  restart_us,
  restore_us,
  catchup_us,
  ...recovery
}: Recovery): ReportRecovery {
  return {
    who: `container ${container}`,
    ...recovery,
    to_host: reached(to_host),
    detect_us: reached(detect_us),
    restart_us: reached(restart_us),
    restore_us: reached(restore_us),
    catchup_us: reached(catchup_us),
  };
}

/** What a recovery came to; null for the -1 of what it did not reach. */
export const reached = (value: number): number | null => (value < 0 ? null : value);

/** All time of all tasks; adds up to tasks × horizon. */
export function costTerms(budgets: readonly TaskBudget[]): CostTerm[] {
  const totals = BUDGET_PARTS.map(({ key }) => fsum(budgets, (budget) => budget[key]));
  const whole = fsum(totals);
  return BUDGET_PARTS.map(({ name, meaning }, i) => ({
    term: name,
    total_us: totals[i]!,
    share: whole === 0 ? 0 : totals[i]! / whole,
    meaning,
  }));
}

/** Places that were never used are left out. */
function storageOf({ storage }: Outcome): StorageTerm[] {
  const places: readonly StorageTerm[] = [
    {
      place: 'changelogs',
      written_bytes: storage.changelog_bytes_written,
      end_bytes: storage.changelog_bytes_end,
      max_bytes: storage.changelog_bytes_max,
    },
    {
      place: 'checkpoint topic',
      written_bytes: storage.checkpoint_topic_bytes_written,
      end_bytes: null,
      max_bytes: null,
    },
    {
      place: 'local disks',
      written_bytes: null,
      end_bytes: storage.local_disk_bytes_end,
      max_bytes: storage.local_disk_bytes_max,
    },
    {
      place: 'blob store',
      written_bytes: storage.blob_bytes_uploaded,
      end_bytes: storage.blob_bytes_end,
      max_bytes: storage.blob_bytes_max,
    },
  ];
  return places.filter((each) => (each.written_bytes ?? 0) + (each.end_bytes ?? 0) + (each.max_bytes ?? 0) > 0);
}
