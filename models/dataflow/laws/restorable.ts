/** D2: at every step, what a restart may be sent back to can be read, to the last shared file. */
import { filesOf } from '../shared-files.ts';
import type { FlowLaw } from './law.ts';
import { missingFile, savepointsOf } from './stored.ts';

export const restorable: FlowLaw = {
  id: 'D2',
  statement: 'each retained checkpoint, and the one a restart takes, can be read in full, with every file it shares',
  scope: 'step',
  check({ world, state, step }) {
    const needed = [...state.store.completed.map((each) => each.checkpoint), ...savepointsOf(state)];
    if (step.restored !== null && step.restored > 0) needed.push(step.restored);
    for (const checkpoint of needed) {
      for (let task = 0; task < state.tasks; task++) {
        if (state.store.parts.some((part) => part.checkpoint === checkpoint && part.task === task)) continue;
        return { checkpoint, task: world.name(task), part: 'missing' };
      }
      const shared = filesOf(state.store, checkpoint);
      const file = missingFile(
        state.store,
        shared.map((each) => each.path),
      );
      if (file !== undefined) return { checkpoint, file, shared: 'missing' };
    }
    return null;
  },
};
