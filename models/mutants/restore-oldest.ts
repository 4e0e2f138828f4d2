/** A restart takes an older completed checkpoint than the one whose output is committed (FLINK-22502, FLINK-26783). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinatorEffects } from './wrap.ts';

export const restoreOldest: Mutant = {
  name: 'restoreOldest',
  broken: 'a restart takes the oldest completed checkpoint',
  base: flinkAligned,
  protocol: {
    ...withCoordinatorEffects(flinkAligned, (fx, { handler }) => ({
      // The older one must still be there: two are retained.
      discard: handler === 'stored' ? () => {} : (checkpoint) => fx.discard(checkpoint),
    })),
    restore: (completed) => (completed.length === 0 ? 0 : Math.min(...completed)),
  },
  topology: chainTopology(),
  environment: { ...PEACE, checkpoints: 2, crashes: 1 },
  law: 'M1',
  expected: KILLED,
};
