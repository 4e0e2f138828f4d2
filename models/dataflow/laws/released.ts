/** L2: what a checkpoint held is given back, however it ended. Asked at the end of a path. */
import type { FlowLaw } from './law.ts';

export const released: FlowLaw = {
  id: 'L2',
  statement: 'in the end no input stays blocked and no slot stays taken',
  scope: 'end',
  check({ world, state }) {
    for (let task = 0; task < state.tasks; task++) {
      const input = state.task(task).blocked[0];
      if (input !== undefined) return { task: world.name(task), blocked: world.channelNames[input] as string };
    }
    const pending = world.protocol.coordinator.pending(state.coordinator.protocol);
    return pending.length === 0 ? null : { pending: pending.join(' ') };
  },
};
