// Failover by region (engines.md §2.10, step 1): in a job of two chains that share nothing but the coordinator, the failure of
// one leaves the other alone. Whoever restarts goes back to the newest checkpoint; the cut is consistent for each chain.
import { describe, expect, test } from 'vitest';

import { attemptOf } from '../../../models/dataflow/attempts.ts';
import { restartsAsAWhole } from '../../../models/dataflow/failover-regions.ts';
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import { drawPlan } from '../../../models/dataflow/plans.ts';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import type { FlowState } from '../../../models/dataflow/state.ts';
import { subjectOf, worldOf } from '../../../models/dataflow/subject.ts';
import {
  type Environment,
  FAULT_KINDS,
  PEACE,
  type Topology,
  chainsTopology,
} from '../../../models/dataflow/topology.ts';
import { PROTOCOLS } from '../../../models/protocols/index.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';
import { CHAIN, exhaust } from './instances.ts';

const FLINK = [
  PROTOCOLS['flink-aligned'],
  PROTOCOLS['flink-unaligned'],
  PROTOCOLS['flink-unaligned-timeout'],
  PROTOCOLS['flink-at-least-once'],
] as const;

const CHAINS = chainsTopology({ tasks: 2 });

/** The smallest job of two regions: a chain, and a source that nobody listens to. */
const CHAIN_AND_SOURCE: Topology = {
  ...CHAINS,
  name: 'chain and source',
  tasks: CHAINS.tasks.slice(0, 3),
  channels: CHAINS.channels.slice(0, 1),
};

const CRASH: Partial<Environment> = { crashes: 1, failover: 'region' };

describe('in every order of events', () => {
  test.each([
    ['flink-aligned', 11_105, 44_838],
    ['flink-at-least-once', 11_105, null],
    ['flink-unaligned', 14_621, 85_554],
  ] as const)('%s keeps its promise with one crash', (name, lateEffects, twoChains) => {
    const once = { ...CRASH, calm: false };
    const late = exhaust(PROTOCOLS[name], CHAIN_AND_SOURCE, once);
    expect(late).toMatchObject({ emptied: true, violations: [], states: lateEffects });
    // With one input each, counting barriers and aligning them is the same.
    if (twoChains === null) return;
    const chains = exhaust(PROTOCOLS[name], CHAINS, { ...once, zombies: false });
    expect(chains).toMatchObject({ emptied: true, violations: [], states: twoChains });
  });

  test.each(FLINK)('$name restarts as a whole where everything is connected, state by state as before', (protocol) => {
    const [whole, byRegion] = (['full', 'region'] as const).map((failover) =>
      exhaust(protocol, CHAIN, { crashes: 1, failover }),
    );
    expect(byRegion).toEqual(whole);
  });
});

const BY_REGION = Object.values(PROTOCOLS).filter((protocol) => restartsAsAWhole(protocol) === null);

describe('under random faults of all kinds', () => {
  test.each(BY_REGION)('$name keeps its promise', (protocol) => {
    let regional = 0;
    let completedBehind = 0;
    for (let run = 0; run < 3000; run++) {
      const plan = drawPlan(protocol, { seed: 'failover', run });
      if (plan.environment.failover !== 'region') continue;
      const world = worldOf(subjectOf(protocol), plan);
      const apply = world.apply.bind(world);
      let [isRegional, isCompletedBehind] = [false, false];
      world.apply = (state, action) => {
        const violations = apply(state, action);
        isRegional ||= state.store.attempts.length > 0;
        isCompletedBehind ||= state.store.attempts.length > 0 && action.id.startsWith('store:');
        return violations;
      };
      const stream = randomStreams('failover', run)('swarm');
      const weights = { crash: [1 / 2, 1 / 16, 1 / 64][run % 3]! };
      const { violations } = randomRun(world, { stream, weights, maxSteps: 2000, faultKinds: FAULT_KINDS });
      expect(violations, `run ${run}`).toEqual([]);
      if (isRegional) regional++;
      if (isCompletedBehind) completedBehind++;
    }
    expect(regional).toBeGreaterThan(100);
    expect(completedBehind).toBeGreaterThan(50);
  });
});

/** Takes the named actions, in this order, none of which breaks a law. */
function led(protocol: Protocol, environment: Partial<Environment>, path: readonly string[]): FlowState {
  const world = worldWith(protocol, environment);
  const state = world.initial();
  for (const id of path) {
    const enabled = world.enabled(state);
    const action = enabled.find((each) => each.id === id);
    if (action === undefined)
      throw new Error(`${id} cannot happen; what can: ${enabled.map((each) => each.id).join(' ')}`);
    expect(world.apply(state, action), id).toEqual([]);
  }
  return state;
}

function worldWith(protocol: Protocol, environment: Partial<Environment>, topology: Topology = CHAINS): FlowWorld {
  return new FlowWorld(protocol, topology, { ...PEACE, ...environment }, lawsFor(protocol, topology));
}

const aligned = PROTOCOLS['flink-aligned'];

/** Both chains have read their record; a checkpoint is under way, and the first chain's part of it is acknowledged. */
const FIRST_ACKNOWLEDGED = [
  'emit:s0#0',
  'deliver:s0>k0#r0.0.0',
  'emit:s1#0',
  'deliver:s1>k1#r2.0.0',
  'trigger:coordinator#1',
  'tell:coordinator>s0#trigger-1/a0',
  'deliver:s0>k0#barrier-1',
  'upload:s0#c1/a0',
  'upload:k0#c1/a0',
  'tell:s0>coordinator#ack-1/a0',
  'tell:k0>coordinator#ack-1/a0',
];

describe('when one chain fails', () => {
  const failed = led(aligned, CRASH, [
    ...FIRST_ACKNOWLEDGED,
    'tell:coordinator>s1#trigger-1/a0',
    'crash:s0#1',
    'detect:failure',
  ]);

  test('its tasks begin again in an attempt of their own, and the others go on in theirs', () => {
    expect([0, 1, 2, 3].map((task) => attemptOf(failed, task))).toEqual([1, 1, 0, 0]);
    expect([0, 1].map((source) => failed.task(source * 2).application.read)).toEqual([0, 1]);
    expect([1, 3].map((sink) => failed.task(sink).application.received)).toEqual([[0], [1]]);
  });

  test('what it had written is aborted, the transaction of the other chain stays open', () => {
    expect(failed.output.transactions.map(({ task, attempt, status }) => [task, attempt, status])).toEqual([
      [1, 0, 'aborted'],
      [3, 0, 'open'],
      [1, 0, 'aborted'],
      [1, 1, 'open'],
    ]);
  });

  test('the pending checkpoint is aborted, and only those who know of it are told', () => {
    expect(failed.coordinator.protocol).toMatchObject({ pending: [] });
    expect(failed.store.parts).toEqual([]);
    expect(failed.network.messages.map(({ to, name, attempt }) => [to, name, attempt])).toEqual([
      [2, 'abort', 0],
      [3, 'abort', 0],
    ]);
  });

  test('the upload that the other chain has under way lands and is thrown away with its late acknowledgement', () => {
    const later = led(aligned, CRASH, [
      ...FIRST_ACKNOWLEDGED,
      'tell:coordinator>s1#trigger-1/a0',
      'crash:s0#1',
      'detect:failure',
      'upload:s1#c1/a0',
      'tell:s1>coordinator#ack-1/a0',
    ]);
    expect(later.store.parts).toEqual([]);
  });

  test('a crash of the coordinator restarts everything, in one attempt', () => {
    const all = led(aligned, { ...CRASH, coordinatorCrashes: 1 }, [
      'crash:s0#1',
      'detect:failure',
      'crash:coordinator#1',
      'detect:failure',
    ]);
    expect(all.store).toMatchObject({ attempt: 2, attempts: [] });
  });
});

describe('regions that cannot restart on their own', () => {
  test('are those of a protocol that restarts as a whole', () => {
    const coordinator = { ...aligned.coordinator };
    delete coordinator.failover;
    const whole: Protocol = { ...aligned, coordinator };
    expect(() => worldWith(whole, CRASH)).toThrow('flink-aligned has no failover of single regions');
    expect(() => worldWith(whole, CRASH, CHAIN)).not.toThrow();
  });

  test('are those whose channels are logs', () => {
    expect(() => worldWith(PROTOCOLS['samza-coordinated-timed'], CRASH)).toThrow('keeps its channels as logs');
  });

  test('are those that one coordinator hands splits, and stages that are rescaled', () => {
    expect(() => worldWith(aligned, CRASH, { ...CHAINS, splits: 'assigned' })).toThrow('handed splits');
  });
});
