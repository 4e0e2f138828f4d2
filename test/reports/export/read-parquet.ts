// Parquet files read back by another program's code: values as JSON would have them, and the types the file declares.
import { parquetMetadata, parquetReadObjects } from 'hyparquet';

export interface ReadBack {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Physical type and what it stands for, by column. */
  readonly types: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string | undefined>>;
}

export async function readParquet(bytes: Uint8Array): Promise<ReadBack> {
  const file = Uint8Array.from(bytes).buffer;
  const { schema, key_value_metadata: pairs = [] } = parquetMetadata(file);
  const rows = await parquetReadObjects({ file });
  return {
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))),
    types: Object.fromEntries(schema.slice(1).map(({ name, type, converted_type: means }) => [name, means ?? type!])),
    metadata: Object.fromEntries(pairs.map(({ key, value }) => [key, value])),
  };
}

/** Whole numbers come as bigint; none of ours is too large for a number. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value ?? null;
  if (BigInt(Number(value)) !== value) throw new Error(`${value} is no whole number below 2^53`);
  return Number(value);
}

export function readLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
