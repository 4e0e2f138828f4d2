/**
 * Flink's at-least-once checkpoints (engines.md §2.6, `CheckpointBarrierTracker`): barriers are counted per checkpoint and
 * nothing is ever blocked; the last barrier takes the snapshot. What came behind the barrier of a faster input is in the
 * state, and comes again after a restore. With one input there is nothing to be counted early, and the state is exact.
 */
import { type Protocol, type TaskEffects, type TaskPlace, defineProtocol } from '../dataflow/protocol.ts';
import { type CoordinatedTask, coordinated, takeAlignedSnapshot } from './coordinated-task.ts';
import { flinkCoordinator } from './flink-coordinator.ts';
import { withSavepoints } from './flink-savepoints.ts';

/** Checkpoints whose barriers are counted at the same time; the oldest is forgotten first (MAX_CHECKPOINTS_TO_TRACK). */
export const CHECKPOINTS_TRACKED_MAX = 50;

interface BarrierCount {
  readonly checkpoint: number;
  /** Inputs whose barrier, or cancellation marker, has come. */
  arrived: number[];
  /** Given up: its remaining barriers are counted and mean nothing. */
  cancelled: boolean;
}

interface TrackerTask extends CoordinatedTask {
  /** Ascending by checkpoint. */
  tracked: BarrierCount[];
  /** Newest checkpoint whose barrier or cancellation has been seen. */
  latest: number;
  /** Checkpoints aborted by the coordinator before the snapshot was taken. */
  aborted: number[];
}

export const flinkAtLeastOnce: Protocol = defineProtocol({
  name: 'flink-at-least-once',
  promise: {
    state: 'at-least-once',
    // An idempotent sink shows each record once, but what it is computed from may have counted records twice.
    output: { plain: 'at-least-once', idempotent: 'at-least-once', 'two-phase': 'at-least-once' },
  },
  needs: { fifo: true, cycles: false, inTurn: true },
  lossy: ['complete'],
  task: {
    start: (_place, restored): TrackerTask => ({ tracked: [], latest: restored, aborted: [], notified: restored }),

    control(state, place, input, control, fx) {
      if (control.name !== 'barrier' && control.name !== 'cancel') return;
      const count = countOf(state, control.checkpoint);
      if (count === undefined) return;
      count.arrived.push(input);
      if (control.name === 'cancel' && !count.cancelled) cancel(state, count, fx);
      if (count.arrived.length < place.inputs.length) return;
      // Older ones can no longer complete before this one.
      state.tracked = state.tracked.filter((each) => each.checkpoint > count.checkpoint);
      if (!count.cancelled) takeSnapshot(state, count.checkpoint, fx);
    },

    ...coordinated<TrackerTask>({ trigger: onTrigger, savepoint: onTrigger, abort: onAbort }),
  },
  coordinator: withSavepoints(flinkCoordinator),
});

function onTrigger(state: TrackerTask, _place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (checkpoint <= state.latest) return;
  state.latest = checkpoint;
  takeSnapshot(state, checkpoint, fx);
}

/** The count of a checkpoint, begun with its first sign; undefined for one that is over here. */
function countOf(state: TrackerTask, checkpoint: number): BarrierCount | undefined {
  const known = state.tracked.find((each) => each.checkpoint === checkpoint);
  if (known !== undefined || checkpoint <= state.latest) return known;
  state.latest = checkpoint;
  const count: BarrierCount = { checkpoint, arrived: [], cancelled: false };
  state.tracked.push(count);
  if (state.tracked.length > CHECKPOINTS_TRACKED_MAX) state.tracked.shift();
  return count;
}

/** The aligned snapshot, unless the coordinator has given the checkpoint up meanwhile. */
function takeSnapshot(state: TrackerTask, checkpoint: number, fx: TaskEffects): void {
  const isAborted = state.aborted.includes(checkpoint);
  state.aborted = state.aborted.filter((each) => each > checkpoint);
  if (isAborted) {
    fx.broadcast({ name: 'cancel', checkpoint });
    return;
  }
  takeAlignedSnapshot(checkpoint, fx);
}

/** A cancellation marker: older counts are dropped with it, and it is passed on once. */
function cancel(state: TrackerTask, count: BarrierCount, fx: TaskEffects): void {
  count.cancelled = true;
  state.tracked = state.tracked.filter((each) => each.checkpoint >= count.checkpoint);
  fx.tell('decline', count.checkpoint);
  fx.broadcast({ name: 'cancel', checkpoint: count.checkpoint });
}

function onAbort(state: TrackerTask, _place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  const isAhead = checkpoint > state.latest || state.tracked.some((each) => each.checkpoint === checkpoint);
  // Remembered until its last barrier comes, which is then answered with a cancellation.
  if (isAhead) state.aborted.push(checkpoint);
  else fx.discard(checkpoint);
}
