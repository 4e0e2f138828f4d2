/** E3: a committed reader sees nothing that a restart would take back. */
import type { FlowLaw } from './law.ts';

export const commitWithinComplete: FlowLaw = {
  id: 'E3',
  statement: 'visible output belongs to completed checkpoints only',
  scope: 'step',
  check({ world, state }) {
    const { everCompleted, savepoints } = state.store;
    const stops = savepoints.filter((each) => each.stops && each.status !== 'requested');
    const covering = [...everCompleted, ...stops.map((each) => each.checkpoint)];
    const early = state.output.transactions.findIndex(
      // A later completed checkpoint carries earlier pre-commits in its parts: committing them with it is right.
      (transaction) => transaction.status === 'committed' && !covering.some((id) => id >= transaction.checkpoint),
    );
    if (early < 0) return null;
    const { checkpoint, task } = state.output.transactions[early]!;
    return { transaction: early, checkpoint, task: world.name(task) };
  },
};
