// Each defect of the coordinator: the laws speak with it and are silent without it, under the same plan.
import { afterAll, describe, expect, test } from 'vitest';
import {
  COORDINATOR_DEFECTS,
  type CoordinatorDefect,
  type CoordinatorFacts,
} from '../../../models/coordinator-study/index.ts';

/** Figures of the runs with and without the defect that tell the story; a change here is a change of behaviour. */
const STORIES: Readonly<
  Record<string, readonly [withDefect: Partial<CoordinatorFacts>, without: Partial<CoordinatorFacts>]>
> = {
  'FLINK-17073': [
    { completed: 84, undeletedMost: 51 },
    { completed: 74, undeletedMost: 2 },
  ],
  'FLINK-18336': [{ jobFailures: 1 }, { jobFailures: 0, failed: 1 }],
  'FLINK-20672': [{ completed: 19 }, { completed: 178 }],
  'FLINK-20675': [
    { completed: 12, failed: 168, jobFailures: 0 },
    { completed: 177, failed: 3, jobFailures: 1 },
  ],
  'FLINK-22003': [{ longestGapMicros: 604_296_000 }, { longestGapMicros: 34_276_000, rejected: 3 }],
  'FLINK-24344': [
    { completed: 12, failed: 168, jobFailures: 0 },
    { completed: 177, failed: 3, jobFailures: 1 },
  ],
  'FLINK-27570': [
    { completed: 12, failed: 168, jobFailures: 0 },
    { completed: 177, failed: 3, jobFailures: 1 },
  ],
  'FLINK-32347': [
    { completed: 12, failed: 168, jobFailures: 0 },
    { completed: 177, failed: 3, jobFailures: 1 },
  ],
  'FLINK-32514': [{ began: 290 }, { began: 156 }],
  'tick-backlog': [
    { began: 180, backToBackMost: 60 },
    { began: 127, backToBackMost: 1 },
  ],
};

const lines: string[] = [];
afterAll(() => console.log(lines.join('\n')));

function runBoth(defect: CoordinatorDefect) {
  const [withDefect, without] = [defect.run(true), defect.run(false)];
  for (const [word, outcome] of [['with', withDefect] as const, ['without', without] as const]) {
    const { began, completed, jobFailures, backToBackMost } = outcome.facts;
    const figures = `began ${began}, completed ${completed}, job failed ${jobFailures}, back to back ${backToBackMost}`;
    lines.push(`${defect.id} ${word}: ${outcome.law ?? 'silent'}; ${figures}`);
  }
  return { withDefect, without };
}

describe.each(COORDINATOR_DEFECTS)('$id: $title', (defect) => {
  const { withDefect, without } = runBoth(defect);

  test('breaks the laws it is said to break, and no other', () => {
    expect(withDefect.broken.map(({ law }) => law).toSorted()).toEqual(defect.laws.toSorted());
    expect(withDefect.law).toBe(defect.laws[0]);
    expect(withDefect.sentence).toBe(withDefect.broken.find(({ law }) => law === defect.laws[0])?.sentence);
  });

  test('breaks none without the defect', () => {
    expect(without.broken).toEqual([]);
    expect([without.law, without.sentence]).toEqual([null, 'every law of the coordinator holds.']);
  });

  test('tells its story in figures', () => {
    expect(withDefect.facts).toMatchObject(STORIES[defect.id]![0]);
    expect(without.facts).toMatchObject(STORIES[defect.id]![1]);
  });
});

test('ids are unique and every one has its story', () => {
  expect(COORDINATOR_DEFECTS.map(({ id }) => id)).toEqual(Object.keys(STORIES));
});

test('the issues are those of engines.md §6.2 (and 17073 of §6.1) that a coordinator with a clock can show', () => {
  const issues = [17073, 18336, 20672, 20675, 22003, 23189, 24344, 26650, 27570, 32347, 32514];
  expect(COORDINATOR_DEFECTS.flatMap(({ issues }) => issues).toSorted()).toEqual(issues.map((n) => `FLINK-${n}`));
});
