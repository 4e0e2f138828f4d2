/**
 * Writing the completed checkpoint times out: whether it was written is unknown. The coordinator takes it for a failure and
 * deletes the files (FLINK-22494, FLINK-28265).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const deleteOnUnknownOutcome: Mutant = {
  name: 'deleteOnUnknownOutcome',
  broken: 'a completion of which nobody knows whether it was written is taken for failed, and its parts are deleted',
  seen: ['FLINK-22494', 'FLINK-28265'],
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    storeUnknown(state, place, checkpoint, fx) {
      base.storeUnknown?.(state, place, checkpoint, fx);
      fx.discard(checkpoint);
    },
  })),
  topology: chainTopology(),
  environment: { ...PEACE, unknownStores: 1 },
  law: 'D2',
  expected: KILLED,
};
