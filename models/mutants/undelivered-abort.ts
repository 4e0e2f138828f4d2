/** The notice of an abort cannot be delivered, and the exception ends the coordinator (FLINK-20672). */
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { bestEffortAborts } from './abort-not-propagated.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

interface Mortal extends FlinkCoordinator {
  isDead?: boolean;
}

export const undeliveredAbort: Mutant = {
  name: 'undeliveredAbort',
  broken: 'an abort that cannot be delivered ends the coordinator',
  seen: ['FLINK-20672'],
  base: bestEffortAborts,
  protocol: withCoordinator(bestEffortAborts, (base) => ({
    undelivered(state, _place, message) {
      if (message !== 'abort') return;
      const coordinator = state as Mortal;
      coordinator.isDead = true;
      coordinator.pending = [];
    },
    trigger(state, place, checkpoint, fx) {
      if ((state as Mortal).isDead !== true) base.trigger(state, place, checkpoint, fx);
    },
  })),
  topology: chainTopology(),
  environment: { ...PEACE, timeouts: 1, lostNotifications: 1 },
  law: 'L1',
  expected: KILLED,
};
