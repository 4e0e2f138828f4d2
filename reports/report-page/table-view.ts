/**
 * A table as data: which rows, and how each of their values is to be read. The page, the Markdown and the tests all read
 * the same rows, which are those of the JSON document; `path` is where they stand in it.
 */
import { bytes, count, duration, seconds } from '../numbers.ts';

/** How a value is written. */
export type ValueKind =
  'text' | 'micros' | 'moment' | 'seconds' | 'bytes' | 'bytesPerSecond' | 'count' | 'share' | 'usd' | 'number' | 'yes';

export type Value = string | number | boolean | null;

interface Column {
  readonly key: string;
  readonly title: string;
  readonly kind: ValueKind;
  /** What people are to read instead of a name in the document. */
  readonly words?: Readonly<Record<string, string>>;
}

export interface ViewColumn<Row> extends Column {
  readonly key: keyof Row & string;
}

/** A table without the type of its rows. */
export interface TableView {
  /** Dotted, from the root of the JSON document. */
  readonly path: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Value>>[];
  /** Of one row: `bad` is marked. */
  readonly tone: readonly ('bad' | null)[];
}

/** A table over rows of one type; columns that no row has a value for are left out. */
export function tableView<Row extends object>(
  path: string,
  caption: string,
  rows: readonly Row[],
  columns: readonly ViewColumn<Row>[],
  isBad: (row: Row) => boolean = () => false,
): TableView {
  const used = columns.filter(({ key }) => rows.some((row) => row[key] !== null && row[key] !== undefined));
  return {
    path,
    caption,
    columns: used,
    rows: rows.map((row) => Object.fromEntries(used.map(({ key }) => [key, (row[key] ?? null) as Value]))),
    tone: rows.map((row) => (isBad(row) ? 'bad' : null)),
  };
}

/** A cell as people read it. */
export function cellText(row: TableView['rows'][number], { key, kind, words }: Column): string {
  const value = row[key] ?? null;
  return (typeof value === 'string' ? words?.[value] : undefined) ?? shown(value, kind);
}

/** The value as people read it: a unit, four significant digits at most. */
export function shown(value: Value, kind: ValueKind): string {
  if (value === null) return '-';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (!Number.isFinite(value)) return '-';
  switch (kind) {
    case 'micros':
      return duration(value);
    case 'moment':
      return `${seconds(value)} s`;
    case 'seconds':
      return value < 1e-6 && value > 0 ? `${significant(value * 1e6)} µs` : duration(value * 1e6);
    case 'bytes':
      return bytes(value);
    case 'bytesPerSecond':
      return `${bytes(value)}/s`;
    case 'share':
      return `${significant(Number((100 * value).toPrecision(3)))} %`;
    case 'usd':
      return value > 0 && value < 0.005 ? 'below 0.01' : value >= 100 ? count(Math.round(value)) : value.toFixed(2);
    case 'count':
      return count(Math.round(value));
    case 'number':
    case 'text':
    case 'yes':
      return significant(value);
  }
}

/** At most four significant digits: `0.001235`, `12.35`, `123,500`. */
export function significant(value: number): string {
  const rounded = Number(value.toPrecision(4));
  if (rounded === 0) return '0';
  const size = Math.abs(rounded);
  if (size >= 1) return count(rounded);
  if (size >= 1e-6) return rounded.toFixed(9).replace(/0+$/, '');
  return String(rounded);
}

/** Numbers stand at the right. */
export const isNumeric = (kind: ValueKind): boolean => kind !== 'text' && kind !== 'yes';
