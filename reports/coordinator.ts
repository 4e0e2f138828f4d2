/** The report of a coordinator's study: one run with a clock, what it counted, and the law that broke in it. */
import type { DefectOutcome } from '../models/coordinator-study/defect.ts';
import { type DefectDocument, type DefectWords, defectDocument, expectedLine, storyLines } from './defect-words.ts';
import { count, duration, plural } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled, paragraph } from './text.ts';

/** What is said besides the outcome. */
export interface CoordinatorContext {
  readonly version: string;
  /** The command that gives this run again, whole. */
  readonly command: string;
  readonly scenario: DefectWords;
}

type Verdict = { readonly kind: 'holds' | 'violated'; readonly law: string | null };

/** The verdict of a study's run. */
export function coordinatorVerdict({ law }: DefectOutcome): Verdict {
  return { kind: law === null ? 'holds' : 'violated', law };
}

/** The whole report, ending in a newline. */
export function coordinatorReport(outcome: DefectOutcome, context: CoordinatorContext, style: Style): string {
  const { law, sentence, broken } = outcome;
  const { version, scenario, command } = context;
  const lines = [
    style('dim', `tidemark ${version} · check · ${scenario.name} · a coordinator with a clock`),
    law === null ? `${style('good', 'HOLDS')}  no law of the coordinator was broken` : style('bad', `VIOLATED  ${law}`),
    ...(law === null ? paragraph('Bound: this one run.') : paragraph(asSentence(sentence))),
    ...broken.filter((each) => each.law !== law).flatMap((each) => paragraph(`Also ${each.law}: ${each.sentence}`)),
    expectedLine(coordinatorVerdict(outcome), scenario, style),
    '',
    ...storyLines(scenario, style),
    '',
    style('strong', 'Run'),
    ...factLines(outcome),
    '',
    `again     ${style('strong', command)}`,
  ];
  return lines.join('\n') + '\n';
}

const asSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function factLines({ facts }: DefectOutcome): readonly string[] {
  const rows: readonly (readonly [string, string])[] = [
    ['checkpoints', `${count(facts.began)} began, ${count(facts.completed)} completed, ${count(facts.failed)} failed`],
    ['requests', `${count(facts.rejected)} given up before they became checkpoints`],
    ['longest gap', `${duration(facts.longestGapMicros)} without a completed checkpoint`],
    ['job', `failed for its checkpoints ${plural(facts.jobFailures, 'time')}`],
    ['deletions', `at most ${plural(facts.undeletedMost, 'checkpoint')} waited to be deleted`],
    ['back to back', `at most ${count(facts.backToBackMost)} in a row without a pause`],
  ];
  return rows.flatMap(([label, text]) => labelled(label, text));
}

/** The document of `check --json` for a coordinator. */
export interface CoordinatorDocument {
  readonly tidemark: string;
  readonly command: string;
  readonly verdict: Verdict & { readonly bound: string };
  readonly broken: DefectOutcome['broken'];
  readonly facts: DefectOutcome['facts'];
  readonly trace: DefectOutcome['trace'];
  readonly scenario: DefectDocument | null;
}

/** The run as data. */
export function coordinatorDocument(outcome: DefectOutcome, context: CoordinatorContext): CoordinatorDocument {
  const verdict = coordinatorVerdict(outcome);
  return {
    tidemark: context.version,
    command: context.command,
    verdict: { ...verdict, bound: 'this one run' },
    broken: outcome.broken,
    facts: outcome.facts,
    trace: outcome.trace,
    scenario: defectDocument(verdict, context.scenario),
  };
}
