/** Acknowledgements are counted, not the tasks they come from: a duplicate stands in for a missing one. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { type TaskSet, hasTask, noTasks } from '../protocols/task-set.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const countAcks: Mutant = {
  name: 'countAcks',
  broken: 'the coordinator counts acknowledgements, not distinct tasks',
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    message(state, place, told, fx) {
      const pending = (state as FlinkCoordinator).pending.find((each) => each.checkpoint === told.checkpoint);
      const acked: TaskSet = told.name === 'ack' && pending !== undefined ? pending.acked : noTasks(place.tasks);
      // A second acknowledgement of one task is credited to the first task that has not sent any.
      let from = told.from;
      if (hasTask(acked, from)) for (from = 0; hasTask(acked, from); from++);
      base.message(state, place, { ...told, from }, fx);
    },
  })),
  topology: chainTopology(),
  environment: { ...PEACE, duplicatedMessages: 1 },
  law: 'C1',
  expected: KILLED,
};
