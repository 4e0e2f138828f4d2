/**
 * The mapping from old channels to new ones is left out, as for an operator without state of its own: each subtask restores
 * the channel state of its namesake (FLINK-31963).
 */
import { RESCALE } from '../dataflow/key-groups.ts';
import { keyedTopology } from '../dataflow/keyed-topology.ts';
import { PEACE } from '../dataflow/topology.ts';
import { flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const channelsNotMapped: Mutant = {
  name: 'channelsNotMapped',
  broken:
    'after rescaling, records in flight stay with the subtask of the same number, which drops what is not its own',
  seen: ['FLINK-31963'],
  base: flinkUnaligned,
  protocol: { ...flinkUnaligned, engine: { rescale: { ...RESCALE, channelState: 'namesake' } } },
  topology: keyedTopology({ parallelism: 1, rescaleTo: [2] }),
  environment: PEACE,
  law: 'S3',
  expected: KILLED,
};
