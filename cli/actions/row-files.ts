/** Writes the runs of a command as rows, in each form that was asked for. */
import { rowLines, type RowTable } from '../../reports/export/rows/row-table.ts';
import type { RowArgs } from '../commands/row-args.ts';
import { createPending, dropPending, keepPending, type PendingFile, refuseSameFile, writePending } from '../files.ts';
import { packageVersion } from '../home.ts';
import { writeErr } from '../output.ts';

/** Files that are named and can be written, but are not there yet. */
export interface RowFiles {
  /** Writes all of them, and gives them their names when all are whole; `command` gives the same rows again. */
  readonly write: (table: RowTable, command: string) => Promise<void>;
  /** Leaves nothing of what was not written. */
  readonly drop: () => void;
}

/** Creates them; throws UsageError when two options name one file (`others` are those of the same command). */
export function rowFiles(
  { ndjson, parquet }: RowArgs,
  others: Readonly<Record<string, string | undefined>> = {},
): RowFiles {
  refuseSameFile({ ...others, ndjson, parquet });
  const pending = new Map<'ndjson' | 'parquet', PendingFile>();
  const drop = (): void => pending.forEach(dropPending);
  try {
    if (ndjson !== undefined) pending.set('ndjson', createPending(ndjson));
    if (parquet !== undefined) pending.set('parquet', createPending(parquet));
  } catch (error) {
    drop();
    throw error;
  }
  return {
    async write(table, command) {
      for (const [form, file] of pending) {
        // oxlint-disable-next-line no-await-in-loop -- one file after the other
        writePending(file, form === 'ndjson' ? rowLines(table) : await parquetOf(table, command));
      }
      for (const file of pending.values()) {
        keepPending(file);
        writeErr(`wrote ${file.path}\n`);
      }
    },
    drop,
  };
}

async function parquetOf(table: RowTable, command: string): Promise<Uint8Array> {
  const { parquetFile } = await import('../../reports/export/rows/parquet.ts');
  return parquetFile(table, { version: packageVersion(), command });
}
