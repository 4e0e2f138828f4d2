/**
 * Tasks that record channel state instead of blocking (Chandy-Lamport, Lai-Yang): the state is recorded at the first sign
 * of a checkpoint, the part is whole when the last of what was in the channels has come.
 */
import type { TaskEffects, TaskHandlers, TaskPlace } from '../dataflow/protocol.ts';
import { type CoordinatedTask, coordinated } from './coordinated-task.ts';

/** A task that has recorded its state and still records channels, for each checkpoint of `open`. */
export interface RecordingTask<Open extends { readonly checkpoint: number }> extends CoordinatedTask {
  /** Newest checkpoint recorded here: its ids are taken in ascending order. */
  last: number;
  open: Open[];
}

/** A trigger makes the task record, unless a sign of the checkpoint came before it; an abort forgets the recording. */
export function recording<T extends RecordingTask<{ readonly checkpoint: number }>>(
  record: (state: T, place: TaskPlace, checkpoint: number, fx: TaskEffects) => void,
): Pick<TaskHandlers<T>, 'message' | 'uploaded' | 'uploadFailed'> {
  return coordinated<T>({
    trigger(state, place, checkpoint, fx) {
      if (checkpoint > state.last) record(state, place, checkpoint, fx);
    },
    abort(state, _place, checkpoint, fx) {
      state.open = state.open.filter((each) => each.checkpoint !== checkpoint);
      fx.discard(checkpoint);
    },
  });
}

/** Records the local state now; every task's cut of a checkpoint lies behind its cuts of older ones. */
export function recordState(
  state: RecordingTask<{ readonly checkpoint: number }>,
  checkpoint: number,
  fx: TaskEffects,
): void {
  state.last = checkpoint;
  fx.preCommit(checkpoint);
  fx.snapshot(checkpoint);
}

/** Stores the part when nothing of its channels is owed any more. */
export function finishWhen<Open extends { readonly checkpoint: number }>(
  isWhole: (open: Open) => boolean,
): (state: RecordingTask<Open>, checkpoint: number, fx: TaskEffects) => void {
  return (state, checkpoint, fx) => {
    const open = state.open.find((each) => each.checkpoint === checkpoint);
    if (open === undefined || !isWhole(open)) return;
    state.open = state.open.filter((each) => each !== open);
    fx.upload(checkpoint);
  };
}
