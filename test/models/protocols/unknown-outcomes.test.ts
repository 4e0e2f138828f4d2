// Two faults of the outside world: a completion whose write nobody hears the end of, and a transaction that waited too long.
// The first breaks no promise, the second breaks the one promise that rests on transactions, and only that one.
import { describe, expect, test } from 'vitest';
import { PROTOCOLS, flinkAligned } from '../../../models/protocols/index.ts';
import { joinTopology, chainTopology } from '../../../models/dataflow/topology.ts';
import { explore } from '../../../sim/explore.ts';
import { CHAIN, convictions, exhaust, worldOf } from './instances.ts';

const BOUNDS = { maxStates: 4000 };

describe('a store write whose outcome is unknown', () => {
  test.each(Object.values(PROTOCOLS))('breaks no promise of $name', (protocol) => {
    for (const topology of [CHAIN, joinTopology()]) {
      const storm = { unknownStores: 1, crashes: 1, coordinatorCrashes: 1, duplicatedMessages: 1 };
      expect(convictions(exhaust(protocol, topology, storm, BOUNDS)), topology.name).toEqual([]);
    }
  });

  test('is seen through to the end with a crash of a task or of the coordinator', () => {
    const pins = [{ crashes: 1 }, { coordinatorCrashes: 1 }].map((crash) => {
      const result = exhaust(flinkAligned, CHAIN, { unknownStores: 1, ...crash });
      expect(convictions(result)).toEqual([]);
      expect(result.emptied).toBe(true);
      return [result.states, result.durableProjections];
    });
    expect(pins).toEqual([
      [3739, 579],
      [2893, 579],
    ]);
  });

  test('leaves a successor with the checkpoint or without it', () => {
    const restored = (outcome: string): number => {
      const world = worldOf(flinkAligned, chainTopology(), { unknownStores: 1, coordinatorCrashes: 1 });
      const state = world.initial();
      const take = (prefix: string): boolean => {
        const action = world.enabled(state).find(({ id }) => id.startsWith(prefix));
        if (action !== undefined) expect(world.apply(state, action)).toEqual([]);
        return action !== undefined;
      };
      take('trigger');
      for (let i = 0; i < 100 && !take(outcome); i++) take(world.enabled(state)[0]!.id);
      take('crash:coordinator');
      take('detect');
      return state.coordinator.restored;
    };
    expect([restored('written-store'), restored('unwritten-store')]).toEqual([1, 0]);
  });

  test('is not even offered to a protocol that cannot be told of it', () => {
    const coordinator = { ...flinkAligned.coordinator };
    Reflect.deleteProperty(coordinator, 'storeUnknown');
    const result = exhaust({ ...flinkAligned, coordinator }, CHAIN, { unknownStores: 1 });
    expect(result.states).toBe(exhaust(flinkAligned, CHAIN).states);
  });
});

describe('a transaction that times out', () => {
  test.each(Object.values(PROTOCOLS))('can lose output of $name in transactions, and nothing else', (protocol) => {
    const broken = (sink: 'two-phase' | 'idempotent' | 'plain'): readonly string[] => {
      const world = worldOf(protocol, chainTopology({ sink }), { transactionTimeouts: 1 });
      return convictions(explore(world, { maxStates: 3000, faultKinds: ['abort'] }));
    };
    expect(broken('two-phase')).toEqual(['E2']);
    expect(broken('idempotent')).toEqual([]);
    expect(broken('plain')).toEqual([]);
  });
});
