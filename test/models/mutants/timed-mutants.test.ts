// Mutants of timed worlds: the law each must break, the base that breaks none, and what was measured.
import { describe, expect, test } from 'vitest';

import { TIMED_MUTANTS, runMutants } from '../../../models/mutants/index.ts';
import { mutantsReport } from '../../../reports/index.ts';

const names = TIMED_MUTANTS.map(({ name }) => name);
const results = runMutants({ mutants: [], timed: TIMED_MUTANTS });
const resultOf = (name: string) => results.find((each) => each.name === name)!;

describe('mutants of timed worlds', () => {
  test.each([
    ['offsetBeforeFlush', 'E2'],
    ['oldFailureCounts', 'Q2'],
    ['alignClockWrong', 'Q2'],
    ['doubleCharge', 'Q1'],
    ['replayFree', 'Q1'],
    ['tieBias', 'ties'],
    ['sharedStream', 'paired'],
  ])('%s breaks %s, and its base nothing', (name, law) => {
    expect(resultOf(name)).toMatchObject({ law, status: 'killed', driver: 'timed', baseBreaks: [] });
  });

  test('are told by what was measured', () => {
    expect(resultOf('tieBias').facts).toEqual({ 'share of the first task, %': 100, 'with shuffled ties, %': 33 });
    expect(resultOf('oldFailureCounts').facts['times the job was failed for it']).toBe(1);
    expect(Number(resultOf('offsetBeforeFlush').facts['E2 outputs_missing'])).toBeGreaterThan(0);
    expect(Number(resultOf('sharedStream').facts['arrivals that moved when outputs were sent'])).toBeGreaterThan(100);
  });

  test('give equal bytes for equal plans: the two about order and chance do not break X1', () => {
    for (const name of ['tieBias', 'sharedStream']) expect(resultOf(name).breaks).not.toContain('X1');
    expect(runMutants({ mutants: [], timed: TIMED_MUTANTS })).toEqual(results);
  });

  test('that break nothing have survived', () => {
    const tame = TIMED_MUTANTS.map((mutant) => ({ ...mutant, run: () => mutant.run(false) }));
    expect(runMutants({ mutants: [], timed: tame }).map(({ status }) => status)).toEqual(names.map(() => 'survived'));
  });

  test('stand in the same table as the others', () => {
    const context = {
      version: '0',
      kind: 'catalogue',
      subject: 'all protocols',
      seed: 'mutants',
      runs: 400,
      maxStates: 2000,
      command: 'tidemark mutants',
    } as const;
    const report = mutantsReport(results, context, (_, text) => text);
    expect(report).toMatch(/offsetBeforeFlush +samza +killed +E2 +- +timed +1 +-/);
    expect(report).toContain('tieBias: share of the first task, % 100; with shuffled ties, % 33.');
  });

  test('belong to the catalogue', () => {
    expect(runMutants({ names: ['tieBias'] }).map(({ name }) => name)).toEqual(['tieBias']);
  });
});
