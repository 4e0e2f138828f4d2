// `tidemark run` of a dataflow job as a user types it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidemark } from './tidemark.ts';

const SHIPPED = new URL('../../scenarios/dataflows/trading-low-latency.yaml', import.meta.url);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-run-flow-'));
  const text = readFileSync(SHIPPED, 'utf8');
  writeFileSync(join(folder, 'mine.yaml'), text);
  writeFileSync(
    join(folder, 'bad.yaml'),
    text.replace('checkpoints: { interval_ms: 200', 'checkpoints: { intervall_ms: 200'),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const short = ['--horizon-s', '18'];

describe('tidemark run of a dataflow job', () => {
  it('gives the same by name and by file, and again by the command that it names', () => {
    const byName = tidemark(['run', 'trading-low-latency', ...short]);
    expect(byName.code).toBe(0);
    expect(byName.stdout).toMatch(/^HOLDS {2}no law was broken in [\d,]+ checks$/m);
    expect(byName.stdout).toContain(
      'again     tidemark run trading-low-latency --protocol flink-aligned --seed 1 --horizon-s 18',
    );
    const byFile = tidemark(['run', 'mine.yaml', ...short], { cwd: folder }).stdout;
    const digests = (text: string): string => /digests .*/.exec(text)![0];
    expect(digests(byFile)).toBe(digests(byName.stdout));
    expect(byName.stdout).toMatch(/^ {2}Bound: within 18 s of simulated time, seed 1, \d{3},\d{3} events, one run\.$/m);
    expect(byName.stdout).not.toContain('expected');
    for (const part of [
      'Records',
      'Output latency',
      'held back for the commit',
      'Recoveries',
      'book-1',
      'Time',
      'Laws',
    ])
      expect(byName.stdout).toContain(part);
  });

  it('has the names of every other run in its document, and its parts add up', () => {
    const { stdout, code } = tidemark(['run', 'trading-low-latency', ...short, '--twice', '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as {
      readonly records: { readonly offered: number; readonly processed: number; readonly pending: number };
      readonly budgets: readonly Record<string, number | string>[];
      readonly checkpoints: number;
      readonly checkpoint_detail: { readonly completed: number };
    };
    expect(document).toMatchObject({
      scenario: 'trading-low-latency',
      verdict: { kind: 'holds', law: null },
      simulated_s: 18,
      records: { lost: 0, duplicated: 0 },
      recoveries: [{ who: 'book-1', cause: 'crash' }],
      expected: null,
      twice: { same: true, divergence: null },
    });
    expect(document.records.processed + document.records.pending).toBe(document.records.offered);
    expect(document.checkpoints).toBe(document.checkpoint_detail.completed);
    for (const { task: _task, name: _name, ...parts } of document.budgets)
      expect(Object.values(parts).reduce<number>((sum, each) => sum + Number(each), 0)).toBe(18_000_000);
  });

  it('exits 3 where it cannot answer: on a cycle', () => {
    const { stdout, code } = tidemark(['run', 'cyclic-graph', '--horizon-s', '2']);
    expect(stdout).toContain('UNKNOWN');
    expect(stdout).not.toContain('expected');
    expect(code).toBe(3);
  });

  it.each([
    [['run', 'bad.yaml'], /bad\.yaml:\d+:\d+ checkpoints\.intervall_ms: .*did you mean "interval_ms"/],
    [['run', 'mine.yaml', '--protocol', 'flink-alined'], /there is no "flink-alined" - did you mean "flink-aligned"/],
    [
      ['tune', 'iot-fleet'],
      /iot-fleet is a dataflow job, which this command does not take\n.*`tidemark report iot-fleet`/,
    ],
    [['run', 'cyclic-graph', '--protocol', 'flink-aligned'], /flink-aligned does not work on a cycle/],
    [['run', 'page-views', '--protocol', 'flink-aligned'], /--protocol: page-views is not a dataflow job/],
    [['run', 'mine.yaml', '--save-replay', 'x.json'], /--save-replay: mine\.yaml is a dataflow job/],
    [['run', 'mine.yaml', '--horizon-s', '0'], /--horizon-s must be a number of seconds above 0/],
    [['run', 'mine.yaml', '--set', 'load.rate_per_s=-1'], /--set load\.rate_per_s=-1/],
  ])('answers %j with exit code 2 and leaves no file', (words, message) => {
    const { code, stdout, stderr } = tidemark(words, { cwd: folder });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder).toSorted()).toEqual(['bad.yaml', 'mine.yaml']);
  });
});
