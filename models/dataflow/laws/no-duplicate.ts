/** E1: a committed reader sees no effect more often than a run without failures would make it. */
import { recordName, timesAtSinks } from './expected.ts';
import type { FlowLaw } from './law.ts';

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
