// `tidemark compare` as a user runs it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { entry, tidemark } from './tidemark.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidemark-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = ['hot-item', '--set', 'horizon_s=3', '-n', '3', '--protocols', 'flink-aligned,none,flink-unaligned'];

interface Document {
  readonly baseline: string;
  readonly replications: { readonly first: number; readonly done: number; readonly asked: number };
  readonly protocols: readonly {
    readonly protocol: string;
    readonly promise: string;
    readonly metrics: Readonly<
      Record<
        string,
        {
          readonly unit: string;
          readonly value: { readonly n: number; readonly mean: number; readonly half_width_95: number } | null;
          readonly difference: { readonly mean: number; readonly clear: boolean } | null;
        }
      >
    >;
  }[];
}

describe('tidemark compare', () => {
  it('says the same with any number of workers, in text, JSON and rows', () => {
    const rows = ['1', '3'].map((workers) => {
      const file = join(folder, `${workers}.ndjson`);
      const text = tidemark(['compare', ...SMALL, '--workers', workers, '--ndjson', 'rows.ndjson'], { cwd: folder });
      expect(text.code).toBe(0);
      writeFileSync(file, readFileSync(join(folder, 'rows.ndjson')));
      const json = tidemark(['compare', ...SMALL, '--workers', workers, '--json']);
      return [text.stdout, json.stdout, readFileSync(file, 'utf8')];
    });
    expect(rows[0]).toEqual(rows[1]);
  });

  it('gives means with intervals, paired differences, and a row per run', () => {
    const { stdout } = tidemark(['compare', ...SMALL, '--json', '--ndjson', 'all.ndjson'], { cwd: folder });
    const document = JSON.parse(stdout) as Document;
    expect(document.baseline).toBe('flink-aligned');
    expect(document.replications).toEqual({ first: 0, done: 3, asked: 3 });
    const rows = readFileSync(join(folder, 'all.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number | string>);
    expect(rows.map((row) => `${row['replication']} ${row['protocol']}`)).toEqual(
      [0, 1, 2].flatMap((i) => ['flink-aligned', 'none', 'flink-unaligned'].map((protocol) => `${i} ${protocol}`)),
    );
    const mean = (protocol: string): number =>
      rows
        .filter((row) => row['protocol'] === protocol)
        .reduce((sum, row) => sum + Number(row['output_latency_mean_us']), 0) / 3;
    const metric = document.protocols[2]!.metrics['output_latency_mean_us']!;
    expect(metric.unit).toBe('us');
    expect(metric.value).toMatchObject({ n: 3 });
    expect(metric.value!.mean).toBeCloseTo(mean('flink-unaligned'), 3);
    expect(metric.difference!.mean).toBeCloseTo(mean('flink-unaligned') - mean('flink-aligned'), 3);
    expect(document.protocols[0]!.metrics['overhead_share']!.difference).toBeNull();
    expect(document.protocols[1]!.promise).toBe('none');
  });

  it('goes on where another comparison stopped', () => {
    const rowsOf = (words: readonly string[], file: string): string => {
      expect(tidemark(['compare', ...SMALL.slice(0, 3), ...words, '--ndjson', file], { cwd: folder }).code).toBe(0);
      return readFileSync(join(folder, file), 'utf8');
    };
    const protocols = ['--protocols', 'flink-aligned,flink-unaligned'];
    const whole = rowsOf([...protocols, '-n', '3'], 'whole.ndjson');
    const first = rowsOf([...protocols, '-n', '1'], 'first.ndjson');
    const rest = rowsOf([...protocols, '-n', '2', '--first-replication', '1'], 'rest.ndjson');
    expect(first + rest).toBe(whole);
  });

  it('puts real Samza beside Samza as it is not, and says what could not be carried over', () => {
    const { code, stdout } = tidemark(['compare', 'page-views', '--set', 'horizon_s=1000', '-n', '2']);
    expect(code).toBe(0);
    expect(stdout).toContain('Against samza, behind plain sinks');
    expect(stdout).toContain('Samza restarts the container');
    expect(stdout).toMatch(/^ {2}samza +- +- +- +-$/m);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['an unknown scenario', ['hot-itm'], ['there is no scenario "hot-itm"', 'did you mean "hot-item"?']],
    ['an unknown protocol', ['hot-item', '--protocols', 'flink-alined'], ['did you mean "flink-aligned"?', 'remedy']],
    ['a barrier on a cycle', ['cyclic-graph', '--protocols', 'flink-aligned'], ['a barrier would wait for itself']],
    ['Samza without a Samza job', ['hot-item', '--protocols', 'samza'], ['runs Samza jobs']],
    ['no replications', ['hot-item', '-n', '0'], ['--replications must be a whole number from 1']],
    ['a wrong value', ['hot-item', '--set', 'sink=pain'], ['--set sink=pain', 'did you mean "plain"?']],
    ['a scenario without a clock', ['FLINK-18238'], ['there is no scenario "FLINK-18238" to compare on']],
    ['a file that is not there', ['nowhere/job.yaml'], ['nowhere/job.yaml']],
  ])('%s is a sentence and exit code 2', (_, words, parts) => {
    const { code, stdout, stderr } = tidemark(['compare', ...words]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const part of parts) expect(stderr).toContain(part);
    expect(stderr).not.toContain('    at ');
  });

  it('on Ctrl-C keeps the replications that are finished, and says how to go on', async () => {
    const words = [
      'compare',
      'hot-item',
      '-n',
      '5000',
      '--protocols',
      'flink-aligned,none',
      '--json',
      '--ndjson',
      'part.ndjson',
    ];
    const child = spawn(process.execPath, [entry, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    let isAsked = false;
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      // As soon as a line of progress says that some runs are done.
      const done = Number([...stderr.matchAll(/: ([\d,]+) of/g)].at(-1)?.[1]?.replace(',', '') ?? 0);
      if (!isAsked && done >= 4) {
        isAsked = true;
        child.kill('SIGINT');
      }
    });
    const code = await new Promise<number | null>((resolve) => {
      child.on('close', resolve);
    });
    expect(code).toBe(130);
    const { replications } = JSON.parse(stdout) as Document;
    expect(replications).toMatchObject({ first: 0, asked: 5000 });
    expect(replications.done).toBeGreaterThan(0);
    expect(readFileSync(join(folder, 'part.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(2 * replications.done);
    expect(stderr).toContain(`interrupted after ${replications.done} of 5000 replications`);
    expect(stderr).toContain(`--replications ${5000 - replications.done} --first-replication ${replications.done}`);
  }, 60_000);
});
