/** Where splits are: handed to a source, held by the enumerator, put down in its part of a checkpoint, and restored from that. */
import type { FlowWorld } from './flow-world.ts';
import { type FlowState, type Message, TO_COORDINATOR } from './state.ts';

/** Name of the event that hands a split to a source; its checkpoint is the split. It keeps its place among the coordinator's messages. */
export const SPLIT_EVENT = 'split';

export function isSplitEvent({ topology }: FlowWorld, { to, name }: Message): boolean {
  return topology.splits !== undefined && to !== TO_COORDINATOR && name === SPLIT_EVENT;
}

/** The split is the source's from now on, from its first record. */
export function takeSplit(state: FlowState, { to, checkpoint: split }: Message): void {
  const { application } = state.writeTask(to);
  application.splits = [...application.splits, [split, 0] as const].toSorted(([x], [y]) => x - y);
}

/** Its part of the checkpoint holds what is not handed out; nothing is, until the sources have been triggered. */
export function openSnapshot(state: FlowState, checkpoint: number): void {
  const { enumerator } = state.writeCoordinator();
  enumerator.opening = checkpoint;
  enumerator.closedFor = [...enumerator.closedFor, checkpoint];
  state.writeStore().splitParts.push({ checkpoint, unassigned: enumerator.unassigned.slice() });
}

/** A new attempt's enumerator: what its part says is not handed out; without a part, everything. */
export function restoreSplits(world: FlowWorld, state: FlowState, restored: number): void {
  if (world.topology.splits === undefined) return;
  const store = state.writeStore();
  const part = store.splitParts.find(({ checkpoint }) => checkpoint === restored);
  const kept = [...store.completed, ...store.savepoints].map(({ checkpoint }) => checkpoint);
  store.splitParts = store.splitParts.filter(({ checkpoint }) => kept.includes(checkpoint));
  const unassigned = part?.unassigned ?? world.sources.map((_, split) => split);
  state.writeCoordinator().enumerator = { unassigned: [...unassigned], opening: 0, closedFor: [] };
}
