/** A join that never blocks a channel, and still claims exactly-once. */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects } from './wrap.ts';

export const noAlign: Mutant = {
  name: 'noAlign',
  broken: 'no input is ever blocked',
  base: flinkAligned,
  protocol: withEffects(flinkAligned, () => ({ block() {} })),
  topology: joinTopology({ records: 2 }),
  environment: PEACE,
  law: 'C2',
  expected: KILLED,
};
