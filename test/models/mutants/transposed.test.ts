// The matrix read the other way: every law convicts two mutants alone or is said to be redundant, every fault is needed by
// some mutant, every pair of redundant guards is hunted.
import { beforeAll, describe, expect, test } from 'vitest';

import { MUTANTS, SOLE_MUTANTS, type TransposedMatrix, runMutants, transpose } from '../../../models/mutants/index.ts';
import { guardPairs } from '../../../models/mutants/pairs.ts';
import { REDUNDANT_LAWS } from '../../../models/mutants/redundant-laws.ts';
import { type TransposedContext, meetsTransposed, transposedReport } from '../../../reports/transposed.ts';

let matrix: TransposedMatrix;

beforeAll(() => {
  matrix = transpose();
}, 240_000);

describe('laws', () => {
  test('convict two mutants alone, or are known to be redundant, and none is called so without need', () => {
    const few = matrix.laws.filter(({ only }) => only.length < 2).map(({ law }) => law);
    expect(few).toEqual(Object.keys(REDUNDANT_LAWS).toSorted());
    expect(matrix.laws.map(({ law }) => law).join(' ')).toBe(
      'C1 C2 C3 C4 C5 D1 D2 D3 E1 E2 E3 E4 E5 L1 L2 L3 M1 M2 Q1 Q2 S1 S2 S3 X1',
    );
  });

  test('that are redundant convict somebody all the same', () => {
    for (const { law, only, also } of matrix.laws) expect(only.length + also.length, law).toBeGreaterThan(0);
  });

  test('are each broken alone by the mutants made for them', () => {
    for (const { name, law } of SOLE_MUTANTS) {
      expect(matrix.laws.find((row) => row.law === law)!.only, name).toContain(name);
    }
  });
});

describe('faults', () => {
  test('are each needed by some mutant', () => {
    expect(matrix.faults.filter(({ neededBy }) => neededBy.length === 0)).toEqual([]);
    const needing = (fault: string): readonly string[] => matrix.faults.find((row) => row.fault === fault)!.neededBy;
    expect(needing('duplicatedMessages')).toContain('countAcks');
    expect(needing('zombies')).toContain('reuseId');
    expect(needing('coordinatorCrashes')).toContain('forgetsRetained');
  });
});

describe('mutants made for one law', () => {
  test('are killed by it, while their bases are silent', () => {
    const results = runMutants({ mutants: SOLE_MUTANTS });
    for (const { name, status, law, baseBreaks } of results) {
      expect([status, law, ...baseBreaks], name).toEqual([
        'killed',
        SOLE_MUTANTS.find((each) => each.name === name)!.law,
      ]);
    }
  }, 60_000);
});

describe('pairs of redundant guards', () => {
  test('are made of all of them, with what either changes and the worse of their surroundings', () => {
    const pairs = guardPairs(MUTANTS);
    const pair = pairs.find(({ name }) => name === 'staleAck + zombieCommit');
    const guards = MUTANTS.filter(({ expected }) => expected.status === 'redundant-guard').length;
    expect(pairs.length).toBe((guards * (guards - 1)) / 2);
    const mutantOf = (name: string) => MUTANTS.find((each) => each.name === name)!;
    expect(pair!.protocol.sink).toEqual(mutantOf('zombieCommit').protocol.sink);
    expect(pair!.protocol.coordinator).toEqual(mutantOf('staleAck').protocol.coordinator);
    expect(pair!.environment).toMatchObject({ crashes: 1, checkpoints: 2, zombies: true });
  });

  test('cannot be made of two that change the same handler', () => {
    const guard = MUTANTS.find(({ name }) => name === 'staleAck')!;
    expect(() =>
      guardPairs([
        guard,
        {
          ...guard,
          name: 'other',
          protocol: { ...guard.protocol, coordinator: { ...guard.protocol.coordinator, message() {} } },
        },
      ]),
    ).toThrow('both mutants of a pair change message');
  });

  test('are killed where each was the other guard', () => {
    const guard = { status: 'redundant-guard', why: 'ids are new' } as const;
    const reuse = { ...MUTANTS.find(({ name }) => name === 'reuseId')!, expected: guard };
    const stale = MUTANTS.find(({ name }) => name === 'staleAck')!;
    const [pair] = guardPairs([reuse, stale]);
    expect(runMutants({ mutants: [pair!] })[0]).toMatchObject({ name: 'reuseId + staleAck', status: 'killed' });
  });

  test('live where a third guard makes up for both', () => {
    expect(matrix.pairs).toEqual([{ name: 'staleAck + zombieCommit', law: null, steps: 0 }]);
  });
});

describe('the report', () => {
  const context: TransposedContext = { version: '0', seed: 'mutants', runs: 400, maxStates: 2000, command: 'again' };

  test('says per law how many it convicts alone, and what the others are kept for', () => {
    const report = transposedReport(matrix, context, (_, text) => text);
    expect(report).toMatch(/AS EXPECTED {2}18 of 24 laws convict at least two mutants alone/);
    expect(report).toMatch(/ S2 +2 +\d+ +timersOutside in peace, asyncNotDrained in peace/);
    expect(report).toContain('C1: redundant: ');
    expect(report).toMatch(/duplicated message +\d+ +countAcks/);
    expect(report).toContain('staleAck + zombieCommit: no law notices the pair either');
  });

  test('is not as expected when a law convicts too few and nobody knows why, or a fault is decoration', () => {
    expect(meetsTransposed(matrix)).toBe(true);
    const bare = { ...matrix, laws: [{ law: 'C9', only: ['one'], also: [], why: '' }] };
    expect(meetsTransposed(bare)).toBe(false);
    expect(transposedReport(bare, context, (_, text) => text)).toContain('C9 convicts too few alone');
    const unused = { ...matrix, faults: [{ fault: 'timeouts' as const, neededBy: [] }] };
    expect(meetsTransposed(unused)).toBe(false);
    expect(transposedReport(unused, context, (_, text) => text)).toContain('No mutant needs this fault: expiry.');
  });
});
