/** E5: a transaction is written by the attempt and the task that opened it, and by nobody else. */
import { attemptOf } from '../attempts.ts';
import type { FlowLaw } from './law.ts';

export const transactionIdentity: FlowLaw = {
  id: 'E5',
  statement: 'one transaction id names one content, for ever',
  scope: 'step',
  check({ world, state, step }) {
    if (step.delivered === null) return null;
    const task = world.topology.channels[step.delivered.channel]!.to;
    const id = state.task(task).application.transaction;
    if (world.topology.tasks[task]!.role !== 'sink' || id < 0) return null;
    const { task: owner, attempt, status } = state.output.transactions[id]!;
    const running = attemptOf(state, task);
    if (owner === task && attempt === running && status === 'open') return null;
    return {
      transaction: id,
      status,
      opened_by: world.name(owner),
      in_attempt: attempt,
      written_in: running,
    };
  },
};
