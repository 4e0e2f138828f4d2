/** Inputs are let go on another event than the last barrier: here, the notice that the checkpoint before is complete. */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

export const resumeEarly: Mutant = {
  name: 'resumeEarly',
  broken: 'a completion notice lets blocked inputs go on',
  base: flinkAligned,
  protocol: withTask(flinkAligned, (base) => ({
    message(state, place, name, checkpoint, fx) {
      base.message(state, place, name, checkpoint, fx);
      if (name === 'complete') for (const input of place.inputs) fx.block(input, false);
    },
  })),
  topology: joinTopology({ records: 2 }),
  environment: { ...PEACE, checkpoints: 2 },
  law: 'C2',
  expected: KILLED,
};
