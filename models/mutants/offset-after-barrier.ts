/** A source writes down its offset one record after its barrier. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const offsetAfterBarrier: Mutant = {
  name: 'offsetAfterBarrier',
  broken: 'a source records its offset after one more record',
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: {
      capture(part, { tasks, records }) {
        if (tasks[part.task]!.role !== 'source') return part;
        const { application } = part;
        return { ...part, application: { ...application, read: Math.min(records, application.read + 1) } };
      },
    },
  },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'C4',
  expected: KILLED,
};
