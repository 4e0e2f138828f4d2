/**
 * Flink's coordinator with savepoints (engines.md §2.3, §2.11): the sources are asked for an aligned snapshot, whatever the
 * checkpoints are. What becomes of it when it is complete is the coordinator's business as for any other.
 */
import type { CoordinatorHandlers } from '../dataflow/protocol.ts';
import { type FlinkCoordinator, newPending } from './flink-coordinator.ts';

/** Data of a barrier that belongs to a savepoint: it is never a priority element, and never times out. */
export const SAVEPOINT_BARRIER = 1;

/** The coordinator, and savepoints: its tasks must know the message `savepoint`. */
export function withSavepoints(
  coordinator: CoordinatorHandlers<FlinkCoordinator>,
): CoordinatorHandlers<FlinkCoordinator> {
  return {
    ...coordinator,
    savepoint(state, place, { checkpoint, stops }, fx) {
      state.pending.push({ ...newPending(place, checkpoint), savepoint: stops ? 'stop' : 'asynchronous' });
      for (const source of place.sources) fx.tell(source, 'savepoint', checkpoint);
    },
  };
}
