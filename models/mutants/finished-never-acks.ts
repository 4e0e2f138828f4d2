/** A source that has read everything does not take part any more, and is still waited for (FLINK-21080). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

export const finishedNeverAcks: Mutant = {
  name: 'finishedNeverAcks',
  broken: 'a finished source ignores triggers',
  base: flinkAligned,
  protocol: withTask(flinkAligned, (base) => ({
    message(state, place, name, checkpoint, fx) {
      const hasFinished = name === 'trigger' && fx.sent(place.outputs[0]!) === 1;
      if (!hasFinished) base.message(state, place, name, checkpoint, fx);
    },
  })),
  topology: chainTopology(),
  environment: PEACE,
  law: 'L1',
  expected: KILLED,
};
