/** C3 for splits: each is in the enumerator's part of a checkpoint or in the part of one source, and nowhere else. */
import type { FlowFacts, FlowView } from './law.ts';

/** A split that the checkpoint which has just completed has lost, or has twice; null: none. */
export function splitOutOfPlace({ world, state, step }: FlowView): FlowFacts | null {
  if (world.topology.splits === undefined || step.completed === null) return null;
  const { completed: checkpoint } = step;
  const unassigned = state.store.splitParts.find((part) => part.checkpoint === checkpoint)?.unassigned ?? [];
  for (let split = 0; split < world.sources.length; split++) {
    const owners = world.sources.filter((source) =>
      state.store.parts.some(
        (part) =>
          part.checkpoint === checkpoint &&
          part.task === source &&
          part.application.splits.some(([each]) => each === split),
      ),
    );
    const holders = [
      ...owners.map((source) => world.name(source)),
      ...(unassigned.includes(split) ? ['enumerator'] : []),
    ];
    if (holders.length !== 1) return { checkpoint, split, held_by: holders.join(' ') || 'nobody' };
  }
  return null;
}
