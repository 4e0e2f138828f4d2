/**
 * E4: what an attempt had under way when it died may still land, and must then change nothing that counts: no part of a
 * checkpoint somebody relies on or is collecting, and no transaction that its successor has aborted.
 */
import { attemptOf } from '../attempts.ts';
import type { FlowLaw } from './law.ts';

export const fencing: FlowLaw = {
  id: 'E4',
  statement: 'nothing of an older attempt changes durable state after a newer attempt has begun',
  scope: 'step',
  check({ world, state, step }) {
    if (step.landed === null) return null;
    const { effect, before } = step.landed;
    if (effect.attempt >= attemptOf(state, effect.task)) return null;
    const who = { effect: effect.kind, task: world.name(effect.task), of_attempt: effect.attempt };
    if (effect.kind === 'commit') {
      const now = state.output.transactions[effect.transaction]!.status;
      return before === 'aborted' && now === 'committed' ? { ...who, transaction: effect.transaction } : null;
    }
    if (effect.kind === 'store') return { ...who, checkpoint: effect.checkpoint };
    const relied =
      state.store.completed.some((each) => each.checkpoint === effect.checkpoint) ||
      world.protocol.coordinator.pending(state.coordinator.protocol).includes(effect.checkpoint);
    return relied ? { ...who, checkpoint: effect.checkpoint } : null;
  },
};
