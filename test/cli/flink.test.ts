// Scenarios of dataflows as a user meets them: by issue or file, with the defect and without it, and the way back to them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidemark } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-flink-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('check with a scenario', () => {
  it('convicts the defect by the law its author names, tells the story, and exits 1', () => {
    const { code, stdout } = tidemark(['check', 'FLINK-23471']);
    expect(stdout).toContain('check · FLINK-23471 · flink-aligned (mutant notifyStops)');
    expect(stdout).toContain('VIOLATED  E2');
    expect(stdout).toContain('expected: violated E2: as expected');
    expect(stdout).toMatch(/Story {3}One operator throws/);
    expect(stdout).toContain('Defect  notifyStops, switched on');
    expect(stdout).toContain('again     tidemark check FLINK-23471 --seed 1');
    expect(code).toBe(1);
  });

  it('holds without the defect, and says in which of the same runs the defect is convicted', () => {
    const { code, stdout } = tidemark(['check', 'FLINK-23471', '--without-defect', '--runs', '300']);
    expect(stdout).toContain('HOLDS  no law was broken in 300 random runs');
    expect(stdout).toContain('expected: holds: as expected');
    expect(stdout).toContain('Defect  notifyStops, SWITCHED OFF');
    expect(stdout).toContain('Canary: the same protocol with the defect was convicted in run 0.');
    expect(stdout).toContain('again     tidemark check FLINK-23471 --without-defect --runs 300 --seed 1');
    expect(code).toBe(0);
  });

  it('says what was expected in its document', () => {
    const { stdout } = tidemark(['check', 'flink-28265', '--json']);
    const { scenario, verdict } = JSON.parse(stdout) as { scenario: object; verdict: object };
    expect(verdict).toMatchObject({ kind: 'violated', law: 'D2' });
    expect(scenario).toEqual({
      name: 'FLINK-22494',
      title: 'The files of a checkpoint are deleted, and its pointer stays',
      issues: ['FLINK-22494', 'FLINK-28265'],
      defect: 'deleteUnknown',
      with_defect: true,
      expected: { verdict: 'violated', law: 'D2' },
      as_expected: true,
    });
  });

  it('is not fooled by too few runs: the defect that breaks nothing is not as expected', () => {
    const { code, stdout } = tidemark(['check', 'FLINK-20097', '--runs', '20']);
    expect(stdout).not.toContain('VIOLATED');
    expect(stdout).toMatch(/expected: violated C2(: not decided|, found: holds: NOT as expected)/);
    expect(code).not.toBe(0);
  });
});

describe('explore with a scenario', () => {
  it('finds a shortest way to break the law, and keeps it for replay', () => {
    const saved = join(folder, 'shortest.json');
    const { code, stdout } = tidemark(['explore', 'FLINK-22494', '--save', saved]);
    expect(stdout).toMatch(/VIOLATED {2}D2[^]*expected: violated D2: as expected/);
    expect(stdout).toContain('again     tidemark explore FLINK-22494\n');
    expect(code).toBe(1);
    expect(tidemark(['replay', saved, '--same']).code).toBe(0);
  });

  it('tries every order of the same job without the defect', () => {
    const { code, stdout } = tidemark(['explore', 'FLINK-22494', '--without-defect']);
    expect(stdout).toContain('HOLDS  no order of events breaks a law');
    expect(stdout).toContain('the queue was emptied');
    expect(code).toBe(0);
  });
});

describe('a defect of the coordinator', () => {
  it('is run once with a clock, with the defect and without it', () => {
    const on = tidemark(['check', 'FLINK-26650']);
    expect(on.stdout).toMatch(/VIOLATED {2}L2[^]*expected: violated L2: as expected[^]*Story {3}A trigger/);
    expect(on.stdout).toContain('again     tidemark check FLINK-26650\n');
    expect(on.code).toBe(1);
    const off = tidemark(['check', 'FLINK-22003', '--without-defect', '--json']);
    expect(JSON.parse(off.stdout)).toMatchObject({
      verdict: { kind: 'holds', law: null },
      broken: [],
      scenario: { with_defect: false, as_expected: true },
    });
    expect(off.code).toBe(0);
  });

  it('has no orders to try', () => {
    const { code, stderr } = tidemark(['explore', 'FLINK-22003']);
    expect(stderr).toContain('tidemark check FLINK-22003');
    expect(code).toBe(2);
    expect(tidemark(['check', 'FLINK-22003', '--save', 'x.json']).stderr).toContain('--save');
  });
});

const own = `kind: dataflow
title: A chain that does not wait for all acknowledgements
story: One acknowledgement too few, and the checkpoint is complete.
protocol: flink-aligned
topology: { shape: chain }
defect: completeMissingAck
expect: { law: C1 }
`;

describe('a scenario of one’s own', () => {
  it('is a file, with the defect of any mutant', () => {
    const file = join(folder, 'own.yaml');
    writeFileSync(file, own);
    const { code, stdout } = tidemark(['check', file]);
    expect(stdout).toContain('expected: violated C1: as expected');
    expect(stdout).toContain(`tidemark check ${file} --seed 1`);
    expect(code).toBe(1);
  });
});

describe('what can be wrong', () => {
  it.each([
    [['check', 'FLINK-1823'], 'did you mean "FLINK-18238"?'],
    [['check', 'page-views'], 'tidemark run page-views'],
    [['run', 'FLINK-18238'], 'tidemark check FLINK-18238'],
    [['check', '--without-defect'], 'name a scenario'],
    [['check', 'FLINK-18238', '--mutant', 'noAlign'], 'give one of them'],
    [['explore', 'FLINK-18238', '--records', '2'], '--records: FLINK-18238 says what the job is'],
    [['check', 'FLINK-18238', '--topology', 'ring'], '--topology: FLINK-18238 says what the job is'],
    [['check', 'missing.yaml'], 'no such file'],
  ])('%j is the user’s mistake, with a remedy, exit code 2', (words, message) => {
    const { code, stdout, stderr } = tidemark(words);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('list', () => {
  it('has them with their law, behind the scenarios of jobs', () => {
    expect(tidemark(['list']).stdout).toMatch(/^ {2}FLINK-18238 +violated L2 +An abort/m);
    const { scenarios } = JSON.parse(tidemark(['list', '--json']).stdout) as {
      scenarios: { name: string; topic: string }[];
    };
    const at = (wanted: string): number => scenarios.findIndex(({ name }) => name === wanted);
    expect(at('page-views')).toBe(0);
    expect(at('exit-code-zero')).toBeLessThan(at('FLINK-18238'));
    expect(scenarios.find(({ name }) => name === 'FLINK-22494')).toMatchObject({
      expected: { kind: 'violated', law: 'D2' },
      issues: ['FLINK-22494', 'FLINK-28265'],
    });
  });
});
