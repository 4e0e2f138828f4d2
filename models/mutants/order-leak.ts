/** Acknowledgements are kept in the order of their arrival, which means nothing: equal states look different. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const orderLeak: Mutant = {
  name: 'orderLeak',
  broken: 'a set is kept in the order of insertion',
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    message(state, place, told, fx) {
      base.message(state, place, told, fx);
      const pending = (state as FlinkCoordinator).pending.find((each) => each.acked.includes(told.from));
      if (pending !== undefined) pending.acked = [...pending.acked.filter((each) => each !== told.from), told.from];
    },
  })),
  topology: chainTopology(),
  environment: PEACE,
  law: 'X1',
  expected: KILLED,
};
