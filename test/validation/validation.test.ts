// The closed forms against the simulator, a light version of `npm run validate`: the same experiments with fewer failures.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PERFORMANCE_MODELS } from '../../models/performance/index.ts';
import { root } from '../docs/pages.ts';
import { agrees, Lab, modelled, noticedError, type Row } from './experiment.ts';
import { EXPERIMENTS } from './experiments.ts';
import { NOT_SIMULATED } from './not-simulated.ts';

const LIGHT = 0.05;

const results = EXPERIMENTS.map((experiment) => ({
  experiment,
  rows: experiment.run(new Lab(experiment.name, LIGHT)),
}));
const allRows = results.flatMap(({ rows }) => rows);

describe.each(results)('$experiment.name (models.md §$experiment.section)', ({ rows }) => {
  test.each(rows)('$what agrees with $model', (row) => {
    expect(agrees(row), JSON.stringify(row)).toBe(true);
  });
});

test('every closed form is simulated or said not to be, and none is both', () => {
  const simulated = new Set(allRows.map(({ model }) => model));
  for (const name of PERFORMANCE_MODELS.keys())
    expect([name, simulated.has(name) !== NOT_SIMULATED.has(name)]).toEqual([name, true]);
});

test('docs/validation.md has every number of this version and no disagreement', () => {
  const page = readFileSync(join(root, 'docs', 'validation.md'), 'utf8');
  for (const { experiment, rows } of results) {
    expect(page).toContain(`## ${experiment.name} (models.md ${experiment.section})`);
    for (const { model } of rows) expect(page).toContain(`\`${model}\``);
  }
  expect(page).toContain(`${allRows.length} of ${allRows.length} numbers agree`);
});

/** The only row whose text has all of these words. */
function rowWith(...words: readonly string[]): Row {
  const found = allRows.filter(({ what, model }) => words.every((word) => `${model}: ${what}`.includes(word)));
  if (found.length !== 1) throw new Error(`${words.join(', ')}: ${found.length} rows`);
  return found[0]!;
}

/** What a row says of another number in place of the closed form's. */
const accepts = (row: Row, expected: number): boolean =>
  agrees({ ...row, expected, band: row.band * Math.abs(expected / row.expected) });

describe('mistakes that are easily made are noticed', () => {
  const mistakes: readonly (readonly [mistake: string, row: readonly string[], wrong: (expected: number) => number])[] =
    [
      [
        'recovery that failures cannot restart: 1 + R/M for e^(R/M)',
        ['expected_completion_time', 'C 300'],
        (time) => (time / Math.exp(600 / 900)) * (1 + 600 / 900),
      ],
      ['T/2 for the time since the last checkpoint', ['time since the last checkpoint', 'C 300'], () => 400],
      ['an age that counts from completion', ['age of the checkpoint', 'f 0,'], (age) => age - 8],
      ['failed checkpoints that do not matter', ['age of the checkpoint', 'f 0.3'], () => 23],
      ['the other order of local and remote', ['nested', 'K 5'], () => rowWith('stochastic', 'K 5').expected],
      ['a delay that is not waited for', ['stream_utilization', 'd 90'], (u) => u * Math.exp(90 / 600)],
      ['failures that cluster taken for ones of wear', ['shape 3'], () => rowWith('shape 0.5').expected],
      ['latency of replays in the view without', ['area of first', 'age 40.25'], (area) => area * 2],
      ['recovery that ends with the outage', ['total_recovery_time: recovery, s; age 40.25'], () => 20],
      [
        'recovery without the duration of the checkpoint',
        ['total_recovery_time: recovery, s; T 60', 'M 200000'],
        (t) => t - 8,
      ],
      ['visible when written', ['mean of the latency'], (mean) => mean - 5],
      ['one increment more in a chain', ['read per restore', 'K 4'], (bytes) => bytes + 1.5e7],
      ['a log that ends with the period', ['mean_bytes: replay log, bytes'], (bytes) => bytes - 3e7],
      ['a snapshot without the log behind it', ['snapshot and log alive'], () => 3e9],
      ['waiting for time in the system', ['mm1', 'load 0.5'], (time) => time - 0.01],
      ['constant service taken for exponential', ['md1', 'load 0.5'], (time) => time * 2],
      ['one channel more', ['exponential delays', '8 channels'], (spread) => spread + 0.05 / 8],
      ['M from one gap as good as from two', ['M from 1 gaps'], () => rowWith('M from 2 gaps').expected],
      ['money without replay', ['money per month'], (usd) => usd * 0.9],
    ];

  test.each(mistakes)('%s', (_mistake, words, wrong) => {
    const row = rowWith(...words);
    expect(accepts(row, row.expected)).toBe(true);
    expect(accepts(row, wrong(row.expected))).toBe(false);
  });
});

test('a row marks every error of its form beyond what it says it notices', () => {
  for (const row of allRows) {
    const beyond = Math.max(noticedError(row) * 1.001, 1e-9);
    expect(agrees({ ...row, expected: row.expected * (1 + beyond) })).toBe(false);
    expect(agrees({ ...row, expected: row.expected * (1 - beyond) })).toBe(false);
  }
});

test('nested remote checkpoints lose less than ones drawn at random, on the same failures', () => {
  const nested = allRows.filter(({ model }) => model === 'two_level_expected_pattern_time');
  const stochastic = allRows.filter(({ model }) => model === 'stochastic_two_level_utilization');
  expect(nested.map((row, i) => row.simulated > stochastic[i]!.simulated)).toEqual(nested.map(() => true));
});

test('an input that a form refuses is a mistake of the experiment, and said so', () => {
  expect(() => modelled('young_compute_interval', { mtbf_s: 1 })).toThrow(/checkpoint_cost_s/);
  expect(() => modelled('no_such_form', {})).toThrow(/no model/);
});
