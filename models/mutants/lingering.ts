/** Open transactions of an earlier attempt are not aborted and hold readers up (FLINK-23854, FLINK-6988). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const lingering: Mutant = {
  name: 'lingering',
  broken: 'open transactions of the attempt before are left open',
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { abortOnRestore: false } },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'L3',
  expected: KILLED,
};
