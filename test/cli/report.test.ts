// `report` on the command line: three forms from one run, the same bytes again, and nothing written when something is wrong.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportData } from '../../reports/index.ts';
import { at, tablesOf } from '../reports/report-page/page-text.ts';
import { entry, type Finished, tidemark } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (...words: readonly string[]): Finished => tidemark(['report', ...words], { cwd: folder });
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const crash = ['container-crash', '--horizon-s', '700'];

describe('tidemark report', () => {
  it('writes a page and Markdown, and prints the document that they come from', () => {
    const { code, stdout, stderr } = inFolder(...crash, '--html', 'a.html', '--markdown', 'a.md', '--json');
    expect(stderr).toContain('wrote a.html\nwrote a.md\n');
    expect(code).toBe(0);
    const data = JSON.parse(stdout) as ReportData;
    expect(data.run!.verdict.kind).toBe('holds');
    expect(data.what_if!.curves.map(({ measure }) => measure)).toEqual([
      'overhead',
      'latency',
      'recovery',
      'recovery_p99',
      'storage',
    ]);
    for (const { path, rows } of tablesOf(text('a.html'))) expect(at(data, path)).toHaveLength(rows.length);
    expect(text('a.md')).toContain('tidemark report container-crash --seed 1 --horizon-s 700');
  });

  it('gives the same bytes again', () => {
    const again = inFolder(...crash, '--html', 'a.html', '--markdown', 'a.md', '--json');
    const first = [text('a.html'), text('a.md')];
    expect(inFolder(...crash, '--html', 'a.html', '--markdown', 'a.md', '--json').stdout).toBe(again.stdout);
    expect([text('a.html'), text('a.md')]).toEqual(first);
  });

  it('prints Markdown when nothing else is asked for, and ends with the verdict of the run', () => {
    const { code, stdout } = inFolder('first-run-input-loss');
    expect(stdout).toMatch(/^# A new job dies before its first commit\n/);
    expect(stdout).toContain('VIOLATED O1');
    expect(code).toBe(1);
  });

  it('tells of a stream job without a run', () => {
    const { code, stdout } = inFolder('iot-vehicles', '--json');
    const data = JSON.parse(stdout) as ReportData;
    expect(code).toBe(0);
    expect(data.run).toBeNull();
    expect(data.what_if!.scope).toBe('job');
    expect(data.engine).toBe('flink');
  });

  it('tells of a dataflow job under a protocol of one’s choice', () => {
    const { code, stdout } = inFolder('hot-item', '--protocol', 'flink-unaligned', '--json');
    const { run, engine } = JSON.parse(stdout) as ReportData;
    expect(code).toBe(0);
    expect(engine).toBe('flink-unaligned');
    expect(run!.checkpoints.by_task.map(({ task }) => task)).toContain('count-0');
    expect(run!.checkpoints.sizes.find(({ measure }) => measure === 'persisted in-flight')!.max).toBeGreaterThan(0);
  });

  it('says why other intervals were not studied', () => {
    const { stdout } = inFolder(
      'container-crash',
      '--horizon-s',
      '300',
      '--set',
      'job.samza.task.commit.ms=-1',
      '--json',
    );
    const data = JSON.parse(stdout) as ReportData;
    expect(data.what_if).toBeNull();
    expect(data.what_if_why_not).toContain('no interval to tune');
    expect(data.run!.checkpoints.total).toBe(0);
  });
});

describe('a report that was stopped', () => {
  const words = [...crash, '--html', 'kept.html', '--markdown', 'kept.md', '--json'];
  const forms = (stdout: string): readonly string[] => [stdout, text('kept.html'), text('kept.md')];

  it('goes on from finished runs to the same bytes, whichever they are and whoever makes the rest', () => {
    const whole = inFolder(...words, '--save', 'kept.json');
    const expected = forms(whole.stdout);
    const kept = JSON.parse(text('kept.json')) as { rounds: (unknown[] | null)[] };
    expect(kept.rounds.map((samples) => samples!.length)).toEqual([1, expect.any(Number)]);
    kept.rounds[1] = kept.rounds[1]!.map((sample, i) => (i % 3 === 0 ? null : sample));
    writeFileSync(join(folder, 'part.json'), JSON.stringify(kept));
    for (const file of ['kept.html', 'kept.md']) rmSync(join(folder, file));
    for (const [file, workers] of [
      ['kept.json', '2'],
      ['part.json', '1'],
    ]) {
      const again = inFolder(...words, '--resume', file!, '--workers', workers!);
      expect(again.code).toBe(0);
      expect(forms(again.stdout)).toEqual(expected);
    }
  });

  it('believes the runs that were kept', () => {
    const kept = JSON.parse(text('kept.json')) as { rounds: [{ outcome: { events: number } }][] };
    kept.rounds[0]![0].outcome.events = 7;
    writeFileSync(join(folder, 'other.json'), JSON.stringify(kept));
    const { run } = JSON.parse(inFolder(...crash, '--json', '--resume', 'other.json').stdout) as ReportData;
    expect(run!.events).toBe(7);
  });

  it('does not go on from the runs of another', () => {
    const other = inFolder('container-crash', '--horizon-s', '701', '--html', 'x.html', '--resume', 'kept.json');
    expect(other).toMatchObject({ code: 2, stdout: '' });
    expect(other.stderr).toContain('its runs are of another search');
    expect(readdirSync(folder)).not.toContain('x.html');
  });

  it.runIf(process.platform !== 'win32')(
    'keeps what is finished on Ctrl-C, writes nothing else, and says how to go on',
    async () => {
      const job = ['iot-vehicles', '--mtbf', '200000', '--html', 'stopped.html'];
      const child = spawn(process.execPath, [entry, 'report', ...job, '--workers', '1'], { cwd: folder });
      let stderr = '';
      // The first sign of progress comes after a second: the runs are under way.
      child.stderr.once('data', () => child.kill('SIGINT'));
      child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
      const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
      expect(code).toBe(130);
      const [, file = ''] = /--resume (tidemark-report-iot-vehicles\.json)$/m.exec(stderr) ?? [];
      expect(readdirSync(folder)).toContain(file);
      expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual([]);
      expect(inFolder(...job, '--resume', file).code).toBe(0);
      const resumed = text('stopped.html');
      expect(inFolder(...job).code).toBe(0);
      expect(text('stopped.html')).toBe(resumed);
    },
    60_000,
  );
});

describe('a mistake', () => {
  it.each([
    [['container-crush'], 'did you mean "container-crash"?'],
    [['container-crash', '--horizon-s', '0'], '--horizon-s must be a number of seconds above 0'],
    [['container-crash', '--workers', '0'], '--workers must be a whole number from 1'],
    [['container-crash', '--resume', 'broken.yaml', '--html', 'x.html'], 'is no file of finished runs'],
    [['iot-vehicles', '--horizon-s', '60'], 'of which no run is made'],
    [['container-crash', '--mtbf', '0'], '--mtbf must be a number of seconds'],
    [['hot-item', '--protocol', 'flink-unalinged'], 'did you mean "flink-unaligned"'],
    [['hot-item', '--mtbf', '60'], 'set it in a dataflow job with --set'],
    [['container-crash', '--protocol', 'samza'], 'is not a dataflow job'],
    [['container-crash', '--html', 'x', '--markdown', './x'], 'cannot both write ./x'],
    [['container-crash', '--html', 'no/such/folder.html'], 'its folder does not exist'],
    [['container-crash', '--markdown', '.'], 'it is a directory'],
    [['container-crash', '--set', 'load.rate_per_s=fast', '--html', 'x.html'], 'load.rate_per_s'],
    [['broken.yaml', '--html', 'x.html'], 'broken.yaml'],
  ])('report %j: exit 2, and no file', (words, message) => {
    writeFileSync(join(folder, 'broken.yaml'), 'title: [\n');
    const before = readdirSync(folder);
    const { code, stdout, stderr } = inFolder(...words);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
  });
});
