/**
 * With fewer sinks than before, the transactional ids of those that are gone are nobody's: what they had open stays open,
 * and readers of committed records wait behind it (FLINK-6988, FLINK-23854).
 */
import { keyedTopology } from '../dataflow/keyed-topology.ts';
import { PEACE } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const removedSinksLinger: Mutant = {
  name: 'removedSinksLinger',
  broken: 'open transactions of sinks that rescaling has removed are aborted by nobody',
  seen: ['FLINK-6988', 'FLINK-23854'],
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { abortsOfRemoved: 'nobody' } },
  topology: keyedTopology({ parallelism: 2, rescaleTo: [1], sinks: 'each' }),
  environment: PEACE,
  law: 'L3',
  expected: KILLED,
};
