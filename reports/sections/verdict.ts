/** Verdict first: one word, one law, then the story of each broken law and whether the author of the scenario expected it. */
import { sum } from 'd3-array';
import type { LawReport, Outcome } from '../../models/outcome.ts';
import type { Expectation } from '../../models/plan.ts';
import { moment, plural } from '../numbers.ts';
import { violationStory } from '../story.ts';
import type { Style } from '../style.ts';
import { paragraph, wrap, REPORT_WIDTH } from '../text.ts';

/** What a verdict is told from. */
type Judged = Pick<Outcome, 'verdict' | 'laws' | 'job_failed'>;

/** The verdict with its evidence; and what the scenario declares, where it does. */
export function verdictSection(
  outcome: Judged,
  { expect }: { readonly expect: Expectation | null },
  style: Style,
): readonly string[] {
  return [
    ...headline(outcome, style),
    ...evidence(outcome, style),
    ...(expect === null ? [] : expectation(outcome, expect, style)),
  ];
}

/** True when the verdict is the one the scenario declares. */
export function meetsExpectation(outcome: Pick<Outcome, 'verdict'>, expect: Expectation): boolean {
  const { kind, law } = outcome.verdict;
  return kind === expect.kind && (expect.kind !== 'violated' || law === expect.law);
}

function headline({ verdict, laws, job_failed }: Judged, style: Style): readonly string[] {
  const failed = job_failed ? ['  The cluster manager gave the job up before the end: its retries ran out.'] : [];
  switch (verdict.kind) {
    case 'holds':
      return [`${style('good', 'HOLDS')}  ${checksInWords(laws)}`, ...paragraph(`Bound: ${verdict.bound}.`), ...failed];
    case 'unknown':
      return [
        style('warn', 'UNKNOWN') + '  the run does not answer',
        ...paragraph(`Because: ${verdict.bound}.`),
        ...failed,
      ];
    case 'violated': {
      const statement = laws.find((law) => law.law === verdict.law)?.statement ?? '';
      const lines = wrap(`VIOLATED  ${verdict.law}  ${statement}`, { width: REPORT_WIDTH, first: '', rest: '  ' });
      return [...lines.map((line) => line.replace(/^VIOLATED/, (word) => style('bad', word))), ...failed];
    }
  }
}

/** A law that had nothing to check did not hold, it was silent; the headline must not hide that. */
function checksInWords(laws: readonly LawReport[]): string {
  const silent = laws.filter((law) => law.checked === 0).map((law) => law.law);
  const checks = `no law was broken in ${plural(
    sum(laws, (law) => law.checked),
    'check',
  )}`;
  return silent.length === 0 ? checks : `${checks}; never checked: ${silent.join(', ')}`;
}

/** The story of the verdict's law, then of every other broken law. */
function evidence({ verdict, laws }: Judged, style: Style): readonly string[] {
  if (verdict.kind !== 'violated') return [];
  const broken = laws.filter((law) => law.first !== null);
  const leading = broken.filter((law) => law.law === verdict.law);
  const others = broken.filter((law) => law.law !== verdict.law);
  return [
    ...leading.flatMap((law) => [...story(law), ...more(law)]),
    ...others.flatMap((law) => ['', ...also(law, style), ...story(law), ...more(law)]),
  ];
}

function also({ law, statement }: LawReport, style: Style): readonly string[] {
  const lines = wrap(`also  ${law}  ${statement}`, { width: REPORT_WIDTH, first: '', rest: '  ' });
  return lines.map((line) => line.replace(/^also/, (word) => style('bad', word)));
}

function story({ first }: LawReport): readonly string[] {
  if (first === null) return [];
  return [`  Found at ${moment(first.atMicros)}.`, ...violationStory(first)];
}

function more({ violations, checked }: LawReport): readonly string[] {
  return violations > 1
    ? [`  ${plural(violations, 'violation')} in ${plural(checked, 'check')}; this is the first.`]
    : [];
}

function expectation(outcome: Judged, expect: Expectation, style: Style): readonly string[] {
  const broken = outcome.laws.find((law) => law.law === outcome.verdict.law)?.first?.facts['window'];
  const window = broken === undefined ? '' : ` (${broken})`;
  const declared = expect.kind === 'violated' ? `violated ${expect.law}` : expect.kind;
  if (meetsExpectation(outcome, expect)) {
    return [style('dim', `expected: ${declared}${expect.kind === 'violated' ? window : ''}: as expected`)];
  }
  const found = outcome.verdict.kind === 'violated' ? `violated ${outcome.verdict.law}${window}` : outcome.verdict.kind;
  return [style('warn', `expected: ${declared}, found: ${found}: NOT as expected`)];
}
