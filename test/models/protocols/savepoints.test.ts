// Savepoints: no order of events breaks a promise with them, and what they do not promise is broken where it is asked for.
import { describe, expect, test } from 'vitest';
import type { FlowState } from '../../../models/dataflow/state.ts';
import { type Environment, FAULT_KINDS, chainTopology, joinTopology } from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, flinkAligned } from '../../../models/protocols/index.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';
import { CHAIN, convictions, exhaust, worldOf } from './instances.ts';

const FLINK = Object.values(PROTOCOLS).filter(({ coordinator }) => coordinator.savepoint !== undefined);

const BUDGETS = [
  'crashes',
  'coordinatorCrashes',
  'timeouts',
  'failedUploads',
  'failedCommits',
  'lostNotifications',
  'duplicatedMessages',
  'unknownStores',
] as const;

/** Takes the actions with these beginnings, in turn; before each, whatever else can happen, oldest first. */
function play(environment: Partial<Environment>, ...prefixes: readonly string[]): { state: FlowState; laws: string[] } {
  const world = worldOf(flinkAligned, CHAIN, environment);
  const state = world.initial();
  const laws: string[] = [];
  for (const prefix of prefixes) {
    for (let step = 0; ; step++) {
      const enabled = world.enabled(state);
      const wanted = enabled.find(({ id }) => id.startsWith(prefix));
      const action = wanted ?? enabled.find(({ kind }) => !FAULT_KINDS.includes(kind) && kind !== 'trigger')!;
      laws.push(...world.apply(state, action).map(({ law }) => law));
      if (wanted !== undefined) break;
      expect(step, prefix).toBeLessThan(100);
    }
  }
  for (let action; (action = world.enabled(state).find(({ kind }) => !FAULT_KINDS.includes(kind))) !== undefined;)
    laws.push(...world.apply(state, action).map(({ law }) => law));
  laws.push(...world.atEnd(state).map(({ law }) => law));
  return { state, laws: [...new Set(laws)] };
}

test('every scheme of Flink has savepoints, and the variant that is Flink in all but name', () => {
  expect(FLINK.map(({ name }) => name)).toEqual([
    'flink-aligned',
    'flink-at-least-once',
    'flink-unaligned',
    'flink-unaligned-timeout',
    'samza-coordinated-barrier',
  ]);
});

describe.each(FLINK)('$name', (protocol) => {
  test('keeps its promise with savepoints under random faults of all kinds', () => {
    const broken: string[] = [];
    for (let run = 0; run < 250; run++) {
      const draw = randomStreams('savepoints', run)('plan');
      const sink = (['two-phase', 'two-phase', 'plain', 'idempotent'] as const)[draw.int(4)]!;
      const job = { records: 1 + draw.int(2), sink };
      const topology = draw.int(2) === 0 ? chainTopology(job) : joinTopology(job);
      const faults = Object.fromEntries(BUDGETS.map((budget) => [budget, draw.int(2)]));
      const world = worldOf(protocol, topology, { ...faults, savepoints: 1 + draw.int(2), checkpoints: 2 });
      const stream = randomStreams('savepoints', run)('swarm');
      const { violations, ended } = randomRun(world, { stream, maxSteps: 800, faultKinds: FAULT_KINDS });
      for (const { law } of violations) broken.push(`${run} ${law}`);
      if (!ended && violations.length === 0) broken.push(`${run} did not end`);
    }
    expect(broken).toEqual([]);
  });
});

test.each([
  ['flink-aligned', 45390, 5570],
  ['flink-unaligned', 16846, 3577],
] as const)('%s keeps its promise in every order of events with one savepoint', (name, states, durableProjections) => {
  const result = exhaust(PROTOCOLS[name], CHAIN, { savepoints: 1 });
  expect(convictions(result)).toEqual([]);
  expect(result).toMatchObject({ emptied: true, states, durableProjections });
});

describe('a savepoint', () => {
  const taken = ['emit', 'trigger', 'store', 'savepoint:take', 'store:coordinator#c2'];

  test('is not what a failover restores', () => {
    const { state, laws } = play({ savepoints: 1, crashes: 1 }, ...taken, 'crash:sink', 'detect');
    expect(laws).toEqual([]);
    expect(state.store.savepoints).toMatchObject([{ checkpoint: 2, status: 'complete' }]);
    expect(state.store.attempt).toBe(1);
    expect(state.coordinator.restored).toBe(1);
  });

  test('is a branch: what became visible behind it comes again, and nothing else', () => {
    const early = ['savepoint:take', 'tell', 'emit', 'store:coordinator#c1', 'trigger', 'commit', 'commit'];
    const { state, laws } = play({ savepoints: 1 }, ...early, 'savepoint:restore');
    expect(laws).toEqual([]);
    expect(state.output.visible).toEqual([2]);
    expect(play({ savepoints: 1 }, ...taken, 'savepoint:restore').state.output.visible).toEqual([1]);
  });

  test('that a restart goes on from is not deleted with the checkpoints behind it', () => {
    const { state } = play({ savepoints: 1 }, ...taken, 'savepoint:restore');
    expect(state.store.completed.map(({ checkpoint }) => checkpoint)).not.toContain(2);
    expect(state.store.parts.filter(({ checkpoint }) => checkpoint === 2)).toHaveLength(3);
  });

  test('loses what its transactions held when a failover aborted them, which nobody promised (E2)', () => {
    const path = [
      'emit',
      'deliver:join>sink#r',
      'savepoint:take',
      'store',
      'crash:sink',
      'detect',
      'savepoint:restore',
    ];
    const { laws } = play({ savepoints: 1, crashes: 1, beyond: ['restore-after-failover'] }, ...path);
    expect(laws).toEqual(['E2']);
  });
});

describe('a stop with a savepoint', () => {
  const stopped = ['emit', 'deliver:join>sink#r', 'savepoint:stop', 'store', 'commit'];

  test('commits, and the user goes on from it', () => {
    const { state, laws } = play({ savepoints: 1 }, ...stopped, 'restart:user');
    expect(laws).toEqual([]);
    expect(state.output.visible).toEqual([1]);
    expect(state.store.savepoints).toMatchObject([{ status: 'restored' }]);
  });

  test('whose commit fails leaves a failed job with a consistent savepoint (F14)', () => {
    const { state, laws } = play(
      { savepoints: 1, failedCommits: 1 },
      ...stopped.slice(0, -1),
      'fail-commit',
      'restart:user',
    );
    expect(laws).toEqual([]);
    expect(state.output.visible).toEqual([1]);
  });

  test('reads nothing behind it while it is under way', () => {
    const world = worldOf(flinkAligned, chainTopology({ records: 2 }), { savepoints: 1 });
    const state = world.initial();
    for (const prefix of ['savepoint:stop', 'tell:coordinator>s0#savepoint']) {
      expect(world.enabled(state).some(({ kind }) => kind === 'emit')).toBe(true);
      world.apply(
        state,
        world.enabled(state).find(({ id }) => id.startsWith(prefix))!,
      );
    }
    expect(world.enabled(state).some(({ kind }) => kind === 'emit' || kind === 'trigger')).toBe(false);
  });

  test('is forgotten by the successor of its coordinator, and what it committed comes again (E1)', () => {
    const path = [...stopped, 'crash:coordinator', 'detect'];
    expect(play({ savepoints: 1, coordinatorCrashes: 1, beyond: ['crash-in-stop'] }, ...path).laws).toEqual(['E1']);
  });
});
