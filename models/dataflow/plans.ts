/**
 * Plans of a protocol check: a small job and what may go wrong in it, drawn at random from a stream of their own, or made
 * from bounds. A plan never asks for more than the protocol promises: cycles, channels without order, losses and failed
 * uploads only where it says or shows that it can live with them.
 */
import { randomStreams, type RandomStream } from '../../sim/random.ts';
import { drawFailover } from './failover-plans.ts';
import { restartsAsAWhole } from './failover-regions.ts';
import { keyedTopology } from './keyed-topology.ts';
import type { Protocol } from './protocol.ts';
import {
  type Environment,
  PEACE,
  type SinkKind,
  type Topology,
  chainTopology,
  joinTopology,
  ringTopology,
} from './topology.ts';

/** A job and its faults: everything a run of a protocol depends on besides the order of events. Plain data. */
export interface FlowPlan {
  readonly topology: Topology;
  readonly environment: Environment;
}

export type TopologyName = 'chain' | 'join' | 'diamond' | 'ring' | 'keyed';

/** From the smallest to the largest; the one that is rescaled last. */
export const TOPOLOGY_NAMES: readonly TopologyName[] = ['chain', 'join', 'diamond', 'ring', 'keyed'];

/** What the topologies can be asked for; `sink` and `capacity` mean nothing to a ring, which has no sink. */
export interface TopologyOptions {
  readonly records?: number;
  readonly sink?: SinkKind;
  /** Records a channel holds at most. */
  readonly capacity?: number;
  readonly fifo?: boolean;
}

/** One source, whose records go through two operators side by side and meet again before the sink. */
export function diamondTopology({ records = 1, sink = 'two-phase', capacity = 4 }: TopologyOptions = {}): Topology {
  return {
    name: 'diamond',
    tasks: [
      { name: 's0', role: 'source' },
      { name: 'left', role: 'operator' },
      { name: 'right', role: 'operator' },
      { name: 'join', role: 'operator' },
      { name: 'sink', role: 'sink' },
    ],
    channels: [
      { from: 0, to: 1, fifo: true },
      { from: 0, to: 2, fifo: true },
      { from: 1, to: 3, fifo: true },
      { from: 2, to: 3, fifo: true },
      { from: 3, to: 4, fifo: true },
    ],
    records,
    capacity,
    sink,
    hops: 0,
  };
}

/** The topology of that name. */
export function topologyOf(name: TopologyName, options: TopologyOptions = {}): Topology {
  const { fifo = true, capacity = 4, ...rest } = options;
  const ordered = (topology: Topology): Topology =>
    fifo ? topology : { ...topology, channels: topology.channels.map((channel) => ({ ...channel, fifo })) };
  switch (name) {
    case 'chain':
      return ordered({ ...chainTopology(rest), capacity });
    case 'join':
      return ordered(joinTopology({ ...rest, capacity }));
    case 'diamond':
      return ordered(diamondTopology({ ...rest, capacity }));
    case 'ring':
      return ringTopology({ records: options.records ?? 1, fifo });
    case 'keyed':
      return keyedTopology(options);
  }
}

/** Why the protocol cannot run on a topology of this name, or null when it can. */
export function unfit(protocol: Protocol, name: TopologyName): string | null {
  if (name === 'ring' && !protocol.needs.cycles) return `${protocol.name} does not work on graphs with cycles`;
  // What a log holds for one task cannot be handed to another; Samza's number of tasks is fixed with its partitions.
  if (name === 'keyed' && protocol.needs.durableChannels === true)
    return `${protocol.name} keeps its channels as logs, one for each pair of tasks: it cannot be rescaled`;
  return null;
}

/** Topologies the protocol can run on. */
export function topologiesFor(protocol: Protocol): readonly TopologyName[] {
  return TOPOLOGY_NAMES.filter((name) => unfit(protocol, name) === null);
}

/** Where a plan comes from. */
export interface PlanDraw {
  readonly seed: string | number;
  /** Number of the run: each has a plan of its own. */
  readonly run: number;
  /** Draws everything but the topology. */
  readonly topology?: TopologyName;
}

/** Draws the plan of one run; the same draw gives the same plan, whatever the protocol does. */
export function drawPlan(protocol: Protocol, { seed, run, topology }: PlanDraw): FlowPlan {
  const stream = randomStreams(seed, run)('plan');
  // Drawn even when it is fixed, so that fixing it leaves all other draws alone.
  const fits = topologiesFor(protocol);
  const unkeyed = fits.filter((name) => name !== 'keyed');
  const drawn = unkeyed[stream.int(unkeyed.length)] as TopologyName;
  // Keyed jobs from a stream of their own: the plans of all other runs stay what they were without them.
  const keying = randomStreams(seed, run)('keyed');
  const isKeyed = keying.int(KEYED_ONE_IN) === 0 && fits.length > unkeyed.length;
  const drawing = drawTopology(protocol, topology ?? (isKeyed ? 'keyed' : drawn), stream);
  const job = drawing.keyed === undefined ? drawing : drawKeyed(drawing, keying);
  // From a stream of its own: who starts leaves all other draws alone.
  const starting = randomStreams(seed, run)('initiators');
  const started = protocol.needs.anyInitiators === true ? { ...job, initiators: drawInitiators(job, starting) } : job;
  // From a stream of its own as well.
  const isShared = randomStreams(seed, run)('backend').int(INCREMENTAL_ONE_IN) === 0;
  const drawnJob: Topology =
    isShared && protocol.coordinator.registersFiles === true ? { ...started, backend: 'incremental' } : started;
  const environment = drawEnvironment(protocol, stream);
  // At the end of its stream: what came later leaves the draws above alone.
  const plan = drawLater(protocol, { topology: drawnJob, environment }, stream);
  if (restartsAsAWhole(protocol) !== null) return plan;
  return drawFailover(plan, topology !== undefined, randomStreams(seed, run)('failover'));
}

/** Savepoints, stores that do not answer, and splits that are handed out, where the protocol knows of them. */
function drawLater(protocol: Protocol, { topology, environment }: FlowPlan, stream: RandomStream): FlowPlan {
  const { coordinator } = protocol;
  const hasSavepoints = coordinator.savepoint !== undefined;
  const [isStoreMute, isSaved, isAssigned, isEventLost] = [4, 3, 4, 2].map((oneIn) => stream.int(oneIn) === 0);
  const assigned = isAssigned === true && hasSavepoints && topology.keyed === undefined;
  return {
    topology: assigned ? { ...topology, splits: 'assigned' } : topology,
    environment: {
      ...environment,
      ...(isStoreMute === true && coordinator.storeUnknown !== undefined && { unknownStores: 1 }),
      ...(isSaved === true && hasSavepoints && { savepoints: 1 }),
      ...(assigned && isEventLost === true && { lostEvents: 1 }),
    },
  };
}

/** One run in this many has an incremental backend, where the protocol's coordinator keeps a registry. */
const INCREMENTAL_ONE_IN = 4;

/** One run in this many has a keyed job, where the protocol can run one. */
const KEYED_ONE_IN = 6;

/** Up to three subtasks and four key groups, rescaled once or twice; the rest as it is. */
function drawKeyed(topology: Topology, stream: RandomStream): Topology {
  const from = 1 + stream.int(SUBTASKS_MOST);
  const other = (than: number): number => 1 + ((than - 1 + 1 + stream.int(SUBTASKS_MOST - 1)) % SUBTASKS_MOST);
  const first = other(from);
  const rescaleTo = stream.int(2) === 0 ? [first] : [first, other(first)];
  const { records, sink, capacity, deferred } = topology;
  const keyed = keyedTopology({
    records,
    sink,
    capacity,
    fifo: topology.channels.every((channel) => channel.fifo),
    sources: 1 + stream.int(2),
    maxParallelism: SUBTASKS_MOST + stream.int(2),
    parallelism: from,
    rescaleTo,
  });
  return deferred === true ? { ...keyed, deferred } : keyed;
}

const SUBTASKS_MOST = 3;

/** One to three sets of tasks; each snapshot takes the next. */
function drawInitiators(topology: Topology, stream: RandomStream): readonly (readonly number[])[] {
  return Array.from({ length: 1 + stream.int(3) }, () => {
    const chosen = topology.tasks.flatMap((_, task) => (stream.int(3) === 0 ? [task] : []));
    return reachingAll(topology, chosen);
  });
}

/** The set with as many tasks more, the lowest first, as it takes to reach every task from it; ascending. */
export function reachingAll({ tasks, channels }: Topology, chosen: readonly number[]): readonly number[] {
  const reached = new Set<number>();
  const reach = (task: number): void => {
    if (reached.has(task)) return;
    reached.add(task);
    for (const { from, to } of channels) if (from === task) reach(to);
  };
  chosen.forEach(reach);
  const added = tasks.flatMap((_, task) => {
    if (reached.has(task)) return [];
    reach(task);
    return [task];
  });
  return [...chosen, ...added].toSorted((x, y) => x - y);
}

const SINKS: readonly SinkKind[] = ['two-phase', 'idempotent', 'plain'];

function drawTopology(protocol: Protocol, name: TopologyName, stream: RandomStream): Topology {
  const fifo = protocol.needs.fifo || stream.int(2) === 0;
  const records = 1 + stream.int(3);
  const sink = SINKS[stream.int(SINKS.length)] as SinkKind;
  const capacity = 1 + stream.int(4);
  const deferred = stream.int(4) === 0;
  const topology = topologyOf(name, { records, sink, capacity, fifo });
  return deferred && name !== 'ring' ? { ...topology, deferred } : topology;
}

function drawEnvironment(protocol: Protocol, stream: RandomStream): Environment {
  const upTo = (most: number, when: boolean): number => {
    const budget = stream.int(most + 1);
    return when ? budget : 0;
  };
  const refusesUploads = protocol.task.uploadFailed !== undefined;
  const expires = protocol.coordinator.expired !== undefined;
  return {
    ...PEACE,
    checkpoints: 1 + stream.int(2),
    maxConcurrent: 1 + stream.int(2),
    crashes: upTo(2, true),
    coordinatorCrashes: upTo(1, true),
    zombies: stream.int(4) > 0,
    lostNotifications: upTo(1, (protocol.lossy ?? []).length > 0),
    duplicatedMessages: upTo(1, true),
    failedUploads: upTo(1, refusesUploads || expires),
    failedCommits: upTo(1, true),
    timeouts: upTo(1, expires),
  };
}
