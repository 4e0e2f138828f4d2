/** A table of runs as a Parquet file, for pandas, DuckDB, Spark and the like; typed, compressed, the same bytes each time. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { CellKind, RowTable } from './row-table.ts';

const TYPES = { text: 'STRING', whole: 'INT64', number: 'DOUBLE' } as const satisfies Record<CellKind, string>;

/** The file. `about` says where the rows are from: it stands in the file's metadata, under keys of its own. */
export function parquetFile(
  { columns }: RowTable,
  about: { readonly version: string; readonly command: string },
): Uint8Array {
  const file = parquetWriteBuffer({
    columnData: columns.map(({ name, kind, cells }) => ({
      name,
      type: TYPES[kind],
      nullable: true,
      data: kind === 'whole' ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : [...cells],
    })),
    createdBy: `tidemark version ${about.version}`,
    kvMetadata: [
      { key: 'tidemark.version', value: about.version },
      { key: 'tidemark.command', value: about.command },
    ],
  });
  return new Uint8Array(file);
}
