/**
 * The report of one run for a terminal: the verdict, the evidence for it, the numbers, and last the command that gives
 * the same run again. Pure: an outcome and what was asked go in, text comes out.
 */
import type { Outcome } from '../models/outcome.ts';
import type { RunPlan } from '../models/plan.ts';
import { verdictSection } from './sections/verdict.ts';
import { recordsSection } from './sections/records.ts';
import { recoveriesSection } from './sections/recoveries.ts';
import { checkpointsSection } from './sections/checkpoints.ts';
import { storageSection } from './sections/storage.ts';
import { budgetSection } from './sections/budget.ts';
import { faultsSection } from './sections/faults.ts';
import { lawsSection } from './sections/laws.ts';
import { count, duration, seconds } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled, paragraph } from './text.ts';

/** The part of a plan that a report repeats. */
export type PlanHeading = Pick<RunPlan, 'title' | 'expect' | 'protocol' | 'ties' | 'replication'>;

/** What the report says besides the outcome. */
export interface RunReportContext {
  readonly version: string;
  readonly plan: PlanHeading;
  /** The command that gives this run again, whole. */
  readonly command: string;
  readonly scenarioHash: string;
  /** Notes of the loader: keys that were ignored, defaults that were chosen. */
  readonly notes: readonly string[];
  /** What a second run, or the run in a replay file, said; comes right before the command. */
  readonly comparison?: readonly string[];
  readonly style: Style;
}

/** The whole report, ending in a newline. */
export function runReport(outcome: Outcome, context: RunReportContext): string {
  const { style } = context;
  const sections: readonly (readonly string[])[] = [
    banner(outcome, context),
    verdictSection(outcome, context.plan, style),
    recordsSection(outcome, style),
    recoveriesSection(outcome, style),
    checkpointsSection(outcome, style),
    budgetSection(outcome, style),
    storageSection(outcome, style),
    faultsSection(outcome, style),
    lawsSection(outcome, style),
    notesSection(context),
    context.comparison ?? [],
    footer(outcome, context),
  ];
  return (
    sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n') + '\n'
  );
}

function banner(outcome: Outcome, { version, plan, style }: RunReportContext): readonly string[] {
  const ties = plan.ties === 'fifo' ? 'ties fifo' : `ties ${plan.ties}`;
  const parts = [
    `tidemark ${version}`,
    outcome.scenario,
    plan.protocol,
    `seed ${outcome.seed}${plan.replication === 0 ? '' : ` replication ${plan.replication}`}`,
    ties,
    `${duration(Math.round(outcome.simulated_s * 1e6))} simulated`,
    `${count(outcome.events)} events`,
  ];
  const lines = [...paragraph(parts.join(' · '), '').map((line) => style('dim', line))];
  if (plan.title !== '') lines.push(...paragraph(plan.title, ''));
  return lines;
}

function notesSection({ notes, style }: RunReportContext): readonly string[] {
  if (notes.length === 0) return [];
  return [style('strong', 'Notes'), ...notes.flatMap((note) => labelled('-', note, { labelWidth: 2 }))];
}

function footer(outcome: Outcome, { command, scenarioHash, style }: RunReportContext): readonly string[] {
  const { order, state, cost } = outcome.digests;
  return [
    style('dim', `digests   order ${order} · state ${state} · cost ${cost}`),
    style('dim', `scenario  ${scenarioHash}`),
    ...lookLine(outcome, command),
    `again     ${style('strong', command)}`,
  ];
}

/** The events right before the breach; laws that are checked at the end have no such moment unless a fact names it. */
function lookLine({ verdict, laws, simulated_s }: Outcome, command: string): readonly string[] {
  const first = laws.find(({ law }) => law === verdict.law)?.first;
  if (first === undefined || first === null) return [];
  const passedOver = first.facts['passed_over_at_us'];
  const at = typeof passedOver === 'number' ? passedOver : first.atMicros;
  if (at >= Math.round(simulated_s * 1e6)) return [];
  return [`look      ${command} --trace - 2>/dev/null | awk '$1 > ${seconds(at)} {exit} 1' | tail -40`];
}
