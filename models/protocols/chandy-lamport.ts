/**
 * Chandy and Lamport's snapshot (1985; engines.md §5.1) on any strongly usable digraph, cycles included: whoever starts
 * records its state and sends a marker on every output; the first marker makes a task record, the messages that come
 * between its record and the marker of a channel are the state of that channel. Nothing blocks. Markers: one per channel.
 */
import { type Protocol, type TaskEffects, type TaskPlace, defineProtocol } from '../dataflow/protocol.ts';
import { flinkCoordinator } from './flink-coordinator.ts';

interface Recording {
  readonly checkpoint: number;
  /** Inputs whose marker has not come yet. */
  open: number[];
}

interface ChandyLamportTask {
  recordings: Recording[];
  /** Highest checkpoint recorded here. */
  last: number;
  notified: number;
}

export const chandyLamport: Protocol = defineProtocol({
  name: 'chandy-lamport',
  promise: {
    state: 'exactly-once',
    output: { plain: 'at-least-once', idempotent: 'exactly-once', 'two-phase': 'exactly-once' },
  },
  needs: { fifo: true, cycles: true },
  lossy: ['complete'],
  task: {
    start: (_place, restored): ChandyLamportTask => ({ recordings: [], last: restored, notified: restored }),

    record(state, _place, input, _record, fx) {
      for (const { checkpoint, open } of state.recordings)
        if (open.includes(input)) fx.captureRecord(checkpoint, input);
    },

    control(state, place, input, control, fx) {
      if (control.name !== 'marker') return;
      const { checkpoint } = control;
      if (checkpoint > state.last) record(state, place, checkpoint, fx);
      closeChannel(state, checkpoint, input, fx);
    },

    message(state, place, message, checkpoint, fx) {
      if (message === 'trigger' && checkpoint > state.last) record(state, place, checkpoint, fx);
      if (message === 'abort') {
        state.recordings = state.recordings.filter((each) => each.checkpoint !== checkpoint);
        fx.discard(checkpoint);
      }
      if (message === 'complete' && checkpoint > state.notified) {
        state.notified = checkpoint;
        fx.commitUpTo(checkpoint);
      }
    },

    uploaded: (_state, _place, checkpoint, fx) => fx.tell('ack', checkpoint),
    uploadFailed: (_state, _place, checkpoint, fx) => fx.tell('decline', checkpoint),
  },
  coordinator: flinkCoordinator,
});

/** Records the local state, then sends markers before anything else; every input is recorded from here on. */
function record(state: ChandyLamportTask, place: TaskPlace, checkpoint: number, fx: TaskEffects): void {
  state.last = checkpoint;
  fx.preCommit(checkpoint);
  fx.snapshot(checkpoint);
  fx.broadcast({ name: 'marker', checkpoint });
  state.recordings.push({ checkpoint, open: [...place.inputs] });
  finish(state, checkpoint, fx);
}

function closeChannel(state: ChandyLamportTask, checkpoint: number, input: number, fx: TaskEffects): void {
  const recording = state.recordings.find((each) => each.checkpoint === checkpoint);
  if (recording === undefined) return;
  recording.open = recording.open.filter((each) => each !== input);
  finish(state, checkpoint, fx);
}

function finish(state: ChandyLamportTask, checkpoint: number, fx: TaskEffects): void {
  const recording = state.recordings.find((each) => each.checkpoint === checkpoint);
  if (recording === undefined || recording.open.length > 0) return;
  state.recordings = state.recordings.filter((each) => each !== recording);
  fx.upload(checkpoint);
}
