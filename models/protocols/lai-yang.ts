/**
 * Lai and Yang's snapshot in Mattern's form (engines.md §5.2), for channels that do not keep the order: every message
 * carries the epoch it was sent in; a task enters an epoch before it processes the first message of it; older messages
 * that come later are the state of their channel. How many there will be, the sender says with its own count. Without
 * order a newer epoch may arrive first: the task then skips the older snapshot, which gives way to the newer one.
 */
import { type Protocol, type TaskEffects, type TaskPlace, defineProtocol } from '../dataflow/protocol.ts';
import { startedByAny } from './any-initiators.ts';
import { EXACTLY_ONCE } from './coordinated-task.ts';
import { type RecordingTask, finishWhen, recordState, recording } from './recording-task.ts';

interface Counting {
  readonly checkpoint: number;
  /** Older messages each input will have had in all; -1: not known yet. */
  owed: number[];
  /** Older messages each input has had. */
  before: number[];
}

/** Its epoch is the newest checkpoint it has recorded. */
type LaiYangTask = RecordingTask<Counting>;

export const laiYang: Protocol = defineProtocol({
  name: 'lai-yang',
  promise: EXACTLY_ONCE,
  needs: { fifo: false, cycles: true, anyInitiators: true },
  lossy: ['complete'],
  task: {
    start: (_place, restored): LaiYangTask => ({ last: restored, open: [], notified: restored }),

    record(state, place, input, record, fx) {
      if (record.tag > state.last) enter(state, place, record.tag, fx);
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
      if (checkpoint > state.last) enter(state, place, checkpoint, fx);
      const open = state.open.find((each) => each.checkpoint === checkpoint);
      if (open === undefined) return;
      open.owed[place.inputs.indexOf(input)] = data ?? 0;
      finish(state, checkpoint, fx);
    },

    ...recording<LaiYangTask>(enter),

    stamp: (state) => state.last,
  },
  coordinator: startedByAny,
});

/** Turns red: records the state before anything of the new epoch is processed, and says how much was sent before. */
function enter(state: LaiYangTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  recordState(state, checkpoint, fx);
  state.open.push({
    checkpoint,
    owed: place.inputs.map(() => -1),
    before: place.inputs.map((input) => fx.received(input)),
  });
  for (const output of place.outputs) fx.send(output, { name: 'count', checkpoint, data: fx.sent(output) });
  finish(state, checkpoint, fx);
}

/** The channel state is whole when as many older messages have come as every sender had sent. */
const finish = finishWhen<Counting>(({ owed, before }) => owed.every((each, i) => each === before[i]));
