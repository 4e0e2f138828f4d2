// Instances small enough that every order of events can be tried, and the one way all of them are searched here.
import type { Protocol } from '../../../models/dataflow/protocol.ts';
import { FlowWorld } from '../../../models/dataflow/flow-world.ts';
import { lawsFor } from '../../../models/dataflow/laws/index.ts';
import {
  type Environment,
  FAULT_KINDS,
  PEACE,
  type Topology,
  chainTopology,
  joinTopology,
} from '../../../models/dataflow/topology.ts';
import { type ExploreOptions, type ExploreResult, explore } from '../../../sim/explore.ts';

export const CHAIN: Topology = chainTopology();

/** Two sources straight into one sink: the smallest job in which barriers have to meet. */
export const MEET: Topology = {
  ...joinTopology(),
  name: 'meet',
  tasks: [
    { name: 's0', role: 'source' },
    { name: 's1', role: 'source' },
    { name: 'sink', role: 'sink' },
  ],
  channels: [
    { from: 0, to: 2, fifo: true },
    { from: 1, to: 2, fifo: true },
  ],
};

/** Two cycles that meet in one task; the source stands in one of them. */
const twoRings = (fifo: boolean): Topology => ({
  name: 'two rings',
  tasks: [
    { name: 's0', role: 'source' },
    { name: 'o1', role: 'operator' },
    { name: 'o2', role: 'operator' },
  ],
  channels: [
    { from: 0, to: 1, fifo },
    { from: 1, to: 0, fifo },
    { from: 1, to: 2, fifo },
    { from: 2, to: 1, fifo },
  ],
  records: 1,
  capacity: 1000,
  sink: 'plain',
  hops: 1,
});

export const TWO_RINGS: { readonly fifo: Topology; readonly loose: Topology } = {
  fifo: twoRings(true),
  loose: twoRings(false),
};

/** One budget each; everything else as in peace, zombies on, and a calm with one more checkpoint behind it. */
export const FAULTS: Readonly<Record<string, Partial<Environment>>> = {
  none: {},
  crash: { crashes: 1 },
  'coordinator crash': { coordinatorCrashes: 1 },
  'failed upload': { failedUploads: 1 },
  'time-out': { timeouts: 1 },
  'lost notification': { lostNotifications: 1 },
  'duplicated message': { duplicatedMessages: 1 },
};

export function worldOf(protocol: Protocol, topology: Topology, environment: Partial<Environment> = {}): FlowWorld {
  return new FlowWorld(protocol, topology, { ...PEACE, ...environment }, lawsFor(protocol, topology));
}

export function exhaust(
  protocol: Protocol,
  topology: Topology,
  environment: Partial<Environment> = {},
  options: ExploreOptions = {},
): ExploreResult {
  return explore(worldOf(protocol, topology, environment), { faultKinds: FAULT_KINDS, ...options });
}

/** The laws that were broken, in the order of their ids. */
export function convictions(result: ExploreResult): readonly string[] {
  return result.violations.map(({ law }) => law);
}
