/** M1: checkpoint ids grow across attempts, and a restart takes the newest completed one. */
import type { FlowLaw } from './law.ts';

export const monotone: FlowLaw = {
  id: 'M1',
  statement: 'ids grow across attempts; a restart takes the newest completed checkpoint',
  scope: 'step',
  check({ state, step }) {
    const ids = state.store.everCompleted;
    if (step.completed !== null && ids.slice(0, -1).includes(step.completed)) {
      return { checkpoint: step.completed, again: 'an id was used twice' };
    }
    // Going back to a savepoint is the user's choice; what is newer than it belongs to the job they have left.
    const newest = Math.max(0, ...ids.slice(state.store.lineage));
    if (step.restored !== null && step.restored !== newest) return { restored: step.restored, newest };
    return null;
  },
};
