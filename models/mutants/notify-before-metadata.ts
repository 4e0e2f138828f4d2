/** Tasks are told of a completion that is not durable yet (near FLINK-31077). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinatorEffects } from './wrap.ts';

export const notifyBeforeMetadata: Mutant = {
  name: 'notifyBeforeMetadata',
  broken: 'completion notices go out before the completion is durable',
  base: flinkAligned,
  protocol: withCoordinatorEffects(flinkAligned, (fx, { tasks }) => ({
    store(checkpoint) {
      for (let task = 0; task < tasks; task++) fx.tell(task, 'complete', checkpoint);
      fx.store(checkpoint);
    },
  })),
  topology: chainTopology(),
  environment: PEACE,
  law: 'D1',
  expected: KILLED,
};
