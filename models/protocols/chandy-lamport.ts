/**
 * Chandy and Lamport's snapshot (1985; engines.md §5.1) on any digraph, cycles included, started by any set of tasks
 * from which all others can be reached: whoever starts records its state and sends a marker on every output; the first
 * marker makes a task record, the messages that come between its record and the marker of a channel are the state of that
 * channel. Nothing blocks. Markers: one per channel. Several snapshots may be under way; each has its own recordings.
 */
import { type Protocol, type TaskEffects, type TaskPlace, defineProtocol } from '../dataflow/protocol.ts';
import { startedByAny } from './any-initiators.ts';
import { EXACTLY_ONCE } from './coordinated-task.ts';
import { type RecordingTask, finishWhen, recordState, recording } from './recording-task.ts';

interface Recording {
  readonly checkpoint: number;
  /** Inputs whose marker has not come yet. */
  unmarked: number[];
}

type ChandyLamportTask = RecordingTask<Recording>;

export const chandyLamport: Protocol = defineProtocol({
  name: 'chandy-lamport',
  promise: EXACTLY_ONCE,
  needs: { fifo: true, cycles: true, anyInitiators: true },
  lossy: ['complete'],
  task: {
    start: (_place, restored): ChandyLamportTask => ({ open: [], last: restored, notified: restored }),

    record(state, _place, input, _record, fx) {
      for (const { checkpoint, unmarked } of state.open)
        if (unmarked.includes(input)) fx.captureRecord(checkpoint, input);
    },

    control(state, place, input, control, fx) {
      if (control.name !== 'marker') return;
      const { checkpoint } = control;
      if (checkpoint > state.last) record(state, place, checkpoint, fx);
      const open = state.open.find((each) => each.checkpoint === checkpoint);
      if (open !== undefined) open.unmarked = open.unmarked.filter((each) => each !== input);
      finish(state, checkpoint, fx);
    },

    ...recording<ChandyLamportTask>(record),
  },
  coordinator: startedByAny,
});

/** Records the local state, then sends markers before anything else; every input is recorded from here on. */
function record(state: ChandyLamportTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  recordState(state, checkpoint, fx);
  fx.broadcast({ name: 'marker', checkpoint });
  state.open.push({ checkpoint, unmarked: [...place.inputs] });
  finish(state, checkpoint, fx);
}

const finish = finishWhen<Recording>(({ unmarked }) => unmarked.length === 0);
