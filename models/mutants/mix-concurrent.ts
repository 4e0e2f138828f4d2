/** One count of barriers is shared by two checkpoints under way (FLINK-20097). */
import { PEACE } from '../dataflow/topology.ts';
import { flinkAtLeastOnce } from '../protocols/flink-at-least-once.ts';
import { lanesTopology } from './lanes.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

export const mixConcurrent: Mutant = {
  name: 'mixConcurrent',
  broken: 'barriers of the next checkpoint count for the one before',
  base: flinkAtLeastOnce,
  protocol: withTask(flinkAtLeastOnce, (base) => ({
    control(state, place, input, element, fx) {
      const oldest = (state as { tracked: { checkpoint: number }[] }).tracked[0];
      base.control(state, place, input, { ...element, checkpoint: oldest?.checkpoint ?? element.checkpoint }, fx);
    },
  })),
  topology: lanesTopology(1),
  environment: { ...PEACE, checkpoints: 2, maxConcurrent: 2, crashes: 1 },
  law: 'S1',
  expected: KILLED,
};
