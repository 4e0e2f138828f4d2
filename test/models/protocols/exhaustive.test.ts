// Every protocol on instances small enough for every order of events: nothing is broken, everything was seen, and the
// numbers of states and of durable projections are pinned. A number that moves means that the model has changed. A reduced
// search sees fewer states, and the same durable projections.
import { describe, expect, test } from 'vitest';
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import { type Environment, type Topology, joinTopology, ringTopology } from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, type ProtocolName } from '../../../models/protocols/index.ts';
import type { ExploreResult } from '../../../sim/explore.ts';
import { CHAIN, FAULTS, MEET, TWO_RINGS, convictions, exhaust } from './instances.ts';

/** Distinct states, those that are left when ample actions are taken alone, and distinct durable projections of both. */
type Pin = readonly [states: number, reduced: number, durableProjections: number];

const pins: Readonly<Record<ProtocolName, Readonly<Record<string, Readonly<Record<string, Pin>>>>>> = {
  'flink-aligned': {
    chain: {
      none: [422, 282, 76],
      crash: [2621, 1680, 399],
      'coordinator crash': [1930, 1534, 399],
      'failed upload': [2869, 1853, 179],
      'time-out': [4850, 3292, 179],
      'lost notification': [830, 637, 118],
      'duplicated message': [1063, 777, 76],
    },
    meet: { none: [1887, 1456, 203], crash: [12525, 8992, 1119] },
    join: { none: [5995, 3038, 363] },
  },
  'flink-at-least-once': {
    chain: {
      none: [422, 282, 76],
      crash: [2621, 1680, 399],
      'coordinator crash': [1930, 1534, 399],
      'failed upload': [2769, 1782, 179],
      'time-out': [4722, 3201, 179],
      'lost notification': [830, 637, 118],
      'duplicated message': [1063, 777, 76],
    },
    meet: { none: [2799, 2158, 383], crash: [18719, 13276, 1895] },
    join: { none: [9073, 4620, 719] },
  },
  'flink-unaligned': {
    chain: {
      none: [717, 509, 136],
      crash: [4515, 3025, 666],
      'coordinator crash': [3256, 2671, 666],
      'failed upload': [4253, 2926, 273],
      'time-out': [7390, 5117, 273],
      'lost notification': [1451, 1184, 210],
      'duplicated message': [1932, 1485, 136],
    },
    meet: { none: [3790, 2917, 560], crash: [25872, 18429, 3124] },
  },
  'flink-unaligned-timeout': {
    chain: {
      none: [1047, 809, 136],
      crash: [6187, 4485, 666],
      'coordinator crash': [4543, 3886, 666],
      'failed upload': [5790, 4184, 273],
      'time-out': [10543, 7451, 273],
      'lost notification': [2177, 1844, 210],
      'duplicated message': [2579, 2120, 136],
    },
    meet: { none: [9922, 8443, 560] },
  },
  'chandy-lamport': {
    chain: {
      none: [422, 302, 76],
      crash: [2621, 1780, 399],
      'coordinator crash': [1930, 1574, 399],
      'failed upload': [2514, 1657, 160],
      'time-out': [4091, 2864, 160],
      'lost notification': [830, 664, 118],
      'duplicated message': [1063, 822, 76],
    },
    meet: { none: [2895, 2246, 493], crash: [20713, 14754, 2861] },
    join: { none: [13285, 8772, 949] },
    ring: {
      none: [549, 425, 93],
      crash: [3495, 2447, 453],
      'coordinator crash': [2556, 2223, 453],
      'failed upload': [3244, 2256, 144],
      'time-out': [5796, 4176, 144],
      'lost notification': [1048, 878, 93],
      'duplicated message': [1338, 1141, 93],
    },
  },
  'lai-yang': {
    chain: {
      none: [422, 302, 76],
      crash: [2621, 1780, 399],
      'coordinator crash': [1930, 1574, 399],
      'failed upload': [2514, 1657, 160],
      'time-out': [4091, 2864, 160],
      'lost notification': [830, 664, 118],
      'duplicated message': [1063, 822, 76],
    },
    meet: { none: [2895, 2246, 493], crash: [20713, 14754, 2861] },
    ring: {
      none: [1028, 813, 165],
      crash: [6847, 4855, 826],
      'coordinator crash': [4864, 4285, 826],
      'failed upload': [6288, 4658, 226],
      'time-out': [12376, 8939, 226],
      'lost notification': [1851, 1562, 165],
      'duplicated message': [2539, 2211, 165],
    },
  },
  'samza-coordinated-timed': {
    chain: {
      none: [1520, 1171, 474],
      crash: [29038, 19995, 6387],
      'failed upload': [4985, 3622, 614],
      'time-out': [8605, 6193, 614],
      'lost notification': [3402, 2885, 708],
      'duplicated message': [3818, 3133, 474],
    },
    meet: { none: [5022, 3815, 1226] },
    ring: {
      none: [2287, 1808, 701],
      'failed upload': [6419, 4842, 730],
      'time-out': [11764, 8701, 730],
      'lost notification': [4970, 4237, 701],
      'duplicated message': [5715, 4962, 701],
    },
  },
  'samza-coordinated-manual': { chain: { none: [1520, 1171, 474] } },
  'samza-coordinated-barrier': { chain: { none: [422, 282, 76], crash: [2621, 1680, 399] } },
};

const topologies: Readonly<Record<string, (protocol: { readonly needs: { readonly fifo: boolean } }) => Topology>> = {
  chain: () => CHAIN,
  meet: () => MEET,
  join: () => joinTopology(),
  ring: ({ needs }) => ringTopology({ fifo: needs.fifo }),
};

/** Searches in full and reduced: nothing broken, everything seen, the pinned numbers. */
function expectPinned(protocol: Protocol, topology: Topology, environment: Partial<Environment>, pin: Pin): void {
  const [full, reduced] = [0, 1].map((reduction) =>
    exhaust(protocol, topology, environment, { reduction: reduction as 0 | 1 }),
  ) as [ExploreResult, ExploreResult];
  for (const result of [full, reduced]) {
    expect(convictions(result)).toEqual([]);
    expect(result.emptied).toBe(true);
  }
  expect([full.states, reduced.states, full.durableProjections]).toEqual(pin);
  expect(reduced.durableProjections).toBe(full.durableProjections);
}

for (const [name, byTopology] of Object.entries(pins)) {
  const protocol = PROTOCOLS[name as ProtocolName];
  describe(`${name}, in every order of events,`, () => {
    for (const [topology, byFault] of Object.entries(byTopology)) {
      test.each(Object.entries(byFault))(`keeps its promise on the ${topology} with fault: %s`, (fault, pin) => {
        expectPinned(protocol, topologies[topology]!(protocol), FAULTS[fault]!, pin);
      });
    }
  });
}

/** Two rings that share a task, one snapshot started at both ends; a ring of two, a snapshot started at each end. */
const STARTED: Readonly<Record<string, Readonly<Record<'one twice' | 'two', Pin>>>> = {
  'chandy-lamport': { 'one twice': [3147, 2580, 182], two: [10988, 7767, 645] },
  'lai-yang': { 'one twice': [5801, 4968, 182], two: [23870, 17784, 1314] },
};

describe.each(Object.entries(STARTED))('%s keeps its promise when other tasks than sources start', (name, pinned) => {
  const protocol = PROTOCOLS[name as ProtocolName];
  const rings = protocol.needs.fifo ? TWO_RINGS.fifo : TWO_RINGS.loose;
  const ring = { ...rings, name: 'one ring', tasks: rings.tasks.slice(0, 2), channels: rings.channels.slice(0, 2) };

  test('one snapshot at two places', () => {
    expectPinned(protocol, { ...rings, initiators: [[0, 2]] }, { calm: false }, pinned['one twice']);
  });

  test('two snapshots at the same time', () => {
    const twoAtATime = { calm: false, checkpoints: 2, maxConcurrent: 2 };
    expectPinned(protocol, { ...ring, initiators: [[0], [1]] }, twoAtATime, pinned.two);
  });
});

test('an aligned time-out and unaligned barriers from the source on leave the same durable states behind', () => {
  const projections = (name: ProtocolName): number[] =>
    Object.values(pins[name]).flatMap((byFault) => Object.values(byFault).map(([, , durable]) => durable));
  const timeout = projections('flink-unaligned-timeout');
  expect(projections('flink-unaligned').slice(0, timeout.length)).toEqual(timeout);
});

test.each(['flink-aligned', 'chandy-lamport'] as const)(
  '%s: what reaches a coordinator that is dead waits for its successor, doubled or not',
  (name) => {
    const result = exhaust(PROTOCOLS[name], CHAIN, { coordinatorCrashes: 1, duplicatedMessages: 1 });
    expect(convictions(result)).toEqual([]);
    expect(result.emptied).toBe(true);
  },
);
