/**
 * L1: after the storm a checkpoint completes. Two are the bound: refusing one may be how a coordinator learns what the next
 * takes; refusing two is a habit, and one that only a time-out ends was stuck. Asked at the end of a path.
 */
import type { FlowLaw } from './law.ts';

export const progress: FlowLaw = {
  id: 'L1',
  statement:
    'in calm, a checkpoint completes: the first, or the second if the first is refused; waiting for a time-out is no excuse',
  scope: 'end',
  check({ world, state }) {
    if (!state.environment.calm) return null;
    const newest = Math.max(0, ...state.store.everCompleted);
    if (newest === state.store.nextId - 1) return null;
    const pending = world.protocol.coordinator.pending(state.coordinator.protocol);
    const blocked = world.topology.tasks.flatMap((task, i) => (state.task(i).blocked.length > 0 ? [task.name] : []));
    return {
      calm_checkpoint: state.store.nextId - 1,
      newest_completed: newest,
      pending: pending.join(' ') || 'none',
      blocked: blocked.join(' ') || 'none',
    };
  },
};
