/**
 * The crash matrix as a table of at most 120 columns, and one of its cells as a short story.
 */
import { group } from 'd3-array';
import type { CrashCell, CrashMatrix, CrashRow } from '../models/crash-matrix.ts';
import { plural } from './numbers.ts';
import { factText } from './story.ts';
import type { Style } from './style.ts';
import { paragraph, table, type Column } from './text.ts';

/** The width of a crash matrix. */
export const MATRIX_WIDTH = 120;

const GAP = '  ';
const POINT_WIDTH = 5;
const WHAT_WIDTH = 22;

/** What is said besides the matrix. */
export interface CrashMatrixContext {
  readonly version: string;
  readonly seed: string;
  /** The command that gives this matrix again, whole. */
  readonly command: string;
  readonly style: Style;
}

/** The whole table with its legend, ending in a newline. */
export function crashMatrixReport(matrix: CrashMatrix, context: CrashMatrixContext): string {
  const { style } = context;
  const cellWidth =
    Math.floor((MATRIX_WIDTH - POINT_WIDTH - WHAT_WIDTH - GAP.length) / matrix.columns.length) - GAP.length;
  const columns: readonly Column[] = [
    { title: 'point', align: 'left' },
    { title: 'crash', align: 'left', wrapAt: WHAT_WIDTH },
    ...matrix.columns.map((title): Column => ({ title, align: 'left', wrapAt: cellWidth })),
  ];
  const rows = matrix.rows.map((row) => [
    row.point,
    row.what,
    ...matrix.columns.map((column) => cellText(row, column)),
  ]);
  const lines = [
    style('dim', title(matrix, context)),
    ...paragraph('One crash in each cell, simulated, and what came back after the restart.', '', MATRIX_WIDTH),
    '',
    ...table(columns, rows, { indent: '', gap: GAP, style, ruled: true }),
    '',
    ...lossLines(matrix, style),
    ...legend(matrix, style),
    '',
    'One cell   add --point P5 --column tx to see the facts behind it',
    `again      ${style('strong', context.command)}`,
  ];
  return lines.join('\n') + '\n';
}

/** One cell with the facts behind its answer, ending in a newline. */
export function crashCellReport(
  matrix: CrashMatrix,
  row: CrashRow,
  cell: CrashCell,
  context: CrashMatrixContext,
): string {
  const { style } = context;
  const lines = [
    style('dim', title(matrix, context)),
    `${style('strong', row.point)}  crash ${row.what}`,
    `${style('strong', cell.column)}  ${cell.answer}`,
    '',
    ...factTable(cell.facts, style),
    `  inputs lost: ${cell.lost_inputs === 0 ? 'none' : style('bad', plural(cell.lost_inputs, 'record'))}`,
    '',
    ...legend(matrix, style),
    '',
    `again  ${style('strong', context.command)}`,
  ];
  return lines.join('\n') + '\n';
}

/** A cell read off from several crashes has its facts named `X [1: tx same host]`: those stand side by side. */
function factTable(facts: CrashCell['facts'], style: Style): readonly string[] {
  const named = Object.entries(facts).map(([key, value]) => {
    const [, name = key, crash = ''] = /^(.*?) \[(.*)\]$/.exec(key) ?? [];
    return { name, crash, text: factText(name, value) };
  });
  const byName = group(named, (fact) => fact.name);
  const crashes = Array.from(new Set(named.map((fact) => fact.crash)));
  const columns = [
    { title: 'crash', align: 'left' } as const,
    ...crashes.map((crash) => ({ title: crash, align: 'left' }) as const),
  ];
  const rows = Array.from(byName, ([name, of]) => [
    name.replaceAll('_', ' '),
    ...crashes.map((crash) => of.find((fact) => fact.crash === crash)?.text ?? ''),
  ]);
  const lines = table(columns, rows, { style });
  return crashes.length > 1 ? lines : lines.slice(1);
}

function legend(matrix: CrashMatrix, style: Style): readonly string[] {
  return [style('strong', 'Legend'), ...matrix.legend.flatMap((entry) => paragraph(entry, '  ', MATRIX_WIDTH))];
}

function title(matrix: CrashMatrix, { version, seed }: CrashMatrixContext): string {
  return `tidemark ${version} · crash matrix · ${matrix.protocol} · seed ${seed}`;
}

function cellText(row: CrashRow, column: string): string {
  const cell = row.cells.find((cell) => cell.column === column);
  if (cell === undefined) return '-';
  return cell.lost_inputs === 0 ? cell.answer : `${cell.answer}\nLOST ${cell.lost_inputs}`;
}

function lossLines(matrix: CrashMatrix, style: Style): readonly string[] {
  const pointsWith = (isLost: (cell: CrashCell) => boolean): readonly string[] =>
    matrix.rows.filter((row) => row.cells.some(isLost)).map((row) => row.point);
  const inputs = pointsWith((cell) => cell.lost_inputs > 0);
  const outputs = pointsWith((cell) => Number(cell.facts['outputs lost'] ?? 0) > 0);
  return [
    inputs.length === 0 ? style('good', 'No row loses input.') : style('bad', `Input is lost at ${inputs.join(', ')}.`),
    ...(outputs.length === 0 ? [] : [style('bad', `Output is lost at ${outputs.join(', ')}.`)]),
    '',
  ];
}
