/**
 * The kill matrix: which law convicts which broken protocol, in how many steps, and who found it. Mutants made from
 * effects are a matrix in fact: a row for each place where an effect is emitted, a column for each way to tamper with it.
 */
import type { MutantResult } from '../models/mutants/index.ts';
import { count, plural } from './numbers.ts';
import type { Style } from './style.ts';
import { type Column, paragraph, table } from './text.ts';

/** What is said besides the results. */
export interface MutantsContext {
  readonly version: string;
  readonly kind: 'catalogue' | 'effects';
  /** Whose mutants. */
  readonly subject: string;
  readonly seed: string;
  readonly runs: number;
  readonly maxStates: number;
  /** The command that gives this matrix again, whole. */
  readonly command: string;
}

/** True when every base is silent and, in the catalogue, no mutant survives; a surviving effect is a question, no failure. */
export function meetsMutants(results: readonly MutantResult[], { kind }: MutantsContext): boolean {
  return (
    results.every(({ baseBreaks }) => baseBreaks.length === 0) &&
    (kind === 'effects' || results.every(({ status }) => status !== 'survived'))
  );
}

/** The whole report, ending in a newline. */
export function mutantsReport(results: readonly MutantResult[], context: MutantsContext, style: Style): string {
  const { version, subject, seed, runs, maxStates, kind, command } = context;
  const lines = [
    style('dim', `tidemark ${version} · mutants · ${subject} · seed ${seed}`),
    headline(results, context, style),
    ...paragraph(
      `Each had ${plural(runs, 'random run')}, shrunk where a law broke, and a breadth-first search of ${plural(maxStates, 'state')}; so had its base.`,
    ),
    ...loudBases(results, style),
    '',
    ...(kind === 'effects' ? effectTable(results, style) : catalogueTable(results, style)),
    '',
    ...(kind === 'effects' ? effectLegend() : reasons(results)),
    ...shrinkLines(results),
    `again     ${style('strong', command)}`,
  ];
  return lines.join('\n') + '\n';
}

function headline(results: readonly MutantResult[], context: MutantsContext, style: Style): string {
  const of = (status: MutantResult['status']): number => results.filter((each) => each.status === status).length;
  const counts = [
    `${count(of('killed'))} of ${count(results.length)} killed`,
    ...(of('redundant-guard') > 0 ? [plural(of('redundant-guard'), 'redundant guard')] : []),
    ...(of('equivalent') > 0 ? [`${count(of('equivalent'))} equivalent`] : []),
    `${count(of('survived'))} survived`,
  ].join(', ');
  if (!meetsMutants(results, context)) return `${style('bad', 'NOT AS EXPECTED')}  ${counts}`;
  return context.kind === 'effects'
    ? `${style('strong', 'MATRIX')}  ${counts}`
    : `${style('good', 'AS EXPECTED')}  ${counts}`;
}

/** How long the shrunk counterexamples of random runs are, where breadth-first search knows how long they have to be. */
export function shrinkQuality(results: readonly MutantResult[]): {
  readonly known: number;
  readonly shrunk: number;
  /** Shrunk length over least length, at worst; 1 where none is known. */
  readonly worst: number;
  readonly worstOf: string | null;
} {
  const shrunk = results.filter(({ shrunkSteps }) => shrunkSteps > 0);
  const known = shrunk.filter(({ breadthSteps }) => breadthSteps > 0);
  const ratio = (each: MutantResult): number => each.shrunkSteps / each.breadthSteps;
  const worst = known.toSorted((x, y) => ratio(y) - ratio(x))[0];
  return {
    known: known.length,
    shrunk: shrunk.length,
    worst: worst === undefined ? 1 : ratio(worst),
    worstOf: worst === undefined || ratio(worst) <= 1 ? null : worst.name,
  };
}

function shrinkLines(results: readonly MutantResult[]): readonly string[] {
  const { known, shrunk, worst, worstOf } = shrinkQuality(results);
  if (known === 0) return [];
  const length =
    worstOf === null ? 'none is longer' : `at worst ${worstOf}'s is ${Math.round(100 * (worst - 1))} % longer`;
  return [
    ...paragraph(
      `shrinking: breadth-first search knows the least length of ${count(known)} of ${plural(shrunk, 'counterexample')} of random runs; ${length}.`,
    ),
    '',
  ];
}

/** A law that breaks without the mutation says nothing about the mutation. */
function loudBases(results: readonly MutantResult[], style: Style): readonly string[] {
  const loud = new Map(results.filter(({ baseBreaks }) => baseBreaks.length > 0).map((each) => [each.base, each]));
  return Array.from(loud.values()).flatMap(({ base, baseBreaks }) =>
    paragraph(
      `${style('bad', base)} breaks ${baseBreaks.join(', ')} by itself, so the deaths of its mutants prove nothing: check it first.`,
    ),
  );
}

const CATALOGUE_COLUMNS: readonly Column[] = [
  { title: 'mutant', align: 'left', wrapAt: 20 },
  { title: 'base', align: 'left', wrapAt: 23 },
  { title: 'status', align: 'left' },
  { title: 'law', align: 'left' },
  { title: 'steps', align: 'right' },
  { title: 'found by', align: 'left' },
  { title: 'runs', align: 'right' },
  { title: 'states', align: 'right' },
];

function catalogueTable(results: readonly MutantResult[], style: Style): readonly string[] {
  const rows = results.map(({ name, base, status, law, steps, driver, runs, stateGraph }) => [
    name,
    base,
    status,
    law,
    steps > 0 ? String(steps) : '-',
    driver === 'none' ? '-' : driver,
    count(runs),
    stateGraph.states > 0 ? `${count(stateGraph.states)}${stateGraph.emptied ? '' : '+'}` : '-',
  ]);
  return table(CATALOGUE_COLUMNS, rows, { style });
}

function reasons(results: readonly MutantResult[]): readonly string[] {
  const spared = results.filter(({ status }) => status !== 'killed');
  const twins = results.filter(({ twin }) => twin !== null);
  const timed = results.filter(({ driver }) => driver === 'timed');
  return [
    ...paragraph('steps: length of the shortest counterexample; runs: random runs until the first breach, or in all;'),
    ...paragraph(
      'states: of the breadth-first search, + where it was cut; timed: one run in a timed world, no search.',
    ),
    ...timed.flatMap(({ name, facts }) =>
      paragraph(
        `${name}: ${Object.entries(facts)
          .map(([fact, value]) => `${fact} ${value}`)
          .join('; ')}.`,
      ),
    ),
    ...spared.flatMap(({ name, status, why, broken }) =>
      paragraph(`${name}: ${status}: ${why === '' ? `${broken}, and no law noticed` : why}.`),
    ),
    ...twins.flatMap(({ name, twin }) =>
      paragraph(`${name} has the same states as ${twin}: one of them is superfluous.`),
    ),
    '',
  ];
}

const TAMPERINGS = ['skip', 'duplicate', 'swap', 'delay'] as const;

function effectTable(results: readonly MutantResult[], style: Style): readonly string[] {
  const places = new Map<string, Map<string, MutantResult>>();
  for (const result of results) {
    const [tampering = '', ...rest] = result.name.split(' ');
    const place = rest.join(' ');
    places.set(place, (places.get(place) ?? new Map<string, MutantResult>()).set(tampering, result));
  }
  const columns: readonly Column[] = [
    { title: 'effect', align: 'left' },
    ...TAMPERINGS.map((title): Column => ({ title, align: 'left' })),
  ];
  const rows = Array.from(places, ([place, cells]) => [place, ...TAMPERINGS.map((each) => cellOf(cells.get(each)))]);
  return table(columns, rows, { style });
}

function cellOf(result: MutantResult | undefined): string {
  if (result === undefined) return '';
  return result.status === 'killed'
    ? `${result.law} in ${result.steps}`
    : result.status === 'equivalent'
      ? 'same'
      : '-';
}

function effectLegend(): readonly string[] {
  return [
    ...paragraph('C2 in 20: law C2 broke, on a path of 20 actions. same: no order of events shows a difference.'),
    ...paragraph(
      '-: no law noticed. A dash under duplicate, swap or delay is often robustness; under skip it is a question: what is this effect for?',
    ),
    '',
  ];
}

/** One mutant as data; names others rely on: `name`, `status`, `law`, `steps`. */
export interface MutantDocument {
  readonly name: string;
  readonly broken: string;
  readonly base: string;
  readonly status: MutantResult['status'];
  readonly why: string;
  /** The law that broke, or the one that should have; null: none, and whichever would do. */
  readonly law: string | null;
  readonly steps: number;
  readonly driver: MutantResult['driver'];
  readonly runs: number;
  readonly shrunk_steps: number | null;
  readonly breadth_steps: number | null;
  readonly states: number;
  readonly emptied: boolean;
  readonly breaks: readonly string[];
  readonly twin: string | null;
  readonly base_breaks: readonly string[];
  readonly path: readonly string[];
  /** What a mutant in a timed world was measured by; empty for the others. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** The document of `mutants --json`. */
export interface MutantsDocument {
  readonly tidemark: string;
  readonly command: string;
  readonly subject: string;
  readonly seed: string;
  readonly as_expected: boolean;
  readonly mutants: readonly MutantDocument[];
}

/** The matrix as data. */
export function mutantsDocument(results: readonly MutantResult[], context: MutantsContext): MutantsDocument {
  const { version, command, subject, seed } = context;
  return {
    tidemark: version,
    command,
    subject,
    seed,
    as_expected: meetsMutants(results, context),
    mutants: results.map(({ name, broken, base, status, why, law, steps, driver, runs, ...rest }) => ({
      name,
      broken,
      base,
      status,
      why,
      law: law === '*' ? null : law,
      steps,
      driver,
      runs,
      shrunk_steps: rest.shrunkSteps < 0 ? null : rest.shrunkSteps,
      breadth_steps: rest.breadthSteps < 0 ? null : rest.breadthSteps,
      states: rest.stateGraph.states,
      emptied: rest.stateGraph.emptied,
      breaks: rest.breaks,
      twin: rest.twin,
      base_breaks: rest.baseBreaks,
      path: rest.path,
      facts: rest.facts,
    })),
  };
}
