/**
 * Flink's unaligned checkpoints (engines.md §2.6, the `Alternating*` states). A priority barrier overtakes the records in
 * front of it; the first one takes the snapshot, and what it overtook, or what still comes ahead of another input's
 * barrier, is stored as the state of its channel. With an aligned time-out a checkpoint begins aligned, its barriers
 * announced ahead of themselves; when the alignment timer fires it switches: the announced barriers are pulled forward.
 *
 * One queue stands for a sender's output buffers and its receiver's input buffers, so what Flink stores on the sender's
 * side (FLINK-27251) is stored on the receiver's. One checkpoint at a time, as Flink requires.
 */
import { type Control, type Protocol, type TaskEffects, type TaskPlace, defineProtocol } from '../dataflow/protocol.ts';
import { type CoordinatedTask, EXACTLY_ONCE, coordinated } from './coordinated-task.ts';
import { flinkCoordinator } from './flink-coordinator.ts';
import { SAVEPOINT_BARRIER, withSavepoints } from './flink-savepoints.ts';

/** WaitFirst: nothing under way, or announced only. Its Unaligned form: the timer fired before any barrier came. */
type Collecting = 'wait-first' | 'wait-first-unaligned' | 'collect-aligned' | 'collect-unaligned';

export interface UnalignedTask extends CoordinatedTask {
  collecting: Collecting;
  /** Checkpoint under way; 0: none. */
  current: number;
  /** Inputs whose barrier has been announced and has not come. */
  announced: number[];
  /** Inputs whose barrier has come. */
  arrived: number[];
  /** Highest checkpoint finished or given up here. */
  last: number;
  /** Checkpoints aborted before their first sign came. */
  aborted: number[];
}

/** Unaligned from the source on (aligned-checkpoint-timeout 0). */
export const flinkUnaligned: Protocol = unaligned('flink-unaligned', 'unaligned');

/** Aligned with a time-out, unaligned behind it. */
export const flinkUnalignedTimeout: Protocol = unaligned('flink-unaligned-timeout', 'aligned');

function unaligned(name: string, begins: 'aligned' | 'unaligned'): Protocol {
  return defineProtocol({
    name,
    promise: EXACTLY_ONCE,
    needs: { fifo: true, cycles: false, recoveryFirst: true },
    lossy: ['complete'],
    task: {
      start: (_place, restored): UnalignedTask => ({
        collecting: 'wait-first',
        current: 0,
        announced: [],
        arrived: [],
        last: restored,
        aborted: [],
        notified: restored,
      }),

      record(state, _place, input, _record, fx) {
        if (state.collecting === 'collect-unaligned' && !state.arrived.includes(input)) {
          fx.captureRecord(state.current, input);
        }
      },

      control(state, place, input, control, fx) {
        if (control.name === 'announcement') onAnnouncement(state, place, input, control.checkpoint, fx);
        else if (control.name === 'barrier') onBarrier(state, place, input, control, fx);
        else if (control.name === 'cancel') onCancel(state, place, control.checkpoint, fx);
      },

      timer(state, place, timer, fx) {
        if (timer === timerOf(state.current)) onTimer(state, place, fx);
      },

      ...coordinated<UnalignedTask>({
        trigger(state, _place, checkpoint, fx) {
          if (checkpoint <= state.last) return;
          state.last = checkpoint;
          takeSnapshot(checkpoint, begins, fx);
          fx.upload(checkpoint);
        },
        savepoint(state, _place, checkpoint, fx) {
          if (checkpoint <= state.last) return;
          state.last = checkpoint;
          takeSnapshot(checkpoint, 'savepoint', fx);
          fx.upload(checkpoint);
        },
        abort: onAbort,
      }),
    },
    coordinator: withSavepoints(flinkCoordinator),
  });
}

function onAbort(state: UnalignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (checkpoint === state.current) giveUp(state, place, checkpoint, fx);
  else if (checkpoint > state.last) state.aborted.push(checkpoint);
  else fx.discard(checkpoint);
}

const timerOf = (checkpoint: number): string => `alignment-${checkpoint}`;

/** A sign of a checkpoint: true when the checkpoint it speaks of is, or has just become, the one under way. */
function isUnderWay(state: UnalignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): boolean {
  if (checkpoint === state.current) return true;
  if (checkpoint <= state.last || checkpoint < state.current) return false;
  if (state.current !== 0) {
    // A newer one subsumes the one under way; its mere announcement is enough.
    fx.tell('decline', state.current);
    giveUp(state, place, state.current, fx);
  }
  if (state.aborted.includes(checkpoint)) {
    giveUp(state, place, checkpoint, fx);
    return false;
  }
  state.current = checkpoint;
  return true;
}

function onAnnouncement(
  state: UnalignedTask,
  place: TaskPlace,
  input: number,
  checkpoint: number,
  fx: TaskEffects,
): void {
  if (!isUnderWay(state, place, checkpoint, fx)) return;
  state.announced.push(input);
  if (state.collecting === 'wait-first' || state.collecting === 'collect-aligned') fx.setTimer(timerOf(checkpoint));
  else fx.prioritise(checkpoint, input);
}

function onTimer(state: UnalignedTask, place: TaskPlace, fx: TaskEffects): void {
  if (state.collecting === 'collect-aligned') {
    switchToUnaligned(state, place, fx);
  } else if (state.collecting === 'wait-first') {
    // Only announcements so far: the first barrier pulled forward takes the snapshot.
    state.collecting = 'wait-first-unaligned';
    for (const input of state.announced) fx.prioritise(state.current, input);
  }
}

function onBarrier(state: UnalignedTask, place: TaskPlace, input: number, control: Control, fx: TaskEffects): void {
  const { checkpoint } = control;
  const isSavepoint = control.data === SAVEPOINT_BARRIER;
  if (!isUnderWay(state, place, checkpoint, fx)) return;
  state.announced = state.announced.filter((each) => each !== input);
  const isAligned = control.priority !== true && state.collecting !== 'wait-first-unaligned';
  if (state.collecting !== 'collect-unaligned' && !isAligned) switchToUnaligned(state, place, fx);
  state.arrived.push(input);
  if (state.collecting === 'collect-unaligned') {
    // What the barrier has overtaken; what came before it was captured as it was processed.
    fx.captureOvertaken(checkpoint, input);
  } else {
    state.collecting = 'collect-aligned';
    fx.block(input, true);
    if (!isSavepoint) fx.setTimer(timerOf(checkpoint));
  }
  if (state.arrived.length < place.inputs.length) return;
  if (state.collecting === 'collect-aligned') takeSnapshot(checkpoint, isSavepoint ? 'savepoint' : 'aligned', fx);
  fx.upload(checkpoint);
  finish(state, place, fx);
}

/** Snapshot now. Inputs that are blocked stay so until the end: there is nothing ahead of their barrier (FLINK-22638). */
function switchToUnaligned(state: UnalignedTask, place: TaskPlace, fx: TaskEffects): void {
  state.collecting = 'collect-unaligned';
  fx.cancelTimer(timerOf(state.current));
  takeSnapshot(state.current, 'unaligned', fx);
  for (const input of place.inputs) if (state.announced.includes(input)) fx.prioritise(state.current, input);
}

type Barrier = 'aligned' | 'unaligned' | 'savepoint';

function takeSnapshot(checkpoint: number, barrier: Barrier, fx: TaskEffects): void {
  fx.preCommit(checkpoint);
  if (barrier === 'aligned') fx.broadcast({ name: 'announcement', checkpoint, priority: true });
  const data = barrier === 'savepoint' ? SAVEPOINT_BARRIER : 0;
  fx.broadcast({ name: 'barrier', checkpoint, priority: barrier === 'unaligned', data });
  fx.snapshot(checkpoint);
}

function finish(state: UnalignedTask, place: TaskPlace, fx: TaskEffects): void {
  fx.cancelTimer(timerOf(state.current));
  for (const input of place.inputs) fx.block(input, false);
  state.last = Math.max(state.last, state.current);
  state.aborted = state.aborted.filter((each) => each > state.last);
  state.current = 0;
  state.collecting = 'wait-first';
  state.announced = [];
  state.arrived = [];
}

/** Stops persisting, unblocks everything, and tells those downstream who might wait for the barrier. */
function giveUp(state: UnalignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (state.current === checkpoint) finish(state, place, fx);
  state.last = Math.max(state.last, checkpoint);
  state.aborted = state.aborted.filter((each) => each > state.last);
  fx.discard(checkpoint);
  fx.broadcast({ name: 'cancel', checkpoint });
}

function onCancel(state: UnalignedTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  if (checkpoint < state.current || (checkpoint <= state.last && checkpoint !== state.current)) return;
  if (state.current !== 0 && checkpoint > state.current) {
    fx.tell('decline', state.current);
    giveUp(state, place, state.current, fx);
  }
  fx.tell('decline', checkpoint);
  giveUp(state, place, checkpoint, fx);
}
