/** The source starts from an older offset than its checkpoint holds, as with offsets of a consumer group. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const mixOffsets: Mutant = {
  name: 'mixOffsets',
  broken: 'state is of one checkpoint, the offset of an earlier one',
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: {
      read: (part) => ({ ...part, application: { ...part.application, read: Math.max(0, part.application.read - 1) } }),
    },
  },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'S1',
  expected: KILLED,
};
