/** An operator throws when it is told of a completion, and those behind it in the chain are not told any more (FLINK-23471). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinatorEffects } from './wrap.ts';

/** The task that throws. */
const OPERATOR = 1;

export const notifyStops: Mutant = {
  name: 'notifyStops',
  broken: 'nobody behind the first operator is told of a completion',
  seen: ['FLINK-23471'],
  base: flinkAligned,
  protocol: withCoordinatorEffects(flinkAligned, (fx) => ({
    tell(task, message, checkpoint) {
      if (message !== 'complete' || task <= OPERATOR) fx.tell(task, message, checkpoint);
    },
  })),
  topology: chainTopology(),
  environment: PEACE,
  law: 'E2',
  expected: KILLED,
};
