/**
 * The shape of a dataflow job under a snapshot protocol: tasks, channels between them, and how many records each source
 * has. Plain data, small by design: the same instance is run, searched and explored.
 */

import type { FailoverStrategy } from '../protocols/flink-failover-regions.ts';
import type { KeyedStage } from './key-groups.ts';

export interface TaskSpec {
  readonly name: string;
  readonly role: 'source' | 'operator' | 'sink';
}

export interface ChannelSpec {
  readonly from: number;
  readonly to: number;
  /** False: messages may be delivered in any order. */
  readonly fifo: boolean;
}

/** How operators store their state (engines.md §2.7): whole with each checkpoint, or in files that checkpoints share. */
export type BackendKind = 'full' | 'incremental';

/** What a sink does with its outputs (engines.md §2.9). */
export type SinkKind = 'plain' | 'idempotent' | 'two-phase';

export interface Topology {
  readonly name: string;
  readonly tasks: readonly TaskSpec[];
  readonly channels: readonly ChannelSpec[];
  /** Records each source has in its replayable log. */
  readonly records: number;
  /** Records a channel holds at most (credit); control elements always fit. */
  readonly capacity: number;
  readonly sink: SinkKind;
  /** How often an operator passes a record on round a cycle. */
  readonly hops: number;
  /**
   * The sources' logs are splits that the coordinator hands out: any source may get any of them, so all must lead to the same
   * operators. Each source has its own log unless given.
   */
  readonly splits?: 'assigned';
  /** Operators keep a record until its timer fires or its asynchronous request answers; at once unless given. */
  readonly deferred?: boolean;
  /** Full unless given. */
  readonly backend?: BackendKind;
  /**
   * Who is told to start a checkpoint, by its id in turn, for protocols that leave it open; the sources unless given. Every
   * task must be reachable from each set.
   */
  readonly initiators?: readonly (readonly number[])[];
  /** Operators that are subtasks of one keyed operator: each record goes to the one that owns its key group. */
  readonly keyed?: KeyedStage;
}

/**
 * `restore-after-failover`: the user goes back to a savepoint whose pre-committed transactions a failover has aborted since.
 * `crash-in-stop`: the coordinator crashes between a stop-with-savepoint and the end of the job.
 */
export type Beyond = 'restore-after-failover' | 'crash-in-stop';

/** What may go wrong in one run, each with a budget. */
export interface Environment {
  /** Checkpoints the trigger may start before calm. */
  readonly checkpoints: number;
  readonly maxConcurrent: number;
  readonly crashes: number;
  readonly coordinatorCrashes: number;
  /** In-flight effects and messages of a dead attempt survive it. */
  readonly zombies: boolean;
  readonly lostNotifications: number;
  readonly duplicatedMessages: number;
  readonly failedUploads: number;
  readonly failedCommits: number;
  /** Checkpoints that may expire. */
  readonly timeouts: number;
  /** Writes of a completed checkpoint whose outcome the coordinator is never told (engines.md §2.13, F4); none unless given. */
  readonly unknownStores?: number;
  /**
   * Pre-committed transactions that the broker may abort because they have waited too long (F9); none unless given. Whoever
   * gives some says that the transaction time-out is shorter than an outage may be: no two-phase sink promises anything then.
   */
  readonly transactionTimeouts?: number;
  /** Savepoints the user may take, of which each may stop the job, and may be gone back to once; none unless given. */
  readonly savepoints?: number;
  /** Events from the coordinator to a source (`splits`) that may get lost; none unless given. */
  readonly lostEvents?: number;
  /** What engines do not promise to survive, and happens all the same; nothing unless given. */
  readonly beyond?: readonly Beyond[];
  /**
   * Who restarts when a task has failed: its pipelined region, while the others go on (engines.md §2.10, step 1), or every
   * task. `full` unless given. A coordinator that crashes restarts every task.
   */
  readonly failover?: FailoverStrategy;
  /** After the storm: no more faults, one more checkpoint, then the end of the path is judged. */
  readonly calm: boolean;
}

/** Kinds of actions that may happen and need not: a path may end where only these are left. */
export const FAULT_KINDS: readonly string[] = [
  'crash',
  'expire',
  'lose',
  'duplicate',
  'fail',
  'unknown',
  'abort',
  'rescale',
  'savepoint',
];

export const PEACE: Environment = {
  checkpoints: 1,
  maxConcurrent: 1,
  crashes: 0,
  coordinatorCrashes: 0,
  zombies: true,
  lostNotifications: 0,
  duplicatedMessages: 0,
  failedUploads: 0,
  failedCommits: 0,
  timeouts: 0,
  calm: true,
};

/** Channels by name `s0>join`, as they stand in action ids. */
export function channelName(topology: Topology, channel: number): string {
  const { from, to } = topology.channels[channel]!;
  const twins = topology.channels.filter((each, i) => i < channel && each.from === from && each.to === to).length;
  return `${topology.tasks[from]!.name}>${topology.tasks[to]!.name}${twins === 0 ? '' : `-${twins}`}`;
}

/** `sources` sources into one join into one sink. */
export function joinTopology(
  options: { sources?: number; records?: number; sink?: SinkKind; capacity?: number } = {},
): Topology {
  const sources = options.sources ?? 2;
  const tasks: TaskSpec[] = [];
  const channels: ChannelSpec[] = [];
  for (let s = 0; s < sources; s++) {
    tasks.push({ name: `s${s}`, role: 'source' });
    channels.push({ from: s, to: sources, fifo: true });
  }
  tasks.push({ name: 'join', role: 'operator' }, { name: 'sink', role: 'sink' });
  channels.push({ from: sources, to: sources + 1, fifo: true });
  return {
    name: 'join',
    tasks,
    channels,
    records: options.records ?? 1,
    capacity: options.capacity ?? 4,
    sink: options.sink ?? 'two-phase',
    hops: 0,
  };
}

/** One source, one operator, one sink in a row. */
export function chainTopology(options: { records?: number; sink?: SinkKind } = {}): Topology {
  return { ...joinTopology({ sources: 1, ...options }), name: 'chain' };
}

/** A source into a ring of operators (a cycle), no sink. */
export function ringTopology(options: { operators?: number; records?: number; fifo?: boolean } = {}): Topology {
  const operators = options.operators ?? 2;
  const fifo = options.fifo ?? true;
  const tasks: TaskSpec[] = [{ name: 's0', role: 'source' }];
  const channels: ChannelSpec[] = [{ from: 0, to: 1, fifo }];
  for (let i = 0; i < operators; i++) {
    tasks.push({ name: `o${i}`, role: 'operator' });
    channels.push({ from: 1 + i, to: 1 + ((i + 1) % operators), fifo });
  }
  return { name: 'ring', tasks, channels, records: options.records ?? 1, capacity: 4, sink: 'plain', hops: operators };
}

/** Chains beside each other that share nothing but the coordinator; each of as many tasks, at least two. */
export function chainsTopology(
  options: { chains?: number; tasks?: number; records?: number; sink?: SinkKind; capacity?: number } = {},
): Topology {
  const { chains = 2, tasks: length = 3, records = 1, sink = 'two-phase', capacity = 4 } = options;
  const tasks: TaskSpec[] = [];
  const channels: ChannelSpec[] = [];
  for (let chain = 0; chain < chains; chain++) {
    for (let i = 0; i < length; i++) {
      const first = tasks.length - i;
      if (i === 0) tasks.push({ name: `s${chain}`, role: 'source' });
      else if (i < length - 1) tasks.push({ name: `o${chain}${length > 3 ? `-${i}` : ''}`, role: 'operator' });
      else tasks.push({ name: `k${chain}`, role: 'sink' });
      if (i > 0) channels.push({ from: first + i - 1, to: first + i, fifo: true });
    }
  }
  return { name: 'chains', tasks, channels, records, capacity, sink, hops: 0 };
}
