/** A notice of n commits the transaction of n and none before it (FLINK-10377). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const commitOnlyExact: Mutant = {
  name: 'commitOnlyExact',
  broken: 'a notice commits its own checkpoint only',
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { commits: 'exactly' } },
  topology: chainTopology(),
  environment: { ...PEACE, lostNotifications: 1 },
  law: 'E2',
  expected: KILLED,
};
