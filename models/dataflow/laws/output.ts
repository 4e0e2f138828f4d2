/**
 * E1-E3: what a committed reader of the output sees. Once at most, once at least in the end, and never before the
 * checkpoint it belongs to is complete.
 */
import type { FlowLaw } from './law.ts';
import { timesAtSinks } from './expected.ts';

const recordName = (index: number, records: number): string => `${Math.floor(index / records)}.${index % records}`;

export const noDuplicate: FlowLaw = {
  id: 'E1',
  statement: 'each effect is visible at most once to a committed reader',
  scope: 'step',
  check({ world, state }) {
    const expected = timesAtSinks(world.topology);
    const index = state.output.visible.findIndex(
      (times, i) => times > (world.topology.sink === 'idempotent' ? 1 : expected[i]! + state.output.repeats[i]!),
    );
    if (index < 0) return null;
    return {
      record: recordName(index, world.topology.records),
      visible: state.output.visible[index]!,
      expected: expected[index]!,
    };
  },
};

export const noLoss: FlowLaw = {
  id: 'E2',
  statement: 'after calm and one more checkpoint, each effect before its cut is visible',
  scope: 'end',
  check({ world, state }) {
    if (!state.environment.calm) return null;
    const newest = Math.max(0, ...state.store.everCompleted);
    // Only what the last completed checkpoint covers is promised; L1 says whether there is one.
    if (newest !== state.store.nextId - 1) return null;
    const expected = timesAtSinks(world.topology);
    const once = world.topology.sink === 'idempotent';
    const index = state.output.visible.findIndex(
      (times, i) => times < (once ? Math.min(1, expected[i]!) : expected[i]!),
    );
    if (index < 0) return null;
    return {
      record: recordName(index, world.topology.records),
      visible: state.output.visible[index]!,
      expected: expected[index]!,
    };
  },
};

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
