/** Inputs are let go on another event than the last barrier: here, when the part of the checkpoint before is stored. */
import { PEACE } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { lanesTopology } from './lanes.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

export const resumeEarly: Mutant = {
  name: 'resumeEarly',
  broken: 'a finished upload lets blocked inputs go on',
  base: flinkAligned,
  protocol: withTask(flinkAligned, (base) => ({
    uploaded(state, place, checkpoint, fx) {
      base.uploaded(state, place, checkpoint, fx);
      for (const input of place.inputs) fx.block(input, false);
    },
  })),
  topology: lanesTopology(1),
  environment: { ...PEACE, checkpoints: 2, maxConcurrent: 2 },
  law: 'C2',
  expected: KILLED,
};
