// `tidemark tune` and `tidemark sweep` as a user types them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entry, tidemark } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-tune-'));
  writeFileSync(join(folder, 'bad.yaml'), 'kind: stream\ntitle: x\n');
  writeFileSync(join(folder, 'other.json'), '{ "search": "0", "rounds": [] }');
});
afterAll(() => rmSync(folder, { recursive: true }));

const jsonOf = (words: readonly string[]): Record<string, unknown> =>
  JSON.parse(tidemark([...words, '--json'], { cwd: folder }).stdout) as Record<string, unknown>;

describe('tidemark tune', () => {
  it('profiles the default scenario and answers with an interval, the closed form and a line to paste', () => {
    const document = jsonOf(['tune']);
    expect(document).toMatchObject({ scenario: 'page-views', engine: 'samza', scope: 'container', assumed: ['mtbf'] });
    const { optimum, closed_form: form } = document as {
      optimum: { interval_s: number; low_s: number; high_s: number };
      closed_form: { interval_s: number };
    };
    expect(optimum.low_s).toBeLessThan(optimum.interval_s);
    expect(optimum.high_s).toBeGreaterThan(optimum.interval_s);
    expect(Math.abs(optimum.interval_s / form.interval_s - 1)).toBeLessThan(0.1);
    expect(document['config']).toMatchObject({ lines: [expect.stringMatching(/^task\.commit\.ms=\d+$/)] });
    expect((document['measured'] as readonly unknown[]).length).toBe(8);
  });

  it('gives the same bytes for any number of workers', () => {
    const outputs = ['1', '2', '5'].map((workers) => tidemark(['tune', 'lambda-batches', '--workers', workers]).stdout);
    expect(outputs[0]).toContain('run with an interval of');
    expect(new Set(outputs).size).toBe(1);
  });

  it('exits 1 when no interval keeps a bound', () => {
    const { code, stdout } = tidemark(['tune', 'risk-control', '--recovery-p99', '10']);
    expect(stdout).toContain('no interval keeps every bound');
    expect(code).toBe(1);
  });

  it('goes on from finished runs to the same answer, and not from those of another search', () => {
    const first = tidemark(['tune', 'lambda-batches', '--save', 'kept.json'], { cwd: folder });
    const again = tidemark(['tune', 'lambda-batches', '--resume', 'kept.json'], { cwd: folder });
    expect(again.stdout).toBe(first.stdout);
    const other = tidemark(['tune', 'lambda-batches', '--mtbf', '999', '--resume', 'kept.json'], { cwd: folder });
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toContain('its runs are of another search');
  });

  it.runIf(process.platform !== 'win32')('keeps what is finished on Ctrl-C, and says how to go on', async () => {
    const child = spawn(process.execPath, [entry, 'sweep', 'trading', '--intervals', '0.05..1/40'], { cwd: folder });
    let stderr = '';
    // The first sign of progress comes after a second: the runs are under way.
    child.stderr.once('data', () => child.kill('SIGINT'));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(stderr).toContain('go on with:');
    expect(stderr).toContain('--resume tidemark-sweep-trading.json');
    expect(readdirSync(folder)).toContain('tidemark-sweep-trading.json');
  });

  it.each([
    [['tune', 'bad.yaml'], 'bad.yaml:1:1 load: is missing'],
    [['tune', 'nowhere.yaml'], 'nowhere.yaml: no such file'],
    [['tune', 'page-veiws'], 'there is no scenario "page-veiws" - did you mean "page-views"?'],
    [['tune', '--objective', 'speed'], '--objective speed: not one of utilisation, latency'],
    [['tune', 'trading', '--pareto', 'money'], '--pareto money: give two different objectives'],
    [['tune', 'trading', '--pareto', 'money,speed'], '"speed" is not one of'],
    [['tune', 'trading', '--weights', 'money'], '--weights: "money" should be name=weight'],
    [['tune', 'trading', '--objective', 'recovery-slo'], 'objective recovery-slo needs a bound'],
    [['tune', 'trading', '--mtbf', '0'], '--mtbf must be a number of seconds'],
    [['tune', 'trading', '--precision', '0.9'], '--precision must be a number from 0.005 to 0.5'],
    [['tune', 'trading', '--workers', '0'], '--workers must be a whole number from 1'],
    [['tune', 'trading', '--adaptive', 'mtbf'], '--adaptive mtbf: should be mtbf=factor'],
    [['tune', 'trading', '--resume', 'other.json'], 'its runs are of another search'],
    [['tune', 'trading', '--resume', 'bad.yaml'], 'is no file of finished runs'],
    [['sweep', 'trading', '--intervals', '10..5'], '--intervals 10..5: should be from..to'],
    [['sweep', 'trading', '--ndjson', 'nowhere/x'], 'nowhere/x: cannot be written'],
  ])('answers %j with exit code 2', (words, message) => {
    const { code, stdout, stderr } = tidemark(words, { cwd: folder });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('tidemark sweep', () => {
  it('writes a row per run, the same for any number of workers', () => {
    const texts = ['1', '3'].map((workers) => {
      const words = [
        'sweep',
        'iot-vehicles',
        '--intervals',
        '20..200/4',
        '--replications',
        '3',
        '--ndjson',
        `${workers}.ndjson`,
      ];
      expect(tidemark([...words, '--workers', workers], { cwd: folder }).code).toBe(0);
      return readFileSync(join(folder, `${workers}.ndjson`), 'utf8');
    });
    expect(texts[0]).toBe(texts[1]);
    const rows = texts[0]!
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number>);
    expect(rows.length).toBe(12);
    expect(new Set(rows.map((row) => row['interval_s'])).size).toBe(4);
    // The same replication sees the same failures at every interval.
    for (const row of rows) expect(row['failures']).toBe(rows[row['replication']!]!['failures']);
  });
});
