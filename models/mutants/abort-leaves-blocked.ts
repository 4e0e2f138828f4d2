/** An abort clears the alignment and leaves its inputs blocked (FLINK-18238). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects } from './wrap.ts';

export const abortLeavesBlocked: Mutant = {
  name: 'abortLeavesBlocked',
  broken: 'an abort leaves inputs blocked',
  base: flinkAligned,
  protocol: withEffects(flinkAligned, (fx, { handler }) => ({
    block(input, blocked) {
      if (blocked || handler !== 'message') fx.block(input, blocked);
    },
  })),
  topology: joinTopology(),
  environment: { ...PEACE, timeouts: 1 },
  law: 'L1',
  expected: KILLED,
};
