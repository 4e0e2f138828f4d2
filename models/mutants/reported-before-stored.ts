/** A checkpoint is reported complete before it is in the store, and the store does not take it (FLINK-31077). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinatorEffects } from './wrap.ts';

export const reportedBeforeStored: Mutant = {
  name: 'reportedBeforeStored',
  broken: 'a checkpoint is reported complete, and its write into the store fails afterwards',
  seen: ['FLINK-31077'],
  base: flinkAligned,
  protocol: withCoordinatorEffects(flinkAligned, (fx, { tasks }) => ({
    store(checkpoint) {
      for (let task = 0; task < tasks; task++) fx.tell(task, 'complete', checkpoint);
      fx.store(checkpoint);
    },
  })),
  topology: chainTopology(),
  environment: { ...PEACE, unknownStores: 1, coordinatorCrashes: 1 },
  law: 'E1',
  expected: KILLED,
};
