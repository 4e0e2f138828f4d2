// Splits that a coordinator hands out: each is read once, by whichever source got it, whatever fails on the way.
import { describe, expect, test } from 'vitest';
import {
  type Environment,
  FAULT_KINDS,
  type Topology,
  chainTopology,
  joinTopology,
} from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, flinkAligned } from '../../../models/protocols/index.ts';
import { randomStreams } from '../../../sim/random.ts';
import { randomRun } from '../../../sim/swarm.ts';
import { convictions, exhaust, worldOf } from './instances.ts';

const CHAIN: Topology = { ...chainTopology(), splits: 'assigned' };

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
  'lostEvents',
  'savepoints',
] as const;

describe.each(FLINK)('$name', (protocol) => {
  test('keeps its promise with splits that are handed out, under random faults of all kinds', () => {
    const broken: string[] = [];
    for (let run = 0; run < 250; run++) {
      const draw = randomStreams('splits', run)('plan');
      const sink = (['two-phase', 'two-phase', 'plain', 'idempotent'] as const)[draw.int(4)]!;
      const job = { records: 1 + draw.int(2), sink };
      const topology = draw.int(2) === 0 ? chainTopology(job) : joinTopology(job);
      const faults = Object.fromEntries(BUDGETS.map((budget) => [budget, draw.int(2)]));
      const world = worldOf(protocol, { ...topology, splits: 'assigned' }, { ...faults, checkpoints: 2 });
      const stream = randomStreams('splits', run)('swarm');
      const { violations, ended } = randomRun(world, { stream, maxSteps: 800, faultKinds: FAULT_KINDS });
      for (const { law, facts } of violations) broken.push(`${run} ${law} ${JSON.stringify(facts)}`);
      if (!ended && violations.length === 0) broken.push(`${run} did not end`);
    }
    expect(broken).toEqual([]);
  });
});

test.each([
  ['a crash', { crashes: 1 }, 5077, 581],
  ['an event that gets lost', { lostEvents: 1 }, 2155, 337],
  ['a checkpoint that expires', { timeouts: 1 }, 8903, 267],
] as [string, Partial<Environment>, number, number][])(
  'no order of events with %s loses a split or has it twice',
  (_, faults, states, durableProjections) => {
    const result = exhaust(flinkAligned, CHAIN, faults);
    expect(convictions(result)).toEqual([]);
    expect(result).toMatchObject({ emptied: true, states, durableProjections });
  },
);

test('two sources share two splits in every way there is', () => {
  const world = worldOf(flinkAligned, { ...joinTopology(), splits: 'assigned' });
  const ids = world.enabled(world.initial()).map(({ id }) => id);
  expect(ids.filter((id) => id.startsWith('assign'))).toEqual([
    'assign:s0#0',
    'assign:s1#0',
    'assign:s0#1',
    'assign:s1#1',
  ]);
});
