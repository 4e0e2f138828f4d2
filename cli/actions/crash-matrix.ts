/** What `tidemark crash-matrix` does: the whole table, or the part of it that was asked for. */
import type { CrashMatrix } from '../../models/crash-matrix.ts';
import { crashCellReport, crashMatrixDocument, crashMatrixReport, jsonText } from '../../reports/index.ts';
import { commandText } from '../command-text.ts';
import type { CrashMatrixArgs } from '../commands/crash-matrix.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeOut } from '../output.ts';

/** Prints the matrix; it has no verdict, so the exit code is 0. */
export async function crashMatrix(args: CrashMatrixArgs): Promise<ExitCode> {
  const whole = await startJob(
    { kind: 'crash-matrix', protocol: 'samza', seed: args.seed },
    { what: 'crash-matrix', horizonMicros: null },
  );
  const matrix = await selected(whole, args);
  const context = {
    version: packageVersion(),
    seed: args.seed,
    command: commandText([
      'crash-matrix',
      args.protocol,
      ...(args.point === undefined ? [] : ['--point', args.point]),
      ...(args.column === undefined ? [] : ['--column', args.column]),
      ...(args.seed === '1' ? [] : ['--seed', args.seed]),
    ]),
    style: terminalStyle(process.stdout),
  };
  const [row] = matrix.rows;
  const [cell] = row?.cells ?? [];
  if (args.json) writeOut(jsonText(crashMatrixDocument(matrix, context)));
  else if (args.point !== undefined && args.column !== undefined && row !== undefined && cell !== undefined) {
    writeOut(crashCellReport(matrix, row, cell, context));
  } else writeOut(crashMatrixReport(matrix, context));
  return exitCode.done;
}

async function selected(matrix: CrashMatrix, { point, column }: CrashMatrixArgs): Promise<CrashMatrix> {
  const points = matrix.rows.map((row) => row.point);
  const chosenPoint = point === undefined ? undefined : await known('--point', point, points);
  const chosenColumn = column === undefined ? undefined : await known('--column', column, matrix.columns);
  return {
    ...matrix,
    columns: matrix.columns.filter((name) => chosenColumn === undefined || name === chosenColumn),
    rows: matrix.rows
      .filter((row) => chosenPoint === undefined || row.point === chosenPoint)
      .map((row) => ({
        ...row,
        cells: row.cells.filter((cell) => chosenColumn === undefined || cell.column === chosenColumn),
      })),
  };
}

/** The known name that was meant, whatever its case; `non-tx-new-host` is as good as `non-tx new host`. */
async function known(option: string, given: string, names: readonly string[]): Promise<string> {
  const simple = (name: string): string => name.toLowerCase().replaceAll(/[ _]+/g, '-');
  const found = names.find((name) => simple(name) === simple(given));
  if (found !== undefined) return found;
  const { nearest } = await import('../../models/samza/keys.ts');
  const near = nearest(given, names);
  throw new UsageError(
    `${option} ${given}: there is no such one${near === null ? '' : ` - did you mean "${near}"?`}\n   known: ${names.join(', ')}`,
  );
}
