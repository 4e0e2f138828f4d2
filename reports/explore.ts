/** The report of an exhaustive search: verdict and bound in one sentence, the size of what was seen, the counterexample. */
import type { FlowCounterexample } from '../models/dataflow/counterexample.ts';
import type { ExploreFlowResult } from '../models/dataflow/explore-flow.ts';
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
import { paragraph } from './text.ts';

/** What is said besides the search. */
export interface ExploreContext {
  readonly version: string;
  /** The protocol as it was asked for: a name, a mutant, a file. */
  readonly subject: string;
  readonly order: 'breadth' | 'depth';
  readonly reduction: 0 | 1;
  readonly maxStates: number;
  /** The command that gives this search again, whole. */
  readonly command: string;
  /** The scenario that was searched; null: the bounds of the command line. */
  readonly scenario: DefectWords | null;
}

/** The whole report, ending in a newline. */
export function exploreReport(result: ExploreFlowResult, context: ExploreContext, style: Style): string {
  const { search, counterexamples } = result;
  const leading = leadingCounterexample(result, context.scenario);
  const others = counterexamples.filter((each) => each !== leading);
  const lines = [
    style('dim', `tidemark ${context.version} · explore · ${context.subject} · ${context.order} first`),
    '',
    ...(leading === null ? [headline(result, context, style)] : breachLines(leading, style)),
    ...(leading === null ? paragraph(`Bound: ${boundOf(result)}.`) : []),
    ...(context.scenario === null
      ? []
      : [expectedLine(exploreVerdict(result, context.scenario), context.scenario, style)]),
    '',
    ...(context.scenario === null ? [] : [...storyLines(context.scenario, style), '']),
    ...sizeLines(result, context),
    ...(leading === null ? [] : ['', ...pathLines(leading, aboutPath(context), style)]),
    ...others.flatMap((each) => [
      '',
      ...breachLines(each, style),
      `  ${plural(each.path.length, 'action')}, in --json`,
    ]),
    '',
    ...(search.emptied || leading !== null ? [] : [`further   --max-states ${10 * context.maxStates}`]),
    `again     ${style('strong', context.command)}`,
  ];
  return lines.join('\n') + '\n';
}

function headline({ search, verdict }: ExploreFlowResult, { maxStates }: ExploreContext, style: Style): string {
  return verdict === 'holds'
    ? `${style('good', 'HOLDS')}  no order of events breaks a law`
    : `${style('warn', 'UNKNOWN')}  no law was broken in ${count(search.states)} states, then the search was cut (--max-states ${maxStates})`;
}

function boundOf({ plan, search }: ExploreFlowResult): string {
  return `${planInWords(plan)}; ${search.emptied ? 'the queue was emptied' : 'the queue was not emptied'}`;
}

function aboutPath({ order }: ExploreContext): string {
  return order === 'breadth' ? 'no shorter one breaks a law' : 'depth first: not the shortest';
}

function sizeLines({ search, verdict, ampleActions }: ExploreFlowResult, { reduction }: ExploreContext): string[] {
  const { states, transitions, durableProjections, depths, endStates, emptied } = search;
  const cut = emptied ? 'all of them' : verdict === 'violated' ? 'up to the breach' : 'cut off';
  const lines = [
    `  ${plural(states, 'state')} (${cut}), ${plural(transitions, 'transition')}, longest path ${count(Math.max(0, depths.length - 1))}`,
    `  ${plural(durableProjections, 'durable projection')}: what a crash would leave; ${plural(endStates, 'state')} in which a path may end`,
  ];
  if (reduction === 1 && ampleActions === 0)
    lines.push('  Reduction left nothing out: no action of this job is marked ample.');
  return lines;
}

/** The document of `explore --json`. */
export interface ExploreDocument {
  readonly tidemark: string;
  readonly command: string;
  readonly protocol: string;
  readonly verdict: {
    readonly kind: 'holds' | 'violated' | 'unknown';
    readonly law: string | null;
    readonly bound: string;
  };
  readonly states: number;
  readonly transitions: number;
  readonly durable_projections: number;
  readonly end_states: number;
  readonly longest_path: number;
  readonly emptied: boolean;
  readonly order: 'breadth' | 'depth';
  readonly reduction: 0 | 1;
  readonly plan: ExploreFlowResult['plan'];
  readonly counterexamples: readonly CounterexampleDocument[];
  readonly scenario: DefectDocument | null;
}

/** The counterexample to show: that of the law a scenario speaks of, else the shortest. */
export function leadingCounterexample(
  { counterexamples }: ExploreFlowResult,
  scenario: DefectWords | null,
): FlowCounterexample | null {
  const shortest = counterexamples.toSorted((x, y) => x.path.length - y.path.length)[0];
  return counterexamples.find(({ law }) => law === scenario?.law) ?? shortest ?? null;
}

/** The verdict of a search. */
export function exploreVerdict(result: ExploreFlowResult, scenario: DefectWords | null): SearchVerdict {
  return { kind: result.verdict, law: leadingCounterexample(result, scenario)?.law ?? null };
}

/** The search as data. */
export function exploreDocument(result: ExploreFlowResult, context: ExploreContext): ExploreDocument {
  const { search, counterexamples, plan } = result;
  const verdict = exploreVerdict(result, context.scenario);
  return {
    tidemark: context.version,
    command: context.command,
    protocol: context.subject,
    verdict: { ...verdict, bound: boundOf(result) },
    states: search.states,
    transitions: search.transitions,
    durable_projections: search.durableProjections,
    end_states: search.endStates,
    longest_path: Math.max(0, search.depths.length - 1),
    emptied: search.emptied,
    order: context.order,
    reduction: context.reduction,
    plan,
    counterexamples: counterexamples.map(counterexampleDocument),
    scenario: defectDocument(verdict, context.scenario),
  };
}
