/** Parts of checkpoints that were given up are never deleted (FLINK-5063, FLINK-30461). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinatorEffects } from './wrap.ts';

export const leakAborted: Mutant = {
  name: 'leakAborted',
  broken: 'parts of aborted checkpoints stay',
  base: flinkAligned,
  protocol: withCoordinatorEffects(flinkAligned, (fx, { handler }) => ({
    discard: handler === 'stored' ? (checkpoint) => fx.discard(checkpoint) : () => {},
  })),
  topology: chainTopology(),
  environment: { ...PEACE, failedUploads: 1 },
  law: 'D3',
  expected: KILLED,
};
