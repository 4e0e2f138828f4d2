/**
 * Lai and Yang's snapshot in Mattern's form (engines.md §5.2), for channels that do not keep the order: every message
 * carries the epoch it was sent in; a task enters an epoch before it processes the first message of it; older messages
 * that come later are the state of their channel. How many there will be, the sender says with its own count.
 */
import { type Protocol, type TaskEffects, type TaskPlace, defineProtocol } from '../dataflow/protocol.ts';
import { flinkCoordinator } from './flink-coordinator.ts';

interface LaiYangTask {
  /** Epoch: the newest checkpoint this task has recorded. */
  epoch: number;
  /** Checkpoints under way: how many older messages each input has had, and will have had in all; -1: not known yet. */
  open: { checkpoint: number; owed: number[]; before: number[] }[];
  notified: number;
}

export const laiYang: Protocol = defineProtocol({
  name: 'lai-yang',
  promise: {
    state: 'exactly-once',
    output: { plain: 'at-least-once', idempotent: 'exactly-once', 'two-phase': 'exactly-once' },
  },
  needs: { fifo: false, cycles: true },
  lossy: ['complete'],
  task: {
    start: (_place, restored): LaiYangTask => ({
      epoch: restored,
      open: [],
      notified: restored,
    }),

    record(state, place, input, record, fx) {
      if (record.tag > state.epoch) enter(state, place, record.tag, fx);
      const at = place.inputs.indexOf(input);
      for (const each of state.open) {
        if (record.tag >= each.checkpoint) continue;
        each.before[at]!++;
        fx.captureRecord(each.checkpoint, input);
      }
      for (const { checkpoint } of [...state.open]) finish(state, checkpoint, fx);
    },

    control(state, place, input, control, fx) {
      if (control.name !== 'count') return;
      const { checkpoint, data } = control;
      if (checkpoint > state.epoch) enter(state, place, checkpoint, fx);
      const open = state.open.find((each) => each.checkpoint === checkpoint);
      if (open === undefined) return;
      open.owed[place.inputs.indexOf(input)] = data ?? 0;
      finish(state, checkpoint, fx);
    },

    message(state, place, message, checkpoint, fx) {
      if (message === 'trigger' && checkpoint > state.epoch) enter(state, place, checkpoint, fx);
      if (message === 'abort') {
        state.open = state.open.filter((each) => each.checkpoint !== checkpoint);
        fx.discard(checkpoint);
      }
      if (message === 'complete' && checkpoint > state.notified) {
        state.notified = checkpoint;
        fx.commitUpTo(checkpoint);
      }
    },

    uploaded: (_state, _place, checkpoint, fx) => fx.tell('ack', checkpoint),
    uploadFailed: (_state, _place, checkpoint, fx) => fx.tell('decline', checkpoint),

    stamp: (state) => state.epoch,
  },
  coordinator: flinkCoordinator,
});

/** Turns red: records the state before anything of the new epoch is processed, and says how much was sent before. */
function enter(state: LaiYangTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  state.epoch = checkpoint;
  fx.preCommit(checkpoint);
  fx.snapshot(checkpoint);
  state.open.push({
    checkpoint,
    owed: place.inputs.map(() => -1),
    before: place.inputs.map((input) => fx.received(input)),
  });
  for (const output of place.outputs) fx.send(output, { name: 'count', checkpoint, data: fx.sent(output) });
  finish(state, checkpoint, fx);
}

/** The channel state is whole when as many older messages have come as every sender had sent. */
function finish(state: LaiYangTask, checkpoint: number, fx: TaskEffects): void {
  const open = state.open.find((each) => each.checkpoint === checkpoint);
  if (open === undefined || !open.owed.every((owed, i) => owed === open.before[i])) return;
  state.open = state.open.filter((each) => each !== open);
  fx.upload(checkpoint);
}
