/**
 * What the tasks of all coordinated schemes have in common: they report what became of the upload of their part, heed a
 * completion once, and differ in how they begin a checkpoint and give one up.
 */
import type { FlowPromise, TaskEffects, TaskHandlers, TaskPlace } from '../dataflow/protocol.ts';

/** The promise of every scheme whose parts form a consistent cut. */
export const EXACTLY_ONCE: FlowPromise = {
  state: 'exactly-once',
  output: { plain: 'at-least-once', idempotent: 'exactly-once', 'two-phase': 'exactly-once' },
};

/** State every coordinated task has. */
export interface CoordinatedTask {
  /** Newest completion reported to this task. */
  notified: number;
}

type OnMessage<T> = (state: T, place: TaskPlace, checkpoint: number, fx: TaskEffects) => void;

/** Handlers of a coordinated task: one for each message the scheme knows; `complete` is the same for all. */
export function coordinated<T extends CoordinatedTask>(
  on: Readonly<Record<string, OnMessage<T>>>,
): Pick<TaskHandlers<T>, 'message' | 'uploaded' | 'uploadFailed' | 'quiet'> {
  return {
    message(state, place, message, checkpoint, fx) {
      if (message === 'complete') onComplete(state, checkpoint, fx);
      else if (Object.hasOwn(on, message)) on[message]!(state, place, checkpoint, fx);
    },
    uploaded: (_state, _place, checkpoint, fx) => fx.tell('ack', checkpoint),
    uploadFailed: (_state, _place, checkpoint, fx) => fx.tell('decline', checkpoint),
    // Only sinks have something to commit.
    quiet: (_state, { role }, message) => message === 'complete' && role !== 'sink',
  };
}

function onComplete(state: CoordinatedTask, checkpoint: number, fx: TaskEffects): void {
  if (checkpoint <= state.notified) return;
  state.notified = checkpoint;
  fx.commitUpTo(checkpoint);
}

/** Pre-commit and flush, barrier first, then the snapshot, then its upload (engines.md §2.5, steps 1-6). */
export function takeAlignedSnapshot(checkpoint: number, fx: TaskEffects): void {
  fx.preCommit(checkpoint);
  fx.broadcast({ name: 'barrier', checkpoint });
  fx.snapshot(checkpoint);
  fx.upload(checkpoint);
}
