/**
 * An old range that meets two new ones makes its records in flight ambiguous: both subtasks restore them, and each has to
 * drop what is not its own (Flink's virtual channels). Here neither does.
 */
import { RESCALE } from '../dataflow/key-groups.ts';
import { keyedTopology } from '../dataflow/keyed-topology.ts';
import { PEACE } from '../dataflow/topology.ts';
import { flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const channelsNotFiltered: Mutant = {
  name: 'channelsNotFiltered',
  broken: 'after rescaling, records in flight are processed by every subtask that restores them',
  base: flinkUnaligned,
  protocol: { ...flinkUnaligned, engine: { rescale: { ...RESCALE, filters: false } } },
  topology: keyedTopology({ parallelism: 1, rescaleTo: [3] }),
  environment: PEACE,
  law: 'S3',
  expected: KILLED,
};
