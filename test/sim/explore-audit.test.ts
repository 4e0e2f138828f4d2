// A model that does not do what the search takes for granted is refused, and told which action showed it.
import { describe, expect, test } from 'vitest';

import type { Explorable } from '../../sim/explorable.ts';
import { explore } from '../../sim/explore.ts';
import { clonePlain, fingerprint } from '../../sim/fingerprint.ts';
import { counters } from './explore-counters.ts';

const orders = ['breadth', 'depth'] as const;

describe('a model that breaks its word is told which action showed it', () => {
  const honest = counters(2, 2, { step: ([a]) => (a === 2 ? ['two'] : []) });

  test.each(orders)('a fork that shares what apply writes (%s first)', (order) => {
    const shared: Explorable<{ counts: number[] }> = {
      initial: () => ({ counts: honest.initial() }),
      enabled: ({ counts }) => honest.enabled(counts),
      apply: ({ counts }, action) => honest.apply(counts, action),
      fork: ({ counts }) => ({ counts }),
      fingerprint,
      durable: fingerprint,
      atEnd: () => [],
    };
    expect(() => explore(shared, { order })).toThrow("'count:c0#1' changed a state it was not applied to");
    expect(explore({ ...shared, fork: clonePlain }, { order }).violations).toMatchObject([{ law: 'two' }]);
  });

  test.each(orders)('an apply that depends on more than the state (%s first)', (order) => {
    let calls = 0;
    const moody: Explorable<number[]> = {
      ...honest,
      apply(counts, action) {
        if (++calls % 7 === 0) counts[1] = 2;
        return honest.apply(counts, action);
      },
    };
    expect(() => explore(moody, { order })).toThrow('taken twice from one state, led to two');
  });

  test('a breach that is not there when replayed', () => {
    let calls = 0;
    const moody: Explorable<number[]> = {
      ...honest,
      apply: (counts, action) => (honest.apply(counts, action), ++calls < 30 ? [{ law: 'mood', facts: {} }] : []),
    };
    expect(() => explore(moody)).toThrow(/the model broke 'mood' after \d+ steps and did not when these were replayed/);
  });

  test('an action listed twice', () => {
    const doubled: Explorable<number[]> = {
      ...honest,
      enabled: (counts) => honest.enabled(counts).flatMap((action) => [action, action]),
    };
    expect(() => explore(doubled)).toThrow("enabled() lists 'count:c0#1' twice");
  });
});
