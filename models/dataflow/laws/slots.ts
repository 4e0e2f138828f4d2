/** M2: no more checkpoints under way than allowed, none twice, and nothing credited that another attempt has sent. */
import { attemptOf } from '../attempts.ts';
import type { FlowLaw } from './law.ts';

export const slots: FlowLaw = {
  id: 'M2',
  statement: 'pending checkpoints stay within the limit; a message counts for its own checkpoint and attempt only',
  scope: 'step',
  check({ world, state, step }) {
    if (step.stale !== null) {
      const { from, name, checkpoint, attempt } = step.stale;
      return {
        message: name,
        checkpoint,
        task: world.name(from),
        of_attempt: attempt,
        attempt: attemptOf(state, from),
      };
    }
    const pending = world.protocol.coordinator.pending(state.coordinator.protocol);
    const isTwice = new Set(pending).size < pending.length;
    // A savepoint takes no checkpoint's place.
    const checkpoints = pending.filter((id) => state.store.savepoints.every((each) => each.checkpoint !== id));
    if (checkpoints.length <= world.environment.maxConcurrent && !isTwice) return null;
    return { pending: pending.join(' '), limit: world.environment.maxConcurrent };
  },
};
