/** The sink commits when it pre-commits. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const commitOnBarrier: Mutant = {
  name: 'commitOnBarrier',
  broken: 'transactions are committed at the barrier',
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { commitAtPreCommit: true } },
  topology: chainTopology(),
  environment: { ...PEACE, checkpoints: 2, crashes: 1 },
  law: 'E3',
  expected: KILLED,
};
