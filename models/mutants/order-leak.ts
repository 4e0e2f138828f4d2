/** Of those that have acknowledged, the last one is remembered, which means nothing: equal states look different. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator, FlinkPending } from '../protocols/flink-coordinator.ts';
import { hasTask } from '../protocols/task-set.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

interface WithLast extends FlinkPending {
  last?: number;
}

export const orderLeak: Mutant = {
  name: 'orderLeak',
  broken: 'a set remembers who came last',
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    message(state, place, told, fx) {
      base.message(state, place, told, fx);
      const pending: WithLast | undefined = (state as FlinkCoordinator).pending.find((each) =>
        hasTask(each.acked, told.from),
      );
      if (pending !== undefined) pending.last = told.from;
    },
  })),
  topology: chainTopology(),
  environment: PEACE,
  law: 'X1',
  expected: KILLED,
};
