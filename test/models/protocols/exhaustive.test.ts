// Every protocol on instances small enough for every order of events: nothing is broken, everything was seen, and the
// numbers of states and of durable projections are pinned. A number that moves means that the model has changed.
import { describe, expect, test } from 'vitest';
import { type Topology, joinTopology, ringTopology } from '../../../models/dataflow/topology.ts';
import { PROTOCOLS, type ProtocolName } from '../../../models/protocols/index.ts';
import type { ExploreResult } from '../../../sim/explore.ts';
import { CHAIN, FAULTS, MEET, TWO_RINGS, convictions, exhaust } from './instances.ts';

/** Distinct states, and distinct durable projections among them. */
type Pin = readonly [states: number, durableProjections: number];

const pins: Readonly<Record<ProtocolName, Readonly<Record<string, Readonly<Record<string, Pin>>>>>> = {
  'flink-aligned': {
    chain: {
      none: [422, 96],
      crash: [2621, 492],
      'coordinator crash': [3497, 922],
      'failed upload': [2869, 224],
      'time-out': [4850, 228],
      'lost notification': [830, 138],
      'duplicated message': [1063, 96],
    },
    meet: { none: [1887, 336], crash: [12525, 1889] },
    join: { none: [5995, 600] },
  },
  'flink-at-least-once': {
    chain: {
      none: [422, 96],
      crash: [2621, 492],
      'coordinator crash': [3497, 922],
      'failed upload': [2769, 224],
      'time-out': [4722, 228],
      'lost notification': [830, 138],
      'duplicated message': [1063, 96],
    },
    meet: { none: [2799, 584], crash: [18719, 3111] },
    join: { none: [9073, 1120] },
  },
  'flink-unaligned': {
    chain: {
      none: [717, 180],
      crash: [4515, 861],
      'coordinator crash': [5694, 1561],
      'failed upload': [4253, 376],
      'time-out': [7390, 384],
      'lost notification': [1451, 254],
      'duplicated message': [1932, 180],
    },
    meet: { none: [3790, 1004], crash: [25872, 5270] },
  },
  'flink-unaligned-timeout': {
    chain: {
      none: [1047, 180],
      crash: [6187, 861],
      'coordinator crash': [7855, 1561],
      'failed upload': [5790, 376],
      'time-out': [10543, 384],
      'lost notification': [2177, 254],
      'duplicated message': [2579, 180],
    },
    meet: { none: [9922, 1004] },
  },
  'chandy-lamport': {
    chain: {
      none: [422, 96],
      crash: [2621, 492],
      'coordinator crash': [3497, 922],
      'failed upload': [2514, 201],
      'time-out': [4091, 201],
      'lost notification': [830, 138],
      'duplicated message': [1063, 96],
    },
    meet: { none: [2895, 772], crash: [20713, 4451] },
    join: { none: [13285, 1596] },
    ring: {
      none: [549, 93],
      crash: [3495, 453],
      'coordinator crash': [4053, 708],
      'failed upload': [3244, 144],
      'time-out': [5796, 144],
      'lost notification': [1048, 93],
      'duplicated message': [1338, 93],
    },
  },
  'lai-yang': {
    chain: {
      none: [422, 96],
      crash: [2621, 492],
      'coordinator crash': [3497, 922],
      'failed upload': [2514, 201],
      'time-out': [4091, 201],
      'lost notification': [830, 138],
      'duplicated message': [1063, 96],
    },
    meet: { none: [2895, 772], crash: [20713, 4451] },
    ring: {
      none: [1028, 165],
      crash: [6847, 826],
      'coordinator crash': [7044, 1169],
      'failed upload': [6288, 226],
      'time-out': [12376, 226],
      'lost notification': [1851, 165],
      'duplicated message': [2539, 165],
    },
  },
  'samza-coordinated-timed': {
    chain: {
      none: [1520, 566],
      crash: [29038, 9506],
      'failed upload': [4985, 731],
      'time-out': [8605, 731],
      'lost notification': [3402, 800],
      'duplicated message': [3818, 566],
    },
    meet: { none: [5022, 1870] },
    ring: {
      none: [2287, 701],
      'failed upload': [6419, 730],
      'time-out': [11764, 730],
      'lost notification': [4970, 701],
      'duplicated message': [5715, 701],
    },
  },
  'samza-coordinated-manual': { chain: { none: [1520, 566] } },
  'samza-coordinated-barrier': { chain: { none: [422, 96], crash: [2621, 492] } },
};

const topologies: Readonly<Record<string, (protocol: { readonly needs: { readonly fifo: boolean } }) => Topology>> = {
  chain: () => CHAIN,
  meet: () => MEET,
  join: () => joinTopology(),
  ring: ({ needs }) => ringTopology({ fifo: needs.fifo }),
};

for (const [name, byTopology] of Object.entries(pins)) {
  const protocol = PROTOCOLS[name as ProtocolName];
  describe(`${name}, in every order of events,`, () => {
    for (const [topology, byFault] of Object.entries(byTopology)) {
      test.each(Object.entries(byFault))(`keeps its promise on the ${topology} with fault: %s`, (fault, pin) => {
        const result = exhaust(protocol, topologies[topology]!(protocol), FAULTS[fault]);
        expect(convictions(result)).toEqual([]);
        expect(result.emptied).toBe(true);
        expect([result.states, result.durableProjections]).toEqual(pin);
      });
    }
  });
}

/** Two rings that share a task, one snapshot started at both ends; a ring of two, a snapshot started at each end. */
const STARTED: Readonly<Record<string, Readonly<Record<string, Pin>>>> = {
  'chandy-lamport': { 'one snapshot twice': [3147, 182], 'two snapshots': [10988, 645] },
  'lai-yang': { 'one snapshot twice': [5801, 182], 'two snapshots': [23870, 1314] },
};

describe.each(Object.entries(STARTED))('%s, started by other tasks than sources,', (name, byStart) => {
  const protocol = PROTOCOLS[name as ProtocolName];
  const rings = protocol.needs.fifo ? TWO_RINGS.fifo : TWO_RINGS.loose;
  const ring = { ...rings, name: 'one ring', tasks: rings.tasks.slice(0, 2), channels: rings.channels.slice(0, 2) };
  const results: Readonly<Record<string, () => ExploreResult>> = {
    'one snapshot twice': () => exhaust(protocol, { ...rings, initiators: [[0, 2]] }, { calm: false }),
    'two snapshots': () =>
      exhaust(protocol, { ...ring, initiators: [[0], [1]] }, { calm: false, checkpoints: 2, maxConcurrent: 2 }),
  };
  test.each(Object.entries(byStart))('keeps its promise: %s', (start, pin) => {
    const result = results[start]!();
    expect(convictions(result)).toEqual([]);
    expect(result.emptied).toBe(true);
    expect([result.states, result.durableProjections]).toEqual(pin);
  });
});

test('an aligned time-out and unaligned barriers from the source on leave the same durable states behind', () => {
  const projections = (name: ProtocolName): number[] =>
    Object.values(pins[name]).flatMap((byFault) => Object.values(byFault).map(([, durable]) => durable));
  const timeout = projections('flink-unaligned-timeout');
  expect(projections('flink-unaligned').slice(0, timeout.length)).toEqual(timeout);
});
