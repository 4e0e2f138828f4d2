/** S1: in the end, every operator has processed every record exactly as often as a run without failures would. */
import { timesProcessed } from './expected.ts';
import type { FlowLaw } from './law.ts';

function check(atLeast: boolean): FlowLaw['check'] {
  return ({ world, state }) => {
    const times = timesProcessed(world.topology);
    for (let task = 0; task < state.tasks; task++) {
      if (world.topology.tasks[task]!.role === 'source') continue;
      const { seen } = state.task(task).application;
      const index = seen.findIndex((n, i) => {
        const due = times[task]![Math.floor(i / world.topology.records)]!;
        return atLeast ? n < due : n !== due;
      });
      if (index < 0) continue;
      const source = Math.floor(index / world.topology.records);
      return {
        task: world.name(task),
        record: `${source}.${index % world.topology.records}`,
        counted: seen[index]!,
        expected: times[task]![source]!,
      };
    }
    return null;
  };
}

export const stateFold: FlowLaw = {
  id: 'S1',
  statement: 'state equals the fold of exactly the records read',
  scope: 'end',
  check: check(false),
};

/** The weaker form, for protocols that promise at-least-once state. */
export const stateAtLeast: FlowLaw = {
  ...stateFold,
  statement: 'no record read is missing from the state',
  check: check(true),
};
