/** One channel is left out of the alignment: an off-by-one in its bookkeeping. */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects } from './wrap.ts';

export const noAlignOne: Mutant = {
  name: 'noAlignOne',
  broken: 'the last input is never blocked',
  base: flinkAligned,
  protocol: withEffects(flinkAligned, (fx, { place }) => ({
    block(input, blocked) {
      if (input !== place.inputs.at(-1)) fx.block(input, blocked);
    },
  })),
  topology: joinTopology({ records: 2 }),
  environment: PEACE,
  law: 'C2',
  expected: KILLED,
};
