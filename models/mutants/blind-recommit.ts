/** A restored sink commits once more without asking whether it has happened. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const blindRecommit: Mutant = {
  name: 'blindRecommit',
  broken: 'a repeated commit adds its records again',
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { blindRecommit: true } },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'E1',
  expected: KILLED,
};
