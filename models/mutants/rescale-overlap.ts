/** The first key group of a range is rounded down instead of up. */
import { RESCALE } from '../dataflow/key-groups.ts';
import { keyedTopology } from '../dataflow/keyed-topology.ts';
import { PEACE } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const rescaleOverlap: Mutant = {
  name: 'rescaleOverlap',
  broken: 'after rescaling, the key group at the border of two ranges is in both',
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: {
      rescale: {
        ...RESCALE,
        range: (subtask, parallelism, maxParallelism) => ({
          first: Math.floor((subtask * maxParallelism) / parallelism),
          last: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
        }),
      },
    },
  },
  topology: keyedTopology({ records: 2, parallelism: 3, rescaleTo: [2], maxParallelism: 3 }),
  environment: { ...PEACE, checkpoints: 2 },
  law: 'S3',
  expected: KILLED,
};
