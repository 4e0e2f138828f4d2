/**
 * A restarted task reads the channel state of all inputs before it processes any of it, and the buffers do not suffice: the
 * inputs already read hold those that the others need (FLINK-38930, FLINK-40518).
 */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const recoveryHoldsBuffers: Mutant = {
  name: 'recoveryHoldsBuffers',
  broken: 'restored records hold their buffers until all channel state has been read',
  seen: ['FLINK-38930', 'FLINK-40518'],
  base: flinkUnaligned,
  protocol: { ...flinkUnaligned, engine: { recoveryBuffers: 1 } },
  topology: joinTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'L3',
  expected: KILLED,
};
