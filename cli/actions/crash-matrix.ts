/** What `tidemark crash-matrix` does: the whole table, or the part of it that was asked for. */
import type { CrashMatrix } from '../../models/crash-matrix.ts';
import { crashCellReport, crashMatrixReport } from '../../reports/crash-matrix.ts';
import { crashMatrixDocument, jsonText } from '../../reports/json.ts';
import { commandText } from '../command-text.ts';
import type { CrashMatrixArgs } from '../commands/crash-matrix.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeOut } from '../output.ts';

/** Prints the matrix; it has no verdict, so the exit code is 0. */
export async function crashMatrix(args: CrashMatrixArgs): Promise<ExitCode> {
  const whole = await startJob(
    { kind: 'crash-matrix', protocol: await schemeNamed(args.protocol), seed: args.seed },
    { what: 'crash-matrix', horizonMicros: null },
  );
  const points = whole.rows.map((row) => row.point);
  const point = args.point === undefined ? null : await known('--point', args.point, points);
  const column = args.column === undefined ? null : await known('--column', args.column, whole.columns);
  const matrix = selected(whole, point, column);
  const context = {
    version: packageVersion(),
    seed: args.seed,
    command: commandText([
      'crash-matrix',
      args.protocol,
      ...(point === null ? [] : ['--point', point]),
      ...(column === null ? [] : ['--column', simple(column)]),
      ...(args.seed === '1' ? [] : ['--seed', args.seed]),
    ]),
    style: terminalStyle(process.stdout),
  };
  const [row] = matrix.rows;
  const [cell] = row?.cells ?? [];
  if (args.json) writeOut(jsonText(crashMatrixDocument(matrix, context)));
  else if (point !== null && column !== null && row !== undefined && cell !== undefined) {
    writeOut(crashCellReport(matrix, row, cell, context));
  } else writeOut(crashMatrixReport(matrix, context));
  return exitCode.done;
}

/** Names the scheme; `samza-coordinated` alone is the one with a timer. */
async function schemeNamed(given: string): Promise<string> {
  if (given === 'samza') return given;
  const { PROTOCOLS } = await import('../../models/protocols/index.ts');
  const name = given === 'samza-coordinated' ? 'samza-coordinated-timed' : given;
  if (name in PROTOCOLS) return name;
  const names = ['samza', ...Object.keys(PROTOCOLS)];
  const { nearest } = await import('../../models/nearest-word.ts');
  const near = nearest(given, names);
  throw new UsageError(
    `"${given}": not one of ${names.join(', ')}${near === null ? '' : ` - did you mean "${near}"?`}\n` +
      '   remedy: `tidemark crash-matrix` without a name is samza',
  );
}

function selected(matrix: CrashMatrix, point: string | null, column: string | null): CrashMatrix {
  const isChosen = (name: string): boolean => column === null || name === column;
  return {
    ...matrix,
    columns: matrix.columns.filter(isChosen),
    rows: matrix.rows
      .filter((row) => point === null || row.point === point)
      .map((row) => ({ ...row, cells: row.cells.filter((cell) => isChosen(cell.column)) })),
  };
}

/** A name as one word in small letters: `non-tx-new-host` is as good as `non-tx new host`, and needs no quotes. */
function simple(name: string): string {
  return name.toLowerCase().replaceAll(/[ _]+/g, '-');
}

async function known(option: string, given: string, names: readonly string[]): Promise<string> {
  const found = names.find((name) => simple(name) === simple(given));
  if (found !== undefined) return found;
  const { nearest } = await import('../../models/nearest-word.ts');
  const near = nearest(given, names);
  throw new UsageError(
    `${option} ${given}: not one of ${names.join(', ')}${near === null ? '' : ` - did you mean "${near}"?`}\n` +
      '   remedy: `tidemark crash-matrix` shows the whole table',
  );
}
