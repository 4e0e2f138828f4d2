/** The enumerator never hears that its checkpoint was aborted, and hands out nothing any more (FLINK-32655). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const valveStaysClosed: Mutant = {
  name: 'valveStaysClosed',
  broken: 'the valve of the enumerator stays closed behind an aborted checkpoint',
  seen: ['FLINK-32655'],
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { valve: 'stays-closed' } },
  topology: { ...chainTopology(), splits: 'assigned' },
  environment: { ...PEACE, timeouts: 1 },
  law: 'L3',
  expected: KILLED,
};
