// The commands end to end, as processes: what they print, what they write, how they end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayFile } from '../../cli/replay-file.ts';
import type { RunDocument } from '../../reports/index.ts';
import { entry, tidemark } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const short = ['--horizon-s', '120'];
const losing = ['run', 'first-run-input-loss'];

describe('run', () => {
  it('exits with 0 when the verdict holds, and prints exactly one JSON document', () => {
    const { code, stdout, stderr } = tidemark(['run', ...short, '--json']);
    const document = JSON.parse(stdout) as RunDocument;
    expect(document).toMatchObject({
      scenario: 'page-views',
      seed: '1',
      verdict: { kind: 'holds', law: null },
      simulated_s: 120,
      command: 'tidemark run page-views --seed 1 --horizon-s 120',
      expected: { kind: 'holds', met: true },
    });
    expect(document.records.processed).toBeGreaterThan(0);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('exits with 1 when a scenario as it stands does not do what its author expects', () => {
    const path = join(folder, 'wrong-expectation.yaml');
    const scenario = (expected: string): string =>
      `name: mine\nexpect: { verdict: ${expected} }\nhorizon_s: 60\njob:\n  inputs: [{ stream: views, partitions: 2 }]\n`;
    writeFileSync(path, scenario('violated, law: O1'));
    expect(tidemark(['run', path]).code).toBe(1);
    expect(tidemark(['run', path, '--seed', '2']).code, 'with a change of the user it is a question').toBe(0);
    writeFileSync(path, scenario('holds'));
    expect(tidemark(['run', path]).code).toBe(0);
  });

  it('exits with 1 when a law is violated, though it was expected, and tells the story', () => {
    const { code, stdout } = tidemark(losing);
    expect(stdout).toContain('\nVIOLATED  O1  ');
    expect(stdout).toContain('\n  window  W-first: ');
    expect(stdout).toContain('\nexpected: violated O1 (W-first): as expected\n');
    expect(code).toBe(1);
  });

  it('ends with a command that gives the same bytes again', () => {
    const words = [...losing, '--seed', '7', '--ties', 'shuffled', '--set', 'load.rate_per_s=11'];
    const { stdout } = tidemark(words);
    const command = /^again {5}tidemark (.*)$/m.exec(stdout)?.[1] ?? '';
    expect(stdout.endsWith(`${command}\n`)).toBe(true);
    expect(tidemark(command.split(' ')).stdout).toBe(stdout);
  });

  it('prints the plan and runs nothing', () => {
    const { code, stdout } = tidemark(['run', '--print-plan', '--seed', '007']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'page-views', seed: '007', horizonMicros: 3_600_000_000 });
    expect(code).toBe(0);
  });

  it('runs a properties file', () => {
    writeFileSync(
      join(folder, 'job.properties'),
      'job.name=mine\ntask.inputs=kafka.in\nsystems.kafka.default.stream.samza.offset.default=oldest\n',
    );
    const { code, stdout } = tidemark(['run', 'job.properties', ...short, '--json'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      scenario: 'mine',
      command: 'tidemark run job.properties --seed 1 --horizon-s 120',
    });
    expect(code).toBe(0);
  });

  it('compares two runs', () => {
    const { code, stdout } = tidemark(['run', ...short, '--twice']);
    expect(stdout).toContain('\nSAME  a second run gave the same digests\n');
    expect(code).toBe(0);
    expect(JSON.parse(tidemark(['run', ...short, '--twice', '--json']).stdout)).toMatchObject({
      twice: { same: true, divergence: null },
    });
  });

  it('colours the report only when asked to', () => {
    expect(tidemark(['run', ...short]).stdout).not.toContain('\u001B');
    expect(tidemark(['run', ...short], { env: { NO_COLOR: '', FORCE_COLOR: '1' } }).stdout).toContain('\u001B[1m');
  });
});

describe('--trace', () => {
  it('writes one line per event, in order of time, to a file', () => {
    const { stdout } = tidemark(['run', ...short, '--json', '--trace', 'trace.txt'], { cwd: folder });
    const lines = readFileSync(join(folder, 'trace.txt'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength((JSON.parse(stdout) as RunDocument).events);
    for (const line of lines) expect(line).toMatch(/^\d+\.\d{6} \S+ {2}\S/);
    const times = lines.map((line) => Number(line.split(' ')[0]));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('writes to stdout, and the report to stderr', () => {
    const { code, stdout, stderr } = tidemark(['run', 'page-views', ...short, '--trace', '-']);
    expect(stdout).toBe(readFileSync(join(folder, 'trace.txt'), 'utf8'));
    expect(stderr).toContain('\nHOLDS  ');
    expect(code).toBe(0);
  });

  it('takes no value for stdout too, wherever it stands', () => {
    const { stdout } = tidemark(['run', 'page-views', ...short, '--trace']);
    expect(stdout).toBe(readFileSync(join(folder, 'trace.txt'), 'utf8'));
    expect(tidemark(['run', '--trace', '-', 'page-views', ...short]).stdout).toBe(stdout);
    expect(tidemark(['run', '--trace=-', 'page-views', ...short]).stdout).toBe(stdout);
  });

  it('is where the line before the last of a violated report looks', () => {
    const { stdout } = tidemark(losing);
    const [, words = '', until = ''] = /^look {6}tidemark (.*) 2>\/dev\/null \| awk '\$1 > (\S+) /m.exec(stdout) ?? [];
    const trace = tidemark(words.split(' ')).stdout.split('\n');
    expect(trace.filter((line) => line.startsWith(`${until} `)).length).toBeGreaterThan(0);
  });

  it('stops the run with exit code 3 when nobody reads it any more', async () => {
    const child = spawn(process.execPath, [entry, 'run', '--horizon-s', '100000', '--trace', '-']);
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toContain('stdout was closed: stopped before the end, so there is no verdict');
    expect(code).toBe(3);
  });
});

describe('Ctrl-C', () => {
  it('ends the run at once, leaving no file', async () => {
    const files = readdirSync(folder);
    const words = ['run', '--horizon-s', '1000000', '--trace', '-', '--save-replay', 'cut.json'];
    const child = spawn(process.execPath, [entry, ...words], { cwd: folder });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdout.resume();
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toContain('interrupted: the run was stopped, no file was written');
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual(files);
  });
});

describe('replay', () => {
  const read = (): ReplayFile => JSON.parse(readFileSync(join(folder, 'replay.json'), 'utf8')) as ReplayFile;
  const replay = (file: object, words: readonly string[] = []): ReturnType<typeof tidemark> => {
    writeFileSync(join(folder, 'changed.json'), JSON.stringify(file));
    return tidemark(['replay', 'changed.json', ...words], { cwd: folder });
  };

  beforeAll(() => {
    tidemark(['run', ...short, '--save-replay', 'replay.json'], { cwd: folder });
  });

  it('runs a saved file again, by its actions, with the same verdict and digests', () => {
    const { code, stdout } = tidemark(['replay', 'replay.json'], { cwd: folder });
    expect(stdout).toContain('\nSAME  law and digests are those of the file\n');
    expect(stdout.endsWith('again     tidemark replay replay.json\n')).toBe(true);
    expect(code).toBe(0);
    expect(read().actions?.length).toBeGreaterThan(0);
  });

  it('runs by the plan alone when the actions were too many to save', () => {
    const { actions: _actions, ...file } = read();
    expect(replay(file, ['--same'])).toMatchObject({ code: 0, stdout: expect.stringContaining('SAME') as string });
  });

  it('says what changed; --same makes that an exit code', () => {
    const file = read();
    const changed = { ...file, digests: { ...file.digests, cost: '0' } };
    expect(replay(changed)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('CHANGED  the cost digest differs') as string,
    });
    expect(replay(changed, ['--same']).code).toBe(1);
    expect(JSON.parse(replay(changed, ['--json']).stdout)).toMatchObject({ replay: { same: false, same_law: true } });
  });

  it('refuses actions that do not fit the plan', () => {
    const file = read();
    const { code, stdout, stderr } = replay({ ...file, actions: ['fly:moon#1'] });
    expect(stderr).toContain('fly:moon#1, is not enabled here');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('asks for a report, without a stack trace, when the simulator itself fails', () => {
    const file = read();
    const nonsense = { ...file, plan: { ...file.plan, costs: {} } };
    const { code, stdout, stderr } = replay(nonsense);
    expect(stderr).toMatch(/^internal error: /);
    expect(stderr).toContain('  tidemark replay changed.json\n');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(70);
  });
});

describe('crash-matrix', () => {
  it('has a row for each point, as JSON and as a table', () => {
    const points = Array.from({ length: 14 }, (_, n) => `P${n}`);
    const { code, stdout } = tidemark(['crash-matrix', '--json']);
    const document = JSON.parse(stdout) as { rows: { point: string; cells: { column: string; command: string }[] }[] };
    expect(document.rows.map(({ point }) => point)).toEqual(points);
    expect(code).toBe(0);
    const text = tidemark(['crash-matrix']).stdout;
    for (const line of text.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(120);
  });

  it('shows one cell, and takes its own command back', () => {
    const { code, stdout } = tidemark(['crash-matrix', '--point', 'p5', '--column', 'Non-Tx new host']);
    expect(stdout).toContain('\nnon-tx new host  ');
    const command = /^again {2}tidemark (.*)$/m.exec(stdout)?.[1] ?? '';
    expect(tidemark(command.split(' ')).stdout).toBe(stdout);
    expect(code).toBe(0);
  });

  it('refuses points and columns that it does not have', () => {
    expect(tidemark(['crash-matrix', '--point', 'P99'])).toMatchObject({ code: 2, stdout: '' });
    expect(tidemark(['crash-matrix', '--column', 'taxes'])).toMatchObject({ code: 2, stdout: '' });
  });
});
