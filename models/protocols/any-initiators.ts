/**
 * The coordinator of snapshots that any set of tasks may start (engines.md §5.1): the job says who, snapshot by snapshot;
 * every other task adopts a snapshot at its first sign. Who starts a newer snapshot has first started all older ones under
 * way, so that on channels that keep the order every task records them in the order of their ids.
 */
import type { CoordinatorHandlers, CoordinatorPlace } from '../dataflow/protocol.ts';
import { type FlinkCoordinator, flinkCoordinator, newPending } from './flink-coordinator.ts';

/** As Flink's, but for who is triggered. */
export const startedByAny: CoordinatorHandlers<FlinkCoordinator> = {
  ...flinkCoordinator,
  trigger(state, place, checkpoint, fx) {
    const older = state.pending.map((each) => each.checkpoint);
    state.pending.push(newPending(place, checkpoint));
    for (const task of initiatorsOf(place, checkpoint)) {
      for (const each of older) if (!initiatorsOf(place, each).includes(task)) fx.tell(task, 'trigger', each);
      fx.tell(task, 'trigger', checkpoint);
    }
  },
};

function initiatorsOf({ initiators }: CoordinatorPlace, checkpoint: number): readonly number[] {
  return initiators[(checkpoint - 1) % initiators.length]!;
}
