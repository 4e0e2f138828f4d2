/** After a restart the id of the aborted checkpoint is used again (FLINK-24611). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const reuseId: Mutant = {
  name: 'reuseId',
  broken: 'ids fall back at a restart',
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { ids: 'from-restored' } },
  topology: chainTopology(),
  environment: { ...PEACE, checkpoints: 2, crashes: 1 },
  law: 'C1',
  expected: KILLED,
};
