import { describe, expect, test } from 'vitest';

import type { Explorable } from '../../sim/explorable.ts';
import { explore, type ExploreOptions, type ExploreResult, replayPath } from '../../sim/explore.ts';
import { type BarrierBounds, type BarrierMutant, barriers, type BarrierState } from './explore-barriers.ts';
import { counters, ring } from './explore-counters.ts';
import { canonicalText, exploreNaively } from './explore-naive.ts';

const orders = ['breadth', 'depth'] as const;
const mutants: readonly BarrierMutant[] = [
  'no-align',
  'snapshot-at-first-barrier',
  'late-offset',
  'ack-before-upload',
  'one-ack-missing',
  'reuse-id',
  'stuck-after-crash',
];
const bounds: readonly BarrierBounds[] = [
  { records: 1, checkpoints: 1, crashes: 1 },
  { records: 2, checkpoints: 1, crashes: 0 },
  { records: 1, checkpoints: 2, crashes: 1 },
];

const brokenLaws = ({ violations }: ExploreResult): string[] => violations.map(({ law }) => law);
const lengths = ({ violations }: ExploreResult): Record<string, number> =>
  Object.fromEntries(violations.map(({ law, path }) => [law, path.length]));

describe('closed forms', () => {
  test.each(orders)('n counters to k: (k+1)^n states, n k (k+1)^(n-1) transitions, one end (%s first)', (order) => {
    for (const [n, k] of [
      [1, 1],
      [1, 7],
      [3, 4],
      [5, 3],
    ] as const) {
      const result = explore(counters(n, k), { order });
      expect(result.states).toBe((k + 1) ** n);
      expect(result.transitions).toBe(n * k * (k + 1) ** (n - 1));
      expect(result.endStates).toBe(1);
      expect(result.durableProjections).toBe(k + 1);
      expect(result.emptied).toBe(true);
      expect(result.violations).toEqual([]);
      expect(result.depths.reduce((sum, states) => sum + states, 0)).toBe(result.states);
    }
  });

  test('the depths of three counters to two are the trinomial numbers', () => {
    expect(explore(counters(3, 2)).depths).toEqual([1, 3, 6, 7, 6, 3, 1]);
  });

  test('n counters with one real choice are reduced to a path', () => {
    const result = explore(counters(4, 3), { reduction: 1 });
    // The ample counters first, one after another; then the first counter alone.
    expect([result.states, result.transitions, result.durableProjections]).toEqual([13, 12, 4]);
  });
});

describe('the slow twin', () => {
  const texts = {
    clone: ({ parts }: BarrierState): BarrierState => ({
      parts: JSON.parse(JSON.stringify(parts)) as BarrierState['parts'],
      prints: [null, null, null, null, null],
    }),
    text: ({ parts }: BarrierState) => canonicalText(parts),
    durable: ({ parts }: BarrierState) => canonicalText(parts[4]),
  };
  test.each(['none', ...mutants] as const)('agrees on everything it counts: %s', (mutant) => {
    const model = barriers({ records: 1, checkpoints: 1, crashes: 1, mutant });
    const naive = exploreNaively(model, texts);
    for (const order of orders) {
      const { states, transitions, durableProjections, endStates } = explore(model, { order });
      const { lengths: _, ...counts } = naive;
      expect({ states, transitions, durableProjections, endStates }).toEqual(counts);
    }
    expect(lengths(explore(model))).toEqual(naive.lengths);
  });
});

describe('breadth first', () => {
  test('the aligned barriers hold, and the number of states is this', () => {
    const results = bounds.map((bound) => explore(barriers(bound)));
    expect(
      results.map(({ states, transitions, durableProjections, emptied, violations }) => [
        states,
        transitions,
        durableProjections,
        emptied,
        violations.length,
      ]),
    ).toMatchInlineSnapshot(`
      [
        [
          5001,
          16453,
          145,
          true,
          0,
        ],
        [
          2536,
          8452,
          29,
          true,
          0,
        ],
        [
          11912,
          38272,
          402,
          true,
          0,
        ],
      ]
    `);
  });

  test('each mutant is seen, at this depth and no less', () => {
    const found = mutants.map((mutant) => {
      const model = barriers({ records: 1, checkpoints: 1, crashes: 1, mutant });
      const result = explore(model, { faultKinds: ['crash'] });
      for (const length of Object.values(lengths(result))) {
        const shallower = explore(model, { maxDepth: length - 1, faultKinds: ['crash'] });
        expect(Object.values(lengths(shallower)).every((other) => other < length)).toBe(true);
      }
      return [mutant, lengths(result)];
    });
    expect(Object.fromEntries(found)).toMatchInlineSnapshot(`
      {
        "ack-before-upload": {
          "restorable": 8,
        },
        "late-offset": {
          "consistent-cut": 10,
        },
        "no-align": {
          "consistent-cut": 11,
        },
        "one-ack-missing": {
          "restorable": 5,
        },
        "reuse-id": {
          "consistent-cut": 14,
        },
        "snapshot-at-first-barrier": {
          "consistent-cut": 9,
        },
        "stuck-after-crash": {
          "not-stuck": 6,
        },
      }
    `);
  });

  test('a counterexample replays, step by step, to the breach it claims', () => {
    for (const mutant of mutants) {
      const model = barriers({ records: 1, checkpoints: 1, crashes: 1, mutant });
      for (const { law, facts, path } of explore(model).violations) {
        expect(replayPath(model, path, { law })).toMatchObject({ ids: path, violation: { law, facts } });
        expect(replayPath(model, path.slice(0, -1), { law }).violation).toBeNull();
      }
    }
  });

  test('a breach at the end of a path beats one by a step that was met earlier', () => {
    // Both at level 2: the state 0,2 is expanded last and ends; the steps to a total of 3 come before it.
    const model: Explorable<number[]> = {
      ...counters(2, 2, { step: ([a, b]) => ((a ?? 0) + (b ?? 0) === 3 ? ['both'] : []), end: () => ['both'] }),
      enabled: ([a, b]) => (b === 2 ? [] : counters(2, 2).enabled([a!, b!])),
    };
    for (const stopAtFirst of [false, true, 'both']) {
      expect(explore(model, { stopAtFirst }).violations.map(({ path }) => path)).toEqual([
        ['count:c1#1', 'count:c1#2'],
      ]);
    }
  });
});

describe('a law broken in several ways', () => {
  test('is shown by the first of the shortest, and the state that broke it counts as seen', () => {
    const model = counters(3, 2, { step: (counts) => (counts.some((count) => count === 2) ? ['two'] : []) });
    const result = explore(model, { stopAtFirst: true });
    expect(result.violations.map(({ path }) => path)).toEqual([['count:c0#1', 'count:c0#2']]);
    expect(result).toMatchObject({ states: 5, transitions: 4 });
    expect(explore(model).violations).toEqual(result.violations);
    expect(explore(model, { order: 'depth', stopAtFirst: true })).toMatchObject({ states: 3, transitions: 2 });
  });
});

describe('depth first', () => {
  test.each(bounds)('sees the states that breadth first sees: %o', (bound) => {
    const [breadth, depth] = orders.map((order) => explore(barriers(bound), { order }));
    const { depths: _, ...rest } = breadth!;
    expect(depth).toMatchObject(rest);
  });

  test('under any limit of depth both orders see the same states at the same depths and the same laws broken', () => {
    const model = barriers({ records: 1, checkpoints: 1, crashes: 1, mutant: 'stuck-after-crash' });
    const full = explore(model).depths.length - 1;
    for (let maxDepth = 0; maxDepth <= full + 1; maxDepth++) {
      const [breadth, depth] = orders.map((order) => explore(model, { order, maxDepth }));
      expect(depth!.depths.filter((states) => states > 0)).toEqual(breadth!.depths);
      expect([depth!.states, depth!.endStates, depth!.durableProjections, depth!.emptied]).toEqual([
        breadth!.states,
        breadth!.endStates,
        breadth!.durableProjections,
        breadth!.emptied,
      ]);
      expect(brokenLaws(depth!)).toEqual(brokenLaws(breadth!));
      expect(breadth!.emptied).toBe(maxDepth >= full);
    }
  });
});

describe('reduction', () => {
  const [small, , twoCheckpoints] = bounds as [BarrierBounds, BarrierBounds, BarrierBounds];
  const cases = [
    ...(['none', ...mutants] as const).map((mutant) => ({ ...small, mutant })),
    ...(['none', 'no-align', 'reuse-id'] as const).map((mutant) => ({ ...twoCheckpoints, mutant })),
  ];
  test.each(cases)('fewer states, the same durable projections and the same laws broken: %o', (bound) => {
    const model = barriers(bound);
    const whole = explore(model, { faultKinds: ['crash'] });
    for (const order of orders) {
      const reduced = explore(model, { order, reduction: 1, faultKinds: ['crash'] });
      expect([whole.emptied, reduced.emptied]).toEqual([true, true]);
      expect(reduced.durableProjections).toBe(whole.durableProjections);
      expect(brokenLaws(reduced)).toEqual(brokenLaws(whole));
      expect(reduced.states).toBeLessThan(whole.states);
    }
  });

  test('an action wrongly said to be ample shows in the durable projections', () => {
    const honest = barriers({ records: 1, checkpoints: 1, crashes: 1 });
    const lying: Explorable<BarrierState> = {
      ...honest,
      enabled: (state) =>
        honest.enabled(state).map((action) => (action.kind === 'upload' ? { ...action, ample: true } : action)),
    };
    const [whole, reduced] = ([0, 1] as const).map((reduction) => explore(lying, { reduction }).durableProjections);
    expect(reduced).toBeLessThan(whole!);
  });

  test.each(orders)('a ring of ample steps does not hide what the others do (%s first)', (order) => {
    for (const turns of [1, 2, 5]) {
      const [whole, reduced] = ([0, 1] as const).map((reduction) => explore(ring(turns, 3), { order, reduction }));
      expect(brokenLaws(whole!)).toEqual(['trap']);
      expect(brokenLaws(reduced!)).toEqual(['trap']);
      expect(reduced!.durableProjections).toBe(whole!.durableProjections);
      expect(reduced!.emptied).toBe(true);
      // Once round the ring, and where it closes one walk: no step is taken twice.
      expect([reduced!.states, reduced!.transitions]).toEqual([4 * turns, 4 * turns + 3]);
      expect([whole!.states, whole!.transitions]).toEqual([4 * turns, 4 * turns + 3 * turns]);
    }
  });
});

describe('limits', () => {
  test.each(orders)('a search that ran out of states says so, and never holds more (%s first)', (order) => {
    const model = counters(3, 4);
    for (const maxStates of [1, 2, 50, 124]) {
      expect(explore(model, { order, maxStates })).toMatchObject({ states: maxStates, emptied: false });
    }
    expect(explore(model, { order, maxStates: 125 })).toMatchObject({ states: 125, emptied: true });
  });

  test.each(orders)('stopping at the first breach of a law passes by the others (%s first)', (order) => {
    const step = ([a, b]: readonly number[]): string[] => [...(a === 2 ? ['early'] : []), ...(b === 4 ? ['late'] : [])];
    const model = counters(2, 5, { step });
    const run = (stopAtFirst: ExploreOptions['stopAtFirst']): ExploreResult =>
      explore(model, { order, stopAtFirst: stopAtFirst! });
    expect(brokenLaws(run(false))).toEqual(['early', 'late']);
    expect(brokenLaws(run(true))).toEqual(['early']);
    expect(brokenLaws(run('late'))).toContain('late');
    expect(run('late').emptied).toBe(false);
    expect(run('neither')).toEqual(run(false));
  });

  test('a path may end where only faults are left, if these are named', () => {
    const model = barriers({ records: 0, checkpoints: 0, crashes: 2 });
    expect(explore(model)).toMatchObject({ states: 3, endStates: 1 });
    expect(explore(model, { faultKinds: ['crash'] })).toMatchObject({ states: 3, endStates: 3 });
  });
});
