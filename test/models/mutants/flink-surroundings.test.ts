// Defects that need more than crashes and late messages: savepoints, stores that do not answer, splits that are assigned,
// regions that restart on their own.
import { beforeAll, describe, expect, test } from 'vitest';
import { FLINK_SURROUNDINGS, type MutantResult, runMutants } from '../../../models/mutants/index.ts';

const ALLOWANCE = 4;

/** Mutant to the law that kills it, and in how many steps. */
const KILLS: Readonly<Record<string, readonly [law: string, steps: number]>> = {
  deleteUnknown: ['D2', 11],
  reportedBeforeStored: ['E1', 33],
  savepointCommits: ['E3', 13],
  savepointOvertakes: ['C3', 12],
  stopFailsOver: ['E1', 37],
  valveStaysClosed: ['L3', 19],
  valveStaysOpen: ['C3', 14],
  restartTaskAlone: ['C5', 6],
  pendingSurvivesFailover: ['C1', 16],
};

let results: readonly MutantResult[] = [];

beforeAll(() => {
  results = runMutants({ mutants: FLINK_SURROUNDINGS });
}, 120_000);

describe('the defects', () => {
  test('all have a row here', () => {
    expect(Object.keys(KILLS).toSorted()).toEqual(FLINK_SURROUNDINGS.map(({ name }) => name).toSorted());
  });

  test.each(Object.entries(KILLS))('%s dies of its law', (name, [law, steps]) => {
    const result = results.find((each) => each.name === name)!;
    expect(result).toMatchObject({ status: 'killed', law });
    expect(result.steps).toBeLessThanOrEqual(steps + ALLOWANCE);
  });

  test('leave their bases silent in the same surroundings, and no two are one', () => {
    expect(results.filter(({ baseBreaks }) => baseBreaks.length > 0)).toEqual([]);
    expect(results.filter(({ twin }) => twin !== null)).toEqual([]);
  });
});
