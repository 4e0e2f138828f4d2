// A snapshot protocol that looks right and is not. The coordinator tells every task to take its snapshot, each does so as
// soon as the message reaches it, and the checkpoint is complete when all parts are stored. No marker travels with the
// records, so nothing says which of them belong before the snapshot.
//
//   tidemark check --protocol examples/own-protocol/naive-two-task.mjs
import { defineProtocol, flinkCoordinator } from 'tidemark';

export default defineProtocol({
  name: 'naive-two-task',

  // What the protocol claims. The laws are chosen from this: promise less, and fewer laws apply.
  promise: {
    state: 'exactly-once',
    output: { plain: 'at-least-once', idempotent: 'exactly-once', 'two-phase': 'exactly-once' },
  },

  // What it asks of the job: channels that keep the order, and no cycles.
  needs: { fifo: true, cycles: false },

  // Messages that may get lost without anybody sending them again.
  lossy: ['complete'],

  // Handlers change the state they are given and say what is to happen (`fx`); they see no clock and no other task.
  task: {
    // `restored` is the checkpoint the task begins from, 0 for none. State is plain data: it is copied and compared.
    start: (_place, restored) => ({ last: restored, notified: restored }),

    // Control elements arrive in the channels, between the records. This protocol sends none: that is its mistake.
    control() {},

    // Messages come from the coordinator, beside the channels: they overtake records, and records overtake them.
    message(state, _place, message, checkpoint, fx) {
      switch (message) {
        case 'trigger':
          if (checkpoint <= state.last) return;
          state.last = checkpoint;
          fx.preCommit(checkpoint); // sinks: close the transaction; it waits for `complete`
          fx.snapshot(checkpoint); // the state as it is now, offset and counters included
          fx.upload(checkpoint); // `uploaded` is called when it is durable
          return;
        case 'complete':
          if (checkpoint <= state.notified) return;
          state.notified = checkpoint;
          fx.commitUpTo(checkpoint);
          return;
        case 'abort':
          fx.discard(checkpoint);
      }
    },

    uploaded: (_state, _place, checkpoint, fx) => fx.tell('ack', checkpoint),
    uploadFailed: (_state, _place, checkpoint, fx) => fx.tell('decline', checkpoint),
  },

  // The coordinator of Flink, which collects acknowledgements and stores completed checkpoints; but it triggers all tasks.
  coordinator: {
    ...flinkCoordinator,
    trigger(state, place, checkpoint, fx) {
      const everyTask = Array.from({ length: place.tasks }, (_, task) => task);
      flinkCoordinator.trigger(state, { ...place, sources: everyTask }, checkpoint, fx);
    },
  },
});
