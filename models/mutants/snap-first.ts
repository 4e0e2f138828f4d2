/** The snapshot is taken at the first barrier instead of the last, and nothing in flight is kept. */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

export const snapFirst: Mutant = {
  name: 'snapFirst',
  broken: 'tasks snapshot at the first barrier',
  base: flinkAligned,
  protocol: withTask(flinkAligned, (base) => ({
    control: (state, place, input, element, fx) =>
      base.control(state, { ...place, inputs: [input] }, input, element, fx),
  })),
  topology: joinTopology(),
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
