/**
 * Key groups: the unit in which keyed state and the records that belong to it move between the subtasks of an operator
 * (engines.md §2.11, Flink's KeyGroupRangeAssignment). A key belongs to one of `maxParallelism` groups for ever; which
 * subtask owns a group follows from the parallelism. Two formulas say so, one from the group and one from the subtask,
 * and have to agree at every border.
 */

/** A keyed operator that runs in several subtasks. */
export interface KeyedStage {
  /**
   * Numbers of the tasks that can be its subtasks, in order. Those past the parallelism stay as they are and idle: they own
   * no key groups, get no records, and take part in checkpoints. In Flink they would not exist.
   */
  readonly subtasks: readonly number[];
  /** Sinks behind the subtasks, one each, that come and go with them; none: whatever follows is not rescaled. */
  readonly sinks: readonly number[];
  readonly maxParallelism: number;
  /** Subtasks at the beginning. */
  readonly parallelism: number;
  /** What the parallelism becomes, one after the other, each at any moment before calm. */
  readonly rescaleTo: readonly number[];
}

/** Key groups `first` to `last`, both included; none when `last` is below `first`. */
export interface KeyGroupRange {
  readonly first: number;
  readonly last: number;
}

/** How a restored subtask gets its share of what others had; deviations are made by mutants. */
export interface RescaleRules {
  /** The range of a subtask. */
  readonly range: (subtask: number, parallelism: number, maxParallelism: number) => KeyGroupRange;
  /**
   * Whose channel state a subtask reads: that of all old subtasks whose range meets its own (RANGE), of those among them
   * that still exist, or of its namesake alone.
   */
  readonly channelState: 'by-range' | 'surviving' | 'namesake';
  /** Records of channel state that belong to another subtask are dropped by all but that one. */
  readonly filters: boolean;
}

export const RESCALE: RescaleRules = { range: keyGroupRange, channelState: 'by-range', filters: true };

/** The subtask that a record of this key group is sent to. */
export function ownerOf(keyGroup: number, parallelism: number, maxParallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** The key groups of a subtask. */
export function keyGroupRange(subtask: number, parallelism: number, maxParallelism: number): KeyGroupRange {
  return {
    first: Math.ceil((subtask * maxParallelism) / parallelism),
    last: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
  };
}

export function contains({ first, last }: KeyGroupRange, keyGroup: number): boolean {
  return first <= keyGroup && keyGroup <= last;
}

export function intersect(one: KeyGroupRange, other: KeyGroupRange): boolean {
  return Math.max(one.first, other.first) <= Math.min(one.last, other.last);
}
