/** A barrier of an aborted checkpoint starts it again (FLINK-5285, FLINK-18063). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { AlignedTask } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

export const lateBarrierRevives: Mutant = {
  name: 'lateBarrierRevives',
  broken: 'a late barrier revives an aborted checkpoint',
  seen: ['FLINK-5285', 'FLINK-18063'],
  base: flinkAligned,
  protocol: withTask(flinkAligned, (base) => ({
    control(state, place, input, element, fx) {
      const task = state as AlignedTask;
      if (element.name === 'barrier' && task.aligning === 0) {
        task.aborted = [];
        task.last = Math.min(task.last, element.checkpoint - 1);
      }
      base.control(state, place, input, element, fx);
    },
  })),
  topology: joinTopology(),
  environment: { ...PEACE, timeouts: 1, calm: false },
  law: 'L2',
  expected: KILLED,
};
