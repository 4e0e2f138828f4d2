/** The last key group of a range is taken to be the one before where the next range begins, rounded down on both sides. */
import { RESCALE } from '../dataflow/key-groups.ts';
import { keyedTopology } from '../dataflow/keyed-topology.ts';
import { PEACE } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const rescaleGap: Mutant = {
  name: 'rescaleGap',
  broken: 'after rescaling, the key group at the border of two ranges is in neither',
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: {
      rescale: {
        ...RESCALE,
        range: (subtask, parallelism, maxParallelism) => ({
          first: Math.ceil((subtask * maxParallelism) / parallelism),
          last: Math.floor(((subtask + 1) * maxParallelism) / parallelism) - 1,
        }),
      },
    },
  },
  // Two subtasks share three groups: the border lies within the second.
  topology: keyedTopology({ records: 2 }),
  environment: { ...PEACE, checkpoints: 2 },
  law: 'S3',
  expected: KILLED,
};
