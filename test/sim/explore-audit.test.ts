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

describe('an action that claims to be ample and is not is refused by a reduced search', () => {
  /** Adds one to, or doubles, one number; both claim that their order does not matter. */
  const order = (kinds: readonly string[]): Explorable<{ taken: string[]; value: number; kept: number }> => ({
    initial: () => ({ taken: [], value: 1, kept: 0 }),
    enabled: ({ taken }) =>
      kinds.filter((kind) => !taken.includes(kind)).map((kind) => ({ id: `${kind}:it`, kind, ample: kind === 'add' })),
    apply(state, { kind }) {
      state.taken = [...state.taken, kind].toSorted();
      if (kind === 'add') state.value++;
      if (kind === 'double') state.value *= 2;
      if (kind === 'wipe') state.taken = ['add', 'block', 'double', 'wipe'];
      if (kind === 'block') state.taken = ['add', 'block', 'double', 'wipe'];
      if (kind === 'keep') state.kept = state.value;
      return [];
    },
    fork: clonePlain,
    fingerprint: (state) => fingerprint(state),
    durable: ({ kept, taken }) => fingerprint([kept, taken.includes('wipe') ? taken.length : 0]),
    atEnd: () => [],
  });

  test.each(orders)('since another action comes to something else before it (%s first)', (by) => {
    expect(() => explore(order(['add', 'double']), { order: by, reduction: 1 })).toThrow(
      "'add:it' claims to be ample, and makes a difference to 'double:it'",
    );
    expect(explore(order(['add', 'double']), { order: by }).emptied).toBe(true);
  });

  test('since another action cannot happen after it', () => {
    const model = order(['add', 'block']);
    const shy: typeof model = {
      ...model,
      enabled: (state) => model.enabled(state).filter(({ kind }) => kind !== 'block' || !state.taken.includes('add')),
    };
    expect(() => explore(shy, { reduction: 1 })).toThrow("'block:it' cannot happen any more after it");
  });

  test('since what it did outlives the action that takes it away', () => {
    const model = order(['add', 'wipe']);
    expect(explore(model, { reduction: 1 }).emptied).toBe(true);
    const lasting: typeof model = { ...model, durable: ({ value }) => fingerprint(value) };
    expect(() => explore(lasting, { reduction: 1 })).toThrow(
      "'wipe:it', which undoes it, leaves something else behind",
    );
  });
});
