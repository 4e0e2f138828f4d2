/** S1: in the end, every operator has processed every record exactly as often as a run without failures would. */
import { timesProcessed } from './expected.ts';
import type { Topology } from '../topology.ts';
import type { FlowLaw } from './law.ts';

/** Tasks that are subtasks of one operator count together: which of them has counted a record is S3's business. */
function subtasksWith({ keyed }: Topology, task: number): readonly number[] {
  return [keyed?.subtasks, keyed?.sinks].find((each) => each?.includes(task)) ?? [task];
}

function check(atLeast: boolean): FlowLaw['check'] {
  return ({ world, state }) => {
    const times = timesProcessed(world.topology);
    for (let task = 0; task < state.tasks; task++) {
      if (world.topology.tasks[task]!.role === 'source') continue;
      const together = subtasksWith(world.topology, task);
      if (together[0] !== task) continue;
      const seen = state
        .task(task)
        .application.seen.map((_, index) =>
          together.reduce((total, each) => total + state.task(each).application.seen[index]!, 0),
        );
      const index = seen.findIndex((n, i) => {
        const due = times[task]![Math.floor(i / world.topology.records)]!;
        return atLeast ? n < due : n !== due;
      });
      if (index < 0) continue;
      const source = Math.floor(index / world.topology.records);
      return {
        task: together.map((each) => world.name(each)).join(' '),
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
