/**
 * Runs as tidy data: a row per run, a column per figure, the same names and types in every file of a command. One table gives
 * both the lines of JSON and the Parquet file, so that they cannot differ.
 */

/** `whole`: an integer below 2^53. `number`: a double. Any cell may be null. */
export type CellKind = 'text' | 'whole' | 'number';

export type Cell = string | number | null;

/** Names are in snake case and end in their unit. */
export interface RowColumn<Row> {
  readonly name: string;
  readonly kind: CellKind;
  /** Infinity and NaN become null: JSON has none, and a file must say the same in both forms. */
  readonly of: (row: Row, position: number) => Cell;
}

export interface RowTable {
  readonly columns: readonly { readonly name: string; readonly kind: CellKind; readonly cells: readonly Cell[] }[];
}

/** A table of the rows, in their order. */
export function rowTable<Row>(rows: readonly Row[], columns: readonly RowColumn<Row>[]): RowTable {
  return {
    columns: columns.map(({ name, kind, of }) => ({
      name,
      kind,
      cells: rows.map((row, i) => checked(of(row, i), name, kind)),
    })),
  };
}

function checked(cell: Cell, name: string, kind: CellKind): Cell {
  if (cell === null) return null;
  if (kind === 'text') {
    if (typeof cell !== 'string') throw new TypeError(`column ${name}: ${cell} is no text`);
    return cell;
  }
  if (typeof cell !== 'number') throw new TypeError(`column ${name}: "${cell}" is no number`);
  if (!Number.isFinite(cell)) return null;
  if (kind === 'whole' && !Number.isSafeInteger(cell))
    throw new TypeError(`column ${name}: ${cell} is no whole number`);
  // No negative zero.
  return cell + 0;
}

/** A line of JSON per row, each ended by a newline. */
export function rowLines({ columns }: RowTable): string {
  const rows = columns[0]?.cells.length ?? 0;
  const line = (i: number): string =>
    JSON.stringify(Object.fromEntries(columns.map(({ name, cells }) => [name, cells[i]!])));
  return Array.from({ length: rows }, (_, i) => `${line(i)}\n`).join('');
}

/** Columns that a row type has under their own names. */
export function fields<Row>(kind: CellKind, names: readonly (keyof Row & string)[]): RowColumn<Row>[] {
  return names.map((name) => ({ name, kind, of: (row) => row[name] as Cell }));
}

/** A column with the same text in each row. */
export function same<Row>(name: string, text: string): RowColumn<Row> {
  return { name, kind: 'text', of: () => text };
}
