// What a coordinated checkpoint without a barrier is worth: at-least-once, once more per stage and failure; and why neither
// a two-phase sink nor numbered records make it exact.
import { describe, expect, test } from 'vitest';
import type { FlowPromise, Protocol } from '../../../models/dataflow/protocol.ts';
import {
  type Environment,
  PEACE,
  type Topology,
  chainTopology,
  joinTopology,
} from '../../../models/dataflow/topology.ts';
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import {
  samzaCoordinatedDeduplicated,
  samzaCoordinatedManual,
  samzaCoordinatedTimed,
} from '../../../models/protocols/index.ts';
import { replayPath } from '../../../sim/explore.ts';
import { CHAIN, convictions, exhaust, worldOf } from './instances.ts';
import { replayEvents } from './theorem.ts';

const EXACTLY_ONCE: FlowPromise = {
  state: 'exactly-once',
  output: { plain: 'at-least-once', idempotent: 'exactly-once', 'two-phase': 'exactly-once' },
};

const claiming = (protocol: Protocol, promise: FlowPromise): Protocol => ({ ...protocol, promise });

/** Goes on with whatever is enabled first and is no fault, to the end of the path. */
function endOf(topology: Topology, environment: Partial<Environment>, ids: readonly string[]): readonly number[][] {
  const world = worldOf(samzaCoordinatedTimed, topology, environment);
  const state = replayEvents(world, world.initial(), ids)!;
  for (;;) {
    const next = world.enabled(state).find(({ kind }) => kind !== 'crash' && kind !== 'trigger');
    if (next === undefined || next.kind === 'calm') break;
    world.apply(state, next);
  }
  return topology.tasks.map((_, task) => state.task(task).application.seen);
}

describe('tasks that snapshot when they are told, each at its own moment,', () => {
  test('break exactly-once, cut and state, on a chain with one record and one crash', () => {
    const result = exhaust(claiming(samzaCoordinatedTimed, EXACTLY_ONCE), CHAIN, { crashes: 1 });
    expect(result.emptied).toBe(true);
    expect(convictions(result)).toEqual(expect.arrayContaining(['C2', 'C3', 'E1', 'S1']));
  });

  test('count a record that came after the checkpoint k + 1 times at stage k', () => {
    // Source, join (stage 1), sink (stage 2); everything has come through when the crash strikes.
    const through = ['emit:s0#0', 'deliver:s0>join#r0.0.0', 'deliver:join>sink#r0.0.0'];
    const seen = endOf(chainTopology(), { crashes: 1 }, [...through, 'crash:s0#1', 'detect:failure']);
    expect(seen.slice(1)).toEqual([[2], [3]]);
  });
});

describe('receivers that drop the numbers they have had', () => {
  const deduplicated = claiming(samzaCoordinatedDeduplicated, EXACTLY_ONCE);

  test('make state and output of a chain exact, though the cut is none', () => {
    const found = convictions(exhaust(deduplicated, CHAIN, { crashes: 1 }));
    expect(found).not.toContain('S1');
    expect(found).not.toContain('E1');
    expect(found).not.toContain('E2');
  });

  test('lose a record behind a join whose inputs come in another order after the restart', () => {
    const topology = joinTopology({ sink: 'plain' });
    const world = new FlowWorld(
      deduplicated,
      topology,
      { ...PEACE, crashes: 1, calm: false },
      lawsFor(deduplicated, topology).filter(({ id }) => id === 'S1'),
    );
    const tasks = ['s0', 's1', 'join', 'sink'];
    const told = (task: string): string => `tell:coordinator>${task}#snapshot-1/a0`;
    const { violation } = replayPath(
      world,
      [
        // The sources and the join are cut before anything reaches the join, the sink after it has record 0 of s0.
        'emit:s0#0',
        'emit:s1#0',
        'trigger:coordinator#1',
        ...['s0', 's1', 'join'].map(told),
        'deliver:s0>join#r0.0.0',
        'deliver:join>sink#r0.0.0',
        told('sink'),
        ...tasks.map((task) => `upload:${task}#c1/a0`),
        ...tasks.map((task) => `tell:${task}>coordinator#ack-1/a0`),
        'store:coordinator#c1/a0',
        'crash:join#1',
        'detect:failure',
        // Again, the other way round: number 0 on join>sink is now the record of s1, and the sink has had a number 0.
        'deliver:s1>join#r1.0.0',
        'deliver:s0>join#r0.0.0',
      ],
      { faultKinds: ['crash'], settleBelow: 100 },
    );
    expect(violation).toEqual({ law: 'S1', facts: { task: 'sink', record: '0.0', counted: 2, expected: 1 } });
  });
});

describe('a second request while a checkpoint is under way', () => {
  const two = { checkpoints: 2, maxConcurrent: 2, calm: false };
  const pendingAfter = (protocol: Protocol): readonly number[] => {
    const world = worldOf(protocol, CHAIN, two);
    const state = replayEvents(world, world.initial(), ['trigger:coordinator#2', 'trigger:coordinator#1'])!;
    return protocol.coordinator.pending(state.coordinator.protocol);
  };

  test('is skipped when a timer made it', () => {
    expect(pendingAfter(samzaCoordinatedTimed)).toEqual([1]);
  });

  test('takes the place of the first when a person made it', () => {
    expect(pendingAfter(samzaCoordinatedManual)).toEqual([2]);
  });
});
