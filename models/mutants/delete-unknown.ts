/** The answer of the store is lost, the coordinator takes the write for failed and deletes the files (FLINK-28265). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const deleteUnknown: Mutant = {
  name: 'deleteUnknown',
  broken: 'the files of a checkpoint that may have been stored are deleted',
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
