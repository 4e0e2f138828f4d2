/**
 * D1-D3: what a step rests on is durable before it, what is retained can be read, and what nobody needs is gone in the end.
 */
import { TO_COORDINATOR } from '../state.ts';
import type { FlowLaw } from './law.ts';

export const durableFirst: FlowLaw = {
  id: 'D1',
  statement: 'no acknowledgement or notification is sent before everything it rests on is durable',
  scope: 'step',
  check({ world, state }) {
    for (const message of state.network.messages) {
      if (message.to === TO_COORDINATOR && message.name === 'ack' && message.attempt === state.store.attempt) {
        const stored = state.store.parts.some((p) => p.checkpoint === message.checkpoint && p.task === message.from);
        // A part may have been discarded with its aborted checkpoint while the message was under way.
        const pending = world.protocol.coordinator.pending(state.coordinator.protocol).includes(message.checkpoint);
        if (!stored && pending)
          return { checkpoint: message.checkpoint, task: world.name(message.from), message: 'ack' };
      }
      if (message.name === 'complete' && !state.store.everCompleted.includes(message.checkpoint)) {
        return { checkpoint: message.checkpoint, task: world.name(message.to), message: 'complete' };
      }
    }
    return null;
  },
};

export const restorable: FlowLaw = {
  id: 'D2',
  statement: 'each retained checkpoint, and the one a restart takes, can be read in full',
  scope: 'step',
  check({ world, state, step }) {
    const needed = state.store.completed.map((each) => each.checkpoint);
    if (step.restored !== null && step.restored > 0) needed.push(step.restored);
    for (const checkpoint of needed) {
      for (let task = 0; task < state.tasks; task++) {
        if (state.store.parts.some((part) => part.checkpoint === checkpoint && part.task === task)) continue;
        return { checkpoint, task: world.name(task), part: 'missing' };
      }
    }
    return null;
  },
};

export const collection: FlowLaw = {
  id: 'D3',
  statement: 'in the end nothing is stored that no retained checkpoint needs, and no more are retained than agreed',
  scope: 'end',
  check({ world, state }) {
    const { unknown } = state.store;
    const known = state.store.completed.map((each) => each.checkpoint).filter((id) => !unknown.includes(id));
    const limit = world.protocol.coordinator.retains ?? known.length;
    if (known.length > limit) return { retained: known.join(' '), limit };
    // Of a checkpoint that may have been written, anything may be left.
    const retained = [...known, ...unknown];
    const stray = state.store.parts.find(
      (part) => !retained.includes(part.checkpoint) && part.attempt === state.store.attempt,
    );
    return stray === undefined
      ? null
      : { checkpoint: stray.checkpoint, task: world.name(stray.task), part: 'left over' };
  },
};
