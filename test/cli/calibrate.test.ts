// `tidemark calibrate`: files written here with known truth, what is printed of them, and every way to give it a wrong file.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';

import { UsageError } from '../../cli/exit.ts';
import { readFile } from '../../cli/files.ts';
import { parse } from '../../cli/parse.ts';
import { atResolution } from '../../models/calibration/goodness.ts';
import { loadStream, renderInputErrors } from '../../scenarios/index.ts';
import { drawn, INTERVALS, syntheticRuns, traceOf, TRUTH } from '../models/calibration/synthetic.ts';
import { tidemark } from './tidemark.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidemark-calibrate-'));

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n') + '\n');
  return path;
}

const RECOVERY_HEADER = 'checkpoint_interval_s,throughput_records_per_s,recovery_time_s';
const recoveryRows = syntheticRuns(0.06, 1, 2).map(
  (run) => `${run.intervalSeconds},${run.recordsPerSecond},${run.recoverySeconds.toFixed(1)}`,
);
const recoveries = file('recoveries.csv', [RECOVERY_HEADER, ...recoveryRows]);

const FAILURE_HEADER = 'started_at,node,downtime_minutes,cause';
const gaps = drawn({ kind: 'weibull', shape: 0.7, scale: 36_000 }, 199, 'gaps');
const repairs = drawn({ kind: 'lognormal', median: 4_500, sigma: 1 }, 200, 'repairs').map((x) => atResolution(x, 60));
const trace = traceOf(gaps, repairs);
const failures = file('failures.csv', [
  FAILURE_HEADER,
  ...trace.atMicros.map((at, i) => {
    const startedAt = new Date(at / 1000).toISOString().slice(0, 16);
    return `${startedAt},${trace.node[i]!},${trace.downMicros[i]! / 60e6},${i % 4 === 0 ? 'software' : 'hardware'}`;
  }),
]);

/** The lines under this title that are YAML. */
function scenarioLines(report: string): string {
  const [, after = ''] = report.split('For the scenario of a stream job\n');
  return after
    .split('\n')
    .filter((line) => /^ {2}\w+: /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

/** The law of the failures in a stream job with this line; an error if the file is refused. */
function failureKind(faults: string): string | undefined {
  const text = [
    'kind: stream',
    'title: A job with calibrated failures',
    'engine: flink',
    'load: { rate_per_s: 1000, capacity_per_s: 2000, record_bytes: 100 }',
    'state: { backend: full, bytes: 1000000 }',
    'checkpoint: { interval_s: 60, pause_ms: 100 }',
    faults,
    'recovery: { detection_s: 0, restart_s: 40 }',
  ].join('\n');
  const loaded = loadStream({ path: join(folder, 'job.yaml'), text }, { readFile });
  if (loaded.kind === 'errors') throw new Error(renderInputErrors(loaded.errors));
  return loaded.job.plan.failures[0]?.law.kind;
}

describe('tidemark calibrate recovery', () => {
  test('finds outage and capacity, and says how far the held-back intervals are off', () => {
    const words = ['calibrate', 'recovery', recoveries, '--fit-interval', '45', '--before-checkpoint-s', '2'];
    const { code, stdout, stderr } = tidemark([...words, '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { fit, fitted, heldBack, points, command } = JSON.parse(stdout) as {
      readonly fit: Readonly<Record<string, number>>;
      readonly fitted: Readonly<Record<string, number>>;
      readonly heldBack: Readonly<Record<string, number>>;
      readonly points: readonly { readonly role: string }[];
      readonly command: string;
    };
    expect(Math.abs(fit['outageSeconds']! - TRUTH.outageSeconds)).toBeLessThan(3 * fit['outageStandardError']!);
    expect(Math.abs(fit['capacityPerSecond']! - TRUTH.capacityPerSecond)).toBeLessThan(
      3 * fit['capacityStandardError']!,
    );
    expect(fitted).toMatchObject({ n: 10 });
    expect(heldBack).toMatchObject({ n: 20, within20Percent: 1, neverRecovers: 0 });
    expect(heldBack['meanAbsoluteError']).toBeLessThan(0.06);
    expect(points.filter(({ role }) => role === 'heldBack')).toHaveLength(20);
    expect(command).toBe(`tidemark ${words.join(' ')}`);
  });

  test('prints a verdict, a row for every run and lines for a scenario', () => {
    const { code, stdout } = tidemark(['calibrate', 'recovery', recoveries, '--before-checkpoint-s', '2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^.*\noutage \d+\.\d ± \d+\.\d s, capacity [\d,]+ ± [\d,]+ records\/s\n/);
    expect(stdout).toContain('20 runs at ');
    expect(stdout.match(/^ +\d+ +[\d,]+ +[\d.]+ +[\d.]+ +[\d.]+ +[+-]<?[\d.]+ %(  fitted)?$/gm)).toHaveLength(30);
    expect(stdout).toContain('the interval less 2 s');
    expect(stdout).toContain('the interval whose own runs lie closest to the model');
    const { load, recovery } = parseYaml(scenarioLines(stdout)) as Record<string, Record<string, number>>;
    expect(Math.abs(load!['capacity_per_s']! / TRUTH.capacityPerSecond - 1)).toBeLessThan(0.1);
    expect(Math.abs(recovery!['restart_s']! / TRUTH.outageSeconds - 1)).toBeLessThan(0.1);
  });

  test('names an overloaded run, and says when it extrapolates', () => {
    const overloaded = file('overloaded.csv', [RECOVERY_HEADER, ...recoveryRows, '45,17000,5000']);
    expect(tidemark(['calibrate', 'recovery', overloaded]).stdout).toMatch(/5000\.0 .* overloaded, left out/);
    const idle = syntheticRuns(0, 1).map(
      ({ intervalSeconds, recordsPerSecond }) =>
        `${intervalSeconds},${recordsPerSecond / 10},${(40 + (intervalSeconds * recordsPerSecond) / 2e5) / (1 - recordsPerSecond / 2e5)}`,
    );
    const { stdout } = tidemark(['calibrate', 'recovery', file('idle.csv', [RECOVERY_HEADER, ...idle])]);
    expect(stdout).toContain('no run came above 8.0 % of the fitted capacity');
  });
});

describe('tidemark calibrate failures', () => {
  test('prints rate, laws with their goodness of fit, generators, and lines for a scenario', () => {
    const { code, stdout, stderr } = tidemark(['calibrate', 'failures', failures, '--nodes', '32']);
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Times between failures: best by Weibull, shape 0\.\d+ ± 0\.0\d+, scale/);
    expect(stdout).toMatch(/Repairs: best by lognormal/);
    expect(stdout).toContain('Causes: hardware 75.0 %, software 25.0 %.');
    expect(stdout).toContain('10 of 32 nodes failed');
    const lines = scenarioLines(stdout).split('\n');
    const [drawnFaults, traced] = lines.map((line) => (parseYaml(line) as { faults: Record<string, unknown> }).faults);
    expect(drawnFaults).toEqual({ mtbf_s: expect.any(Number) as number, shape: expect.any(Number) as number });
    expect(traced).toEqual({ trace: failures });
    for (const faults of lines) expect(failureKind(faults)).toBe(faults.includes('shape') ? 'weibull' : 'resampled');
  });

  test('gives one JSON document', () => {
    const { code, stdout } = tidemark(['calibrate', 'failures', failures, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      failures: 200,
      nodes: 10,
      gaps: { n: 199, resolutionSeconds: 60, laws: [{ law: { kind: 'weibull' } }, {}, {}] },
      generators: [{ law: { kind: 'weibull' } }, { law: { kind: 'resampled', gaps: 199 } }],
      causes: [{ cause: 'hardware', failures: 150 }, {}],
    });
  });
});

describe('a wrong file is a sentence with its place and what to do, and exit code 2', () => {
  const one = recoveryRows.filter((row) => row.startsWith(`${INTERVALS[0]},`));
  test.each([
    [
      'no column',
      'recovery',
      ['checkpoint_interval_s,throughput_records_per_s', '10,5'],
      ':1:1: has no column recovery_time_s',
    ],
    ['semicolons', 'recovery', [RECOVERY_HEADER.replaceAll(',', ';'), '10;5;6'], 'separate the columns by commas'],
    [
      'a negative time',
      'recovery',
      [RECOVERY_HEADER, '10,500,60', '10,500,-6'],
      ':3:8 recovery_time_s: must be seconds, a number above 0',
    ],
    ['milliseconds', 'recovery', [RECOVERY_HEADER, '10,500,97000'], 'is it in milliseconds? divide by 1000'],
    [
      'an interval that is no number',
      'recovery',
      [RECOVERY_HEADER, '10 s,500,97'],
      ':2:1 checkpoint_interval_s: must be seconds',
    ],
    ['no load', 'recovery', [RECOVERY_HEADER, '10,0,97'], ':2:4 throughput_records_per_s: must be records per second'],
    ['one interval only', 'recovery', [RECOVERY_HEADER, ...one], 'one checkpoint interval only, 15 s'],
    ['two runs', 'recovery', [RECOVERY_HEADER, ...recoveryRows.slice(9, 11)], 'its 2 runs are too few'],
    ['no runs', 'recovery', [RECOVERY_HEADER], 'its 0 runs are too few'],
    ['nothing', 'recovery', [], 'is empty'],
    [
      'a negative downtime',
      'failures',
      [FAILURE_HEADER, '2001-01-01T00:00,1,-5,x'],
      ':2:20 downtime_minutes: must be minutes',
    ],
    ['a wrong date', 'failures', [FAILURE_HEADER, '2001-13-01T00:00,1,5,x'], ':2:1 started_at: must be a date'],
    [
      'times that fall',
      'failures',
      [FAILURE_HEADER, '2001-01-02,1,5,x', '2001-01-01,1,5,x'],
      ':3:1 started_at: is earlier',
    ],
    ['no downtime', 'failures', ['started_at,node', '2001-01-02,1'], 'has no column downtime_minutes'],
    ['two failures', 'failures', [FAILURE_HEADER, '2001-01-01,1,5,x', '2001-01-02,1,6,x'], 'has 2 failures'],
  ])('%s', async (name, what, lines, message) => {
    const path = file(`${name.replaceAll(' ', '-')}.csv`, lines);
    const refusal = await refusalOf(['calibrate', what, path]);
    expect(refusal).toContain(path);
    expect(refusal).toContain(message);
    expect(refusal).toMatch(/remedy: /);
  });

  test.each([
    ['a file that is not there', ['recovery', join(folder, 'none.csv')], 'no such file'],
    ['an unknown measurement', ['latency', recoveries], 'not one of recovery, failures'],
    ['an interval that was not measured', ['recovery', recoveries, '--fit-interval', '60'], 'it has 15, 45, 90 s'],
    [
      'an interval that is no number',
      ['recovery', recoveries, '--fit-interval', 'x'],
      '--fit-interval must be seconds',
    ],
    [
      'a failure before the last checkpoint',
      ['recovery', recoveries, '--before-checkpoint-s', '20'],
      'below the shortest interval',
    ],
    ['nodes of recoveries', ['recovery', recoveries, '--nodes', '5'], '--nodes'],
    ['an interval of failures', ['failures', failures, '--fit-interval', '5'], '--fit-interval'],
    ['fewer nodes than failed', ['failures', failures, '--nodes', '5'], 'names 10 nodes'],
    ['half a node', ['failures', failures, '--nodes', '10.5'], 'whole number from 1'],
  ])('so is %s', async (_, words, message) => {
    expect(await refusalOf(['calibrate', ...words])).toContain(message);
  });

  test('nothing is printed to stdout, and the process ends with 2', () => {
    const { code, stdout, stderr } = tidemark(['calibrate', 'recovery', join(folder, 'none.csv')]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('none.csv: no such file');
  });
});

/** What the user reads; a UsageError ends the process with 2. */
async function refusalOf(words: readonly string[]): Promise<string> {
  try {
    await parse(words);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}
