/** E2: what the last completed checkpoint covers is there for a committed reader. */
import { recordName, timesAtSinks } from './expected.ts';
import type { FlowLaw } from './law.ts';

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
