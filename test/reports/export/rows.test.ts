// One table, two forms: what the Parquet file says, read back by other code, is what the lines of JSON say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parquetFile } from '../../../reports/export/rows/parquet.ts';
import { fields, rowLines, rowTable, type RowTable, same } from '../../../reports/export/rows/row-table.ts';
import { readLines, readParquet } from './read-parquet.ts';

interface Row {
  readonly name: string;
  readonly runs: number | null;
  readonly cost_s: number | null;
}

const tableOf = (rows: readonly Row[]): RowTable =>
  rowTable<Row>(rows, [
    same('scenario', 'x'),
    ...fields<Row>('text', ['name']),
    ...fields<Row>('whole', ['runs']),
    ...fields<Row>('number', ['cost_s']),
  ]);
const about = { version: '1.2.3', command: 'tidemark sweep x' };

const row: fc.Arbitrary<Row> = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  runs: fc.option(fc.maxSafeInteger()),
  cost_s: fc.option(fc.double()),
});

describe('a table of rows', () => {
  it('says the same as Parquet and as lines, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        const table = tableOf(rows);
        const { rows: read } = await readParquet(parquetFile(table, about));
        expect(read).toEqual(readLines(rowLines(table)));
        expect(read.map(({ name }) => name)).toEqual(rows.map(({ name }) => name));
      }),
    );
  });

  it('is typed, also where a column has no value, and says where it is from', async () => {
    const { types, metadata } = await readParquet(
      parquetFile(tableOf([{ name: 'a', runs: null, cost_s: null }]), about),
    );
    expect(types).toEqual({ scenario: 'UTF8', name: 'UTF8', runs: 'INT64', cost_s: 'DOUBLE' });
    expect(metadata).toEqual({ 'tidemark.version': '1.2.3', 'tidemark.command': 'tidemark sweep x' });
  });

  it('keeps whole numbers exactly, up to 2^53', async () => {
    const runs = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0];
    const table = tableOf(runs.map((each) => ({ name: 'a', runs: each, cost_s: each / 3 })));
    const { rows } = await readParquet(parquetFile(table, about));
    expect(rows.map((each) => each['runs'])).toEqual(runs);
    expect(rows.map((each) => each['cost_s'])).toEqual([runs[0]! / 3, runs[1]! / 3, 0]);
  });

  it('has null for what JSON has no number for', () => {
    const lines = rowLines(tableOf([Infinity, NaN, -0].map((cost_s) => ({ name: 'a', runs: 1, cost_s }))));
    expect(lines.split('\n').map((line) => /"cost_s":(.*)}/.exec(line)?.[1])).toEqual(['null', 'null', '0', undefined]);
  });

  it('is the same bytes again, and has a file even without rows', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ name: `n${i % 7}`, runs: i, cost_s: i / 7 }));
    const [one, other] = [parquetFile(tableOf(rows), about), parquetFile(tableOf(rows), about)];
    expect(one).toEqual(other);
    expect((await readParquet(parquetFile(tableOf([]), about))).rows).toEqual([]);
    expect(rowLines(tableOf([]))).toBe('');
  });

  it('refuses a value that is not what its column says', () => {
    expect(() => tableOf([{ name: 'a', runs: 1.5, cost_s: 1 }])).toThrow('column runs: 1.5 is no whole number');
    expect(() => tableOf([{ name: 7 as unknown as string, runs: 1, cost_s: 1 }])).toThrow('column name: 7 is no text');
    expect(() => tableOf([{ name: 'a', runs: 1, cost_s: 'b' as unknown as number }])).toThrow('no number');
  });
});
