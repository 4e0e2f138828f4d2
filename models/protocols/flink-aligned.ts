/**
 * Flink's aligned exactly-once checkpoints (engines.md §2.5, §2.6): the first barrier blocks its channel, the last one
 * takes the snapshot, and nothing in flight has to be stored.
 */
import { type Protocol, type TaskEffects, type TaskPlace, defineProtocol } from '../dataflow/protocol.ts';
import { type CoordinatedTask, EXACTLY_ONCE, coordinated, takeAlignedSnapshot } from './coordinated-task.ts';
import { flinkCoordinator } from './flink-coordinator.ts';
import { withSavepoints } from './flink-savepoints.ts';

export interface AlignedTask extends CoordinatedTask {
  /** Checkpoint being aligned; 0: none. */
  aligning: number;
  /** Inputs whose barrier has come. */
  arrived: readonly number[];
  /** Highest checkpoint begun, finished or given up here. */
  last: number;
  /** Checkpoints aborted before their barrier came. */
  aborted: readonly number[];
}

/** Nearly all tasks have nothing in either list at nearly all times: lists are replaced, and the empty one is shared. */
const NONE: readonly number[] = [];

export function startAligned(restored: number): AlignedTask {
  return { aligning: 0, arrived: NONE, last: restored, aborted: NONE, notified: restored };
}

export const flinkAligned: Protocol = defineProtocol({
  name: 'flink-aligned',
  promise: EXACTLY_ONCE,
  needs: { fifo: true, cycles: false, inTurn: true },
  lossy: ['complete'],
  task: {
    start: (_place, restored) => startAligned(restored),

    control(state, place, input, control, fx) {
      if (control.name === 'barrier') onBarrier(state, place, input, control.checkpoint, fx);
      else if (control.name === 'cancel') onCancel(state, place, control.checkpoint, fx);
    },

    ...coordinated<AlignedTask>({ trigger: onTrigger, savepoint: onTrigger, abort: onAbort }),
  },
  coordinator: withSavepoints(flinkCoordinator),
});

function onTrigger(state: AlignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (checkpoint <= state.last) return;
  if (state.aborted.includes(checkpoint)) giveUp(state, place, checkpoint, fx);
  else takeSnapshot(state, checkpoint, fx);
}

function onBarrier(state: AlignedTask, place: TaskPlace, input: number, checkpoint: number, fx: TaskEffects): void {
  if (checkpoint <= state.last && checkpoint !== state.aligning) return;
  if (checkpoint < state.aligning) return;
  if (checkpoint > state.aligning && state.aligning !== 0) {
    // A newer barrier subsumes the alignment under way.
    const older = state.aligning;
    fx.tell('decline', older);
    giveUp(state, place, older, fx);
  }
  if (state.aborted.includes(checkpoint)) {
    giveUp(state, place, checkpoint, fx);
    return;
  }
  state.aligning = checkpoint;
  state.arrived = [...state.arrived, input];
  fx.block(input, true);
  if (state.arrived.length < place.inputs.length) return;
  takeSnapshot(state, checkpoint, fx);
  release(state, place, fx);
}

function takeSnapshot(state: AlignedTask, checkpoint: number, fx: TaskEffects): void {
  state.last = checkpoint;
  takeAlignedSnapshot(checkpoint, fx);
}

export function release(state: AlignedTask, place: TaskPlace, fx: TaskEffects): void {
  for (const input of place.inputs) fx.block(input, false);
  state.aligning = 0;
  state.arrived = NONE;
}

/** The checkpoint will not happen here: unblock, and tell those downstream who might wait for its barrier. */
function giveUp(state: AlignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (state.aligning === checkpoint) release(state, place, fx);
  state.last = Math.max(state.last, checkpoint);
  fx.discard(checkpoint);
  fx.broadcast({ name: 'cancel', checkpoint });
}

function onCancel(state: AlignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (checkpoint < state.last || (checkpoint === state.last && state.aligning !== checkpoint)) return;
  if (checkpoint < state.aligning) return;
  if (state.aligning !== 0 && checkpoint > state.aligning) {
    fx.tell('decline', state.aligning);
    giveUp(state, place, state.aligning, fx);
  }
  fx.tell('decline', checkpoint);
  giveUp(state, place, checkpoint, fx);
}

function onAbort(state: AlignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (state.aligning === checkpoint) giveUp(state, place, checkpoint, fx);
  else if (checkpoint > state.last) state.aborted = [...state.aborted, checkpoint];
  else fx.discard(checkpoint);
}
