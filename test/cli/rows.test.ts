// Runs as rows: the Parquet file of a command holds, value by value, what its lines of JSON hold; the same bytes each time.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLines, readParquet } from '../reports/export/read-parquet.ts';
import { tidemark } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string): Uint8Array => readFileSync(join(folder, name));

const COMMANDS: readonly (readonly [name: string, runs: number | 'some', words: readonly string[]])[] = [
  ['sweep', 6, ['sweep', 'iot-vehicles', '--intervals', '20..200/3', '--replications', '2', '--horizon-s', '20000']],
  [
    'compare',
    6,
    [
      'compare',
      'hot-item',
      '--set',
      'horizon_s=3',
      '-n',
      '2',
      '--protocols',
      'flink-aligned,none,samza-coordinated-timed',
    ],
  ],
  [
    'compare with Samza',
    4,
    ['compare', 'page-views', '--set', 'horizon_s=900', '-n', '2', '--protocols', 'samza,samza-coordinated-timed'],
  ],
  ['report of a Samza job', 89, ['report', 'container-crash', '--horizon-s', '700']],
  ['report of a stream job', 88, ['report', 'iot-vehicles']],
  ['report of a dataflow job', 73, ['report', 'hot-item']],
  ['tune', 'some', ['tune', 'lambda-batches', '--recovery-p99', '250']],
  ['tune for two objectives', 'some', ['tune', 'lambda-batches', '--pareto', 'money,latency', '--precision', '0.2']],
  ['tune with an interval that adapts', 'some', ['tune', 'lambda-batches', '--adaptive', 'mtbf=0.1']],
];

describe.each(COMMANDS)('%s', (_, runs, words) => {
  it('writes the same rows in both forms, a row per run, and the same bytes with other workers', async () => {
    const written = ['1', '2'].map((workers) => {
      const { code, stderr } = tidemark(
        [...words, '--ndjson', 'r.ndjson', '--parquet', 'r.parquet', '--workers', workers],
        {
          cwd: folder,
        },
      );
      expect(stderr).toContain('wrote r.ndjson\nwrote r.parquet\n');
      expect(code).toBe(0);
      return [file('r.ndjson'), file('r.parquet')] as const;
    });
    const [[lines, parquet], again] = written as [(typeof written)[number], (typeof written)[number]];
    expect(again).toEqual([lines, parquet]);
    const rows = readLines(new TextDecoder().decode(lines));
    const { rows: read, types, metadata } = await readParquet(parquet);
    expect(rows).toHaveLength(runs === 'some' ? Math.max(90, rows.length) : runs);
    expect(read).toEqual(rows);
    expect(metadata['tidemark.command']).toContain(`tidemark ${words[0]!} ${words[1]!}`);
    for (const [name, type] of Object.entries(types)) {
      expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      const kinds = new Set(
        rows
          .map((row) => row[name])
          .filter((value) => value !== null)
          .map((value) => typeof value),
      );
      expect([...kinds], name).toEqual(kinds.size === 0 ? [] : [type === 'UTF8' ? 'string' : 'number']);
    }
    // A row says which run it is.
    const key = ['scenario', 'seed', 'protocol', 'part', 'run', 'interval_s', 'replication'];
    expect(new Set(rows.map((row) => JSON.stringify(key.map((name) => row[name])))).size).toBe(rows.length);
  });
});

describe('a mistake', () => {
  it.each([
    [['sweep', 'trading', '--parquet', 'nowhere/x'], 'nowhere/x: cannot be written'],
    [['sweep', 'trading', '--parquet', 'x', '--ndjson', './x'], 'cannot both write x'],
    [['sweep', 'trading', '--parquet', 'x', '--save', 'x'], 'cannot both write x'],
    [['compare', 'hot-item', '--ndjson', 'y', '--parquet', '.'], 'it is a directory'],
    [['report', 'trading', '--html', 'x', '--parquet', 'x'], 'cannot both write x'],
    [['report', 'trading', '--html', 'x', '--parquet', 'nowhere/x'], 'nowhere/x: cannot be written'],
  ])('%j: exit 2, and no file', (words, message) => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = tidemark(words, { cwd: folder });
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
  });
});
