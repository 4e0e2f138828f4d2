// Two sources, a join, a two-phase sink, one crash anywhere, one more checkpoint in calm: every order of events, ample actions
// taken alone. The numbers are pinned; both orders of search must come to them.
import { expect, test } from 'vitest';

import { type Environment, joinTopology } from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, type ProtocolName } from '../../../models/protocols/index.ts';
import { convictions, exhaust } from './instances.ts';

interface Instance {
  readonly protocol: ProtocolName;
  readonly records: number;
  readonly environment: Partial<Environment>;
  readonly states: number;
  readonly durableProjections: number;
}

const crash = { crashes: 1 };
const withoutCalm = { crashes: 1, calm: false };

const instances: readonly Instance[] = [
  { protocol: 'flink-aligned', records: 1, environment: crash, states: 23776, durableProjections: 2203 },
  { protocol: 'flink-at-least-once', records: 1, environment: crash, states: 36638, durableProjections: 3911 },
  { protocol: 'flink-unaligned', records: 1, environment: crash, states: 136473, durableProjections: 12932 },
  { protocol: 'flink-unaligned-timeout', records: 1, environment: crash, states: 299993, durableProjections: 12932 },
  { protocol: 'chandy-lamport', records: 1, environment: crash, states: 70230, durableProjections: 6853 },
  { protocol: 'flink-aligned', records: 2, environment: withoutCalm, states: 172116, durableProjections: 1865 },
];

test.each(instances)(
  '$protocol on the join with a crash and $records record(s) per source: $states states, all seen, nothing broken',
  { timeout: 60_000 },
  ({ protocol, records, environment, states, durableProjections }) => {
    const result = exhaust(PROTOCOLS[protocol], joinTopology({ records }), environment, {
      reduction: 1,
      order: 'depth',
      maxStates: 400_000,
    });
    expect(convictions(result)).toEqual([]);
    expect(result.emptied).toBe(true);
    expect([result.states, result.durableProjections]).toEqual([states, durableProjections]);
  },
);

test('breadth first comes to the same states', () => {
  const { states, durableProjections, emptied } = exhaust(PROTOCOLS['flink-aligned'], joinTopology(), crash, {
    reduction: 1,
  });
  expect([states, durableProjections, emptied]).toEqual([23776, 2203, true]);
});
