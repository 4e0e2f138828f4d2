/**
 * The report of a campaign of random runs: the verdict with its bound, what a breach looks like when it is small, and what
 * the runs reached, for silence is worth as much as that.
 */
import type { CheckResult } from '../models/dataflow/check.ts';
import { type Coverage, FAULT_NAMES } from '../models/dataflow/coverage.ts';
import type { FlowPlan } from '../models/dataflow/plans.ts';
import { breachLines, type CounterexampleDocument, counterexampleDocument, pathLines } from './check-counterexample.ts';
import { planInWords } from './check-plan.ts';
import {
  expectedLine,
  type DefectDocument,
  type DefectWords,
  defectDocument,
  type SearchVerdict,
  storyLines,
} from './defect-words.ts';
import { count, plural } from './numbers.ts';
import type { Style } from './style.ts';
import { paragraph, table } from './text.ts';

/** What is said besides the result. */
export interface CheckContext {
  /** Null where it says nothing, as in a test of somebody's own. */
  readonly version: string | null;
  /** The protocol as it was asked for: a name, a mutant, a file. */
  readonly subject: string;
  /** Shapes of the jobs that were drawn. */
  readonly topologies: readonly string[];
  /** The command that gives this check again, whole. */
  readonly command: string | null;
  /** Where the counterexample was saved, or what to add to save it. */
  readonly saved: string | null;
  readonly saveAs: string | null;
  /** The scenario whose one job was run; null: jobs were drawn. */
  readonly scenario: { readonly words: DefectWords; readonly plan: FlowPlan } | null;
}

/** The whole report, ending in a newline. */
export function checkReport(result: CheckResult, context: CheckContext, style: Style): string {
  const lines = [
    style(
      'dim',
      `tidemark${context.version === null ? '' : ` ${context.version}`} · check · ${context.subject} · seed ${result.seed}`,
    ),
    ...(result.counterexample === null ? quiet(result, context, style) : breach(result, style)),
    ...(context.scenario === null
      ? ['']
      : [
          expectedLine(verdictOf(result), context.scenario.words, style),
          '',
          ...storyLines(context.scenario.words, style),
          '',
        ]),
    ...(result.counterexample === null ? [...reachLines(result, context, style), ''] : []),
    ...(context.saved === null ? [] : [`replay    ${style('strong', `tidemark replay ${context.saved}`)}`]),
    ...(context.saveAs === null ? [] : [`keep it   ${context.command} --save ${context.saveAs}`]),
    ...(context.command === null ? [] : [`again     ${style('strong', context.command)}`]),
  ];
  return lines.join('\n') + '\n';
}

function quiet(result: CheckResult, context: CheckContext, style: Style): readonly string[] {
  const runs = plural(result.runs, 'random run');
  if (result.why === null)
    return [
      `${style('good', 'HOLDS')}  no law was broken in ${runs}`,
      ...paragraph(`Bound: ${checkBound(result, context)}.`),
    ];
  return [
    `${style('warn', 'UNKNOWN')}  no law was broken in ${runs}, and that proves nothing`,
    ...paragraph(`Because: ${whyUnknown(result, context)}.`),
  ];
}

/** What a silent campaign can claim at most. */
export function checkBound(result: CheckResult, { topologies, scenario }: CheckContext): string {
  const jobs =
    scenario === null
      ? `random jobs (${topologies.join(', ')}; up to 3 records per source), up to 3 checkpoints, 3 crashes and one of each other fault`
      : `this job (${planInWords(scenario.plan)})`;
  return (
    `${jobs}; ${plural(result.runs, 'run')}, ${plural(result.steps, 'action')}, ` +
    `${plural(result.reached, 'durable projection')}; not every order of events, which \`tidemark explore\` tries`
  );
}

function whyUnknown({ why, reached, minReach }: CheckResult, { scenario }: CheckContext): string {
  switch (why) {
    case null:
      return '';
    case 'nothing-ran':
      return 'nothing was run (--runs 0)';
    case 'reach-too-small':
      return `the runs reached ${plural(reached, 'durable projection')}, and at least ${count(minReach)} are wanted: more --runs, or a smaller --min-reach`;
    case 'no-run-ended':
      return 'no run came to its end, so no law that speaks of the end was asked';
    case 'nothing-completed':
      return 'no checkpoint was ever completed, so the laws about checkpoints were never asked';
    case 'nothing-restored':
      return 'no restart ever began from a completed checkpoint, so nothing is known about restores: more --runs';
    case 'canary-lived':
      return `the canary, ${canaryOf(scenario)}, was not convicted either: these runs see too little`;
  }
}

/** Whoever must be convicted for silence to mean anything. */
function canaryOf(scenario: CheckContext['scenario']): string {
  return scenario === null || scenario.words.withDefect
    ? 'the same protocol with restarts that always begin from nothing'
    : 'the same protocol with the defect';
}

function verdictOf({ verdict, counterexample }: CheckResult): SearchVerdict {
  return { kind: verdict, law: counterexample?.law ?? null };
}

function breach({ counterexample, shrinking, broken, runs }: CheckResult, style: Style): readonly string[] {
  if (counterexample === null) return [];
  const others = broken.filter(({ law }) => law !== counterexample.law);
  const own = broken.find(({ law }) => law === counterexample.law);
  const about =
    shrinking === null
      ? ''
      : `from ${count(shrinking.fromSteps)}; ${plural(shrinking.replays, 'replay')} to make it small`;
  return [
    ...breachLines(counterexample, style),
    '',
    ...pathLines(counterexample, about, style),
    '',
    ...paragraph(
      `${counterexample.law} broke in ${count(own?.runs ?? 0)} of ${plural(runs, 'run')}, first in run ${count(own?.firstRun ?? 0)}.` +
        (others.length === 0
          ? ''
          : ` Also broken: ${others.map(({ law, runs }) => `${law} (${plural(runs, 'run')})`).join(', ')}; mend this one first.`),
      '',
    ),
  ];
}

function reachLines(
  { runs, ended, steps, reached, coverage, canaryRun }: CheckResult,
  { scenario }: CheckContext,
  style: Style,
): readonly string[] {
  if (coverage === null) return [];
  const { completed, restored, restartedFresh } = coverage;
  return [
    style('strong', 'Reach'),
    ...paragraph(
      `${count(ended)} of ${plural(runs, 'run')} came to their end, ${plural(steps, 'action')} in all; ` +
        `${plural(reached, 'durable projection')} (what a crash would leave).`,
    ),
    ...paragraph(
      `${plural(completed, 'checkpoint')} completed; ${plural(restored, 'restart')} from one of them, ${count(restartedFresh)} from nothing.`,
    ),
    ...(canaryRun === null ? [] : paragraph(`Canary: ${canaryOf(scenario)} was convicted in run ${count(canaryRun)}.`)),
    ...faultTable(coverage, style),
  ];
}

function faultTable({ faults }: Coverage, style: Style): readonly string[] {
  const met = FAULT_NAMES.filter((name) => faults[name].happened > 0);
  if (met.length === 0) return paragraph('No fault happened.');
  const idle = FAULT_NAMES.filter((name) => faults[name].bit === 0);
  return [
    ...table(
      [
        { title: 'fault', align: 'left' },
        { title: 'happened', align: 'right' },
        { title: 'changed something', align: 'right' },
      ],
      met.map((name) => [name, count(faults[name].happened), count(faults[name].bit)]),
      { style },
    ),
    ...(idle.length === 0 ? [] : paragraph(`Without effect: ${idle.join(', ')}.`)),
  ];
}

/** The document of `check --json`. */
export interface CheckDocument {
  readonly tidemark: string | null;
  readonly command: string | null;
  readonly protocol: string;
  readonly seed: string;
  readonly verdict: {
    readonly kind: CheckResult['verdict'];
    readonly law: string | null;
    readonly bound: string;
    readonly why: CheckResult['why'];
  };
  readonly runs: number;
  readonly steps: number;
  readonly ended: number;
  readonly durable_projections: number;
  readonly min_reach: number;
  readonly checkpoints: number;
  readonly restarts: { readonly from_checkpoint: number; readonly from_nothing: number };
  readonly faults: readonly { readonly fault: string; readonly happened: number; readonly bit: number }[];
  readonly canary_run: number | null;
  readonly broken: readonly { readonly law: string; readonly runs: number; readonly first_run: number }[];
  readonly counterexample: CounterexampleDocument | null;
  readonly shrunk: { readonly from_steps: number; readonly replays: number } | null;
  readonly scenario: DefectDocument | null;
}

/** The check as data. */
export function checkDocument(result: CheckResult, context: CheckContext): CheckDocument {
  const { verdict, counterexample, coverage, shrinking, broken } = result;
  return {
    tidemark: context.version,
    command: context.command,
    protocol: context.subject,
    seed: result.seed,
    verdict: {
      kind: verdict,
      law: counterexample?.law ?? null,
      bound: verdict === 'unknown' ? whyUnknown(result, context) : checkBound(result, context),
      why: result.why,
    },
    runs: result.runs,
    steps: result.steps,
    ended: result.ended,
    durable_projections: result.reached,
    min_reach: result.minReach,
    checkpoints: coverage?.completed ?? 0,
    restarts: { from_checkpoint: coverage?.restored ?? 0, from_nothing: coverage?.restartedFresh ?? 0 },
    faults: coverage === null ? [] : FAULT_NAMES.map((fault) => ({ fault, ...coverage.faults[fault] })),
    canary_run: result.canaryRun,
    broken: broken.map(({ law, runs, firstRun }) => ({ law, runs, first_run: firstRun })),
    counterexample: counterexample === null ? null : counterexampleDocument(counterexample),
    shrunk: shrinking === null ? null : { from_steps: shrinking.fromSteps, replays: shrinking.replays },
    scenario: defectDocument(verdictOf(result), context.scenario?.words ?? null),
  };
}
