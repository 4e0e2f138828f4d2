// `tidemark model`: a number, an explanation, a file of both; and every way to ask for it wrongly.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { tidemark } from './tidemark.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidemark-model-'));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const young = { model: 'young_compute_interval', inputs: { checkpoint_cost_s: 300, mtbf_s: 86400 } };

describe('tidemark model', () => {
  test('gives a number with its unit and where it holds', () => {
    const { code, stdout } = tidemark(['model', young.model, '--inputs', 'checkpoint_cost_s=300,mtbf_s=86400']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^7200 s\n/);
    expect(stdout).toContain('C < 0.01 M');
  });

  test('takes lists, and prints one JSON document', () => {
    const lists = 'costs_s=[2,8],failure_rates_per_s=[0.0001,0.0001]';
    const { stdout } = tidemark(['model', 'multi_level_minimum_overhead_ratio', '--inputs', lists, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ inputs: { costs_s: [2, 8] }, units: '1' });
    expect((JSON.parse(stdout) as { output: number }).output).toBeCloseTo(0.06, 12);
  });

  test('explains itself without inputs', () => {
    const { code, stdout } = tidemark(['model', young.model]);
    expect(code).toBe(0);
    expect(stdout).toContain('checkpoint_cost_s  s     blocking cost of one checkpoint');
  });

  test('runs a file, compares where there is something to compare with, and says when it differs', () => {
    const right = file('right.json', JSON.stringify([{ ...young, output: 7200 }, young]));
    const { code, stdout, stderr } = tidemark(['model', '--batch', right]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { model: young.model, output: 7200, units: 's', agrees: true },
      { model: young.model, output: 7200, units: 's' },
    ]);
    expect(stderr).toContain('1 of 1 outputs agree within 1e-9');
    const wrong = file('wrong.json', JSON.stringify([{ ...young, output: 7201 }]));
    const differing = tidemark(['model', '--batch', wrong]);
    expect(differing.code).toBe(1);
    expect(differing.stderr).toContain('0 of 1 outputs agree within 1e-9; the largest relative difference is 0.00014');
  });

  test.each([
    [[], 'which model?'],
    [['yung_compute_interval'], 'did you mean "young_compute_interval"?'],
    [[young.model, '--inputs', 'checkpoint_cost_s=300'], 'also needs mtbf_s (mean time between failures)'],
    [[young.model, '--inputs', 'checkpoint_cost_s=300,mtbf_s=soon'], 'should be a number above 0 (s), and is "soon"'],
    [[young.model, '--inputs', 'mtbf_s=1,mtbf_s=2'], 'mtbf_s is given twice'],
    [[young.model, '--inputs', '300'], '"300" should be name=value'],
    [['--batch', join(folder, 'nowhere.json')], 'cannot be read'],
    [['--batch', file('text.json', 'not json')], 'is no JSON'],
    [['--batch', file('object.json', '{}')], 'should be a list'],
    [['--batch', file('unknown.json', '[{"model": "x", "inputs": {}}]')], 'element 1 of 1: there is no model x'],
    [['--batch', file('inputs.json', JSON.stringify([young, { model: young.model }]))], 'element 2 of 2: "inputs"'],
    [[young.model, '--batch', file('both.json', '[]')], 'leave out the name'],
  ])('%j is refused', (words, message) => {
    const { code, stdout, stderr } = tidemark(['model', ...words]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });
});
