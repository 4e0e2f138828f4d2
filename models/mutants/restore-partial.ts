/** A restart takes a checkpoint of which only some parts exist (FLINK-22494, FLINK-28265). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const restorePartial: Mutant = {
  name: 'restorePartial',
  broken: 'a restart takes an incomplete checkpoint',
  base: flinkAligned,
  protocol: { ...flinkAligned, restore: (completed, withParts) => Math.max(0, ...completed, ...withParts) },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'D2',
  expected: KILLED,
};
