/**
 * The kill matrix read the other way: what each law is needed for, what each kind of fault is needed for, and which guards
 * stand in for each other.
 */
import { FAULTS, type TransposedMatrix } from '../models/mutants/index.ts';
import { count } from './numbers.ts';
import type { Style } from './style.ts';
import { type Column, paragraph, table } from './text.ts';

/** What is said besides the matrix. */
export interface TransposedContext {
  readonly version: string;
  readonly seed: string;
  readonly runs: number;
  readonly maxStates: number;
  /** The command that gives this report again. */
  readonly command: string;
}

const LEAST_ALONE = 2;

/** True when every law convicts two mutants alone or is known to be redundant, and every fault is needed by some mutant. */
export function meetsTransposed({ laws, faults }: TransposedMatrix): boolean {
  return (
    laws.every(({ only, why }) => only.length >= LEAST_ALONE || why !== '') &&
    faults.every(({ neededBy }) => neededBy.length > 0)
  );
}

/** The whole report, ending in a newline. */
export function transposedReport(matrix: TransposedMatrix, context: TransposedContext, style: Style): string {
  const { version, seed, runs, maxStates, command } = context;
  const verdict = meetsTransposed(matrix) ? style('good', 'AS EXPECTED') : style('bad', 'NOT AS EXPECTED');
  const needed = matrix.laws.filter(({ only }) => only.length >= LEAST_ALONE).length;
  const bare = matrix.laws.filter(({ only, why }) => only.length < LEAST_ALONE && why === '');
  const unused = matrix.faults.filter(({ neededBy }) => neededBy.length === 0);
  const lines = [
    style('dim', `tidemark ${version} · mutants, transposed · seed ${seed}`),
    `${verdict}  ${count(needed)} of ${count(matrix.laws.length)} laws convict at least two mutants alone`,
    ...paragraph(
      `Each mutant had ${count(runs)} random runs that go on after a breach, and a search of ${count(maxStates)} states.`,
    ),
    ...bare.flatMap(({ law }) => paragraph(`${law} convicts too few alone, and nobody says why it is kept.`)),
    ...unused.flatMap(({ fault }) => paragraph(`No mutant needs this fault: ${FAULTS[fault]}.`)),
    '',
    ...table(LAW_COLUMNS, matrix.laws.map(lawCells), { style }),
    '',
    ...matrix.laws.filter(({ why }) => why !== '').flatMap(({ law, why }) => paragraph(`${law}: ${why}.`)),
    '',
    ...table(FAULT_COLUMNS, matrix.faults.map(faultCells), { style }),
    '',
    ...matrix.pairs.flatMap(({ name, law, steps }) =>
      paragraph(
        law === null
          ? `${name}: no law notices the pair either: a third guard makes up for both.`
          : `${name}: killed by ${law} in ${count(steps)} steps: each is the other's guard.`,
      ),
    ),
    '',
    `again     ${style('strong', command)}`,
  ];
  return lines.join('\n') + '\n';
}

const LAW_COLUMNS: readonly Column[] = [
  { title: 'law', align: 'left' },
  { title: 'alone', align: 'right' },
  { title: 'with others', align: 'right' },
  { title: 'mutants it alone convicts', align: 'left', wrapAt: 68 },
];

function lawCells({ law, only, also }: TransposedMatrix['laws'][number]): readonly string[] {
  return [law, count(only.length), count(also.length), only.join(', ') || '-'];
}

const FAULT_COLUMNS: readonly Column[] = [
  { title: 'fault', align: 'left' },
  { title: 'needed by', align: 'right' },
  { title: 'mutants that live without it', align: 'left', wrapAt: 52 },
];

function faultCells({ fault, neededBy }: TransposedMatrix['faults'][number]): readonly string[] {
  return [FAULTS[fault], count(neededBy.length), neededBy.join(', ') || '-'];
}

/** The document of `mutants --transposed --json`. */
export interface TransposedDocument {
  readonly tidemark: string;
  readonly command: string;
  readonly seed: string;
  readonly as_expected: boolean;
  readonly laws: readonly {
    readonly law: string;
    readonly alone: readonly string[];
    readonly with_others: readonly string[];
    readonly why: string;
  }[];
  readonly faults: readonly { readonly fault: string; readonly needed_by: readonly string[] }[];
  readonly pairs: readonly { readonly name: string; readonly law: string | null; readonly steps: number }[];
}

/** The transposed matrix as data. */
export function transposedDocument(matrix: TransposedMatrix, context: TransposedContext): TransposedDocument {
  return {
    tidemark: context.version,
    command: context.command,
    seed: context.seed,
    as_expected: meetsTransposed(matrix),
    laws: matrix.laws.map(({ law, only, also, why }) => ({ law, alone: only, with_others: also, why })),
    faults: matrix.faults.map(({ fault, neededBy }) => ({ fault: FAULTS[fault], needed_by: neededBy })),
    pairs: matrix.pairs,
  };
}
