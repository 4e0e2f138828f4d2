/** The coordinator completes with one task missing: an off-by-one in what it waits for. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const completeMissingAck: Mutant = {
  name: 'completeMissingAck',
  broken: 'the coordinator does not wait for the last task',
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    message: (state, place, told, fx) => base.message(state, { ...place, tasks: place.tasks - 1 }, told, fx),
  })),
  topology: chainTopology(),
  environment: PEACE,
  law: 'C1',
  expected: KILLED,
};
