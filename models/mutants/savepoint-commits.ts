/** A savepoint taken while the job goes on is told to the tasks, and commits what no failover would come back to. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const savepointCommits: Mutant = {
  name: 'savepointCommits',
  broken: 'a savepoint is notified like a checkpoint',
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    stored(state, place, checkpoint, fx) {
      const { savepoint } = (state as FlinkCoordinator).pending.find((each) => each.checkpoint === checkpoint) ?? {};
      base.stored(state, place, checkpoint, fx);
      if (savepoint !== 'asynchronous') return;
      for (let task = 0; task < place.tasks; task++) fx.tell(task, 'complete', checkpoint);
    },
  })),
  topology: chainTopology(),
  environment: { ...PEACE, savepoints: 1 },
  law: 'E3',
  expected: KILLED,
};
