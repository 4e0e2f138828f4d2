/** D1: whoever is told that something is safe may act on it, so it must be safe by then. */
import { attemptOf } from '../attempts.ts';
import { type FlowState, TO_COORDINATOR } from '../state.ts';
import type { FlowLaw } from './law.ts';
import { missingFile, savepointsOf } from './stored.ts';

const isDurable = (state: FlowState, checkpoint: number): boolean =>
  state.store.everCompleted.includes(checkpoint) || savepointsOf(state).includes(checkpoint);

export const durableFirst: FlowLaw = {
  id: 'D1',
  statement: 'no acknowledgement or notification is sent before everything it rests on is durable',
  scope: 'step',
  check({ world, state }) {
    for (const message of state.network.messages) {
      if (
        message.to === TO_COORDINATOR &&
        message.name === 'ack' &&
        message.attempt === attemptOf(state, message.from)
      ) {
        const stored = state.store.parts.some((p) => p.checkpoint === message.checkpoint && p.task === message.from);
        // A part may have been discarded with its aborted checkpoint while the message was under way.
        const pending = world.protocol.coordinator.pending(state.coordinator.protocol).includes(message.checkpoint);
        if (!stored && pending)
          return { checkpoint: message.checkpoint, task: world.name(message.from), message: 'ack' };
        // Placeholders rest on other checkpoints; whether those still have the file is for the coordinator to find out.
        const uploads = (message.files ?? []).flatMap(({ path }) => (path === null ? [] : [path]));
        const file = pending ? missingFile(state.store, uploads) : undefined;
        if (file !== undefined)
          return { checkpoint: message.checkpoint, task: world.name(message.from), message: 'ack', file };
      }
      if (message.name === 'complete' && !isDurable(state, message.checkpoint)) {
        return { checkpoint: message.checkpoint, task: world.name(message.to), message: 'complete' };
      }
    }
    return null;
  },
};
