/** Of a list that all subtasks share, the entries of those that have finished are left out of the snapshot (FLINK-21080). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const finishedLeftOut: Mutant = {
  name: 'finishedLeftOut',
  broken: 'the part of a source that has read everything is empty',
  seen: ['FLINK-21080'],
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: {
      capture(part, { tasks, records }) {
        const { application } = part;
        const hasFinished = tasks[part.task]!.role === 'source' && application.read === records;
        return hasFinished ? { ...part, application: { ...application, read: 0 } } : part;
      },
    },
  },
  topology: joinTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'C4',
  expected: KILLED,
};
