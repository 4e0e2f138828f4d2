/** Scaling down, the channel state of subtasks that are gone is taken for nobody's and discarded (FLINK-22815). */
import { RESCALE } from '../dataflow/key-groups.ts';
import { keyedTopology } from '../dataflow/keyed-topology.ts';
import { PEACE } from '../dataflow/topology.ts';
import { flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const extraChannelsDropped: Mutant = {
  name: 'extraChannelsDropped',
  broken: 'after scaling down, records in flight to subtasks that are gone are discarded',
  seen: ['FLINK-22815'],
  base: flinkUnaligned,
  protocol: { ...flinkUnaligned, engine: { rescale: { ...RESCALE, channelState: 'surviving' } } },
  topology: keyedTopology({ parallelism: 2, rescaleTo: [1] }),
  environment: PEACE,
  law: 'S3',
  expected: KILLED,
};
