/** A barrier waits in an output buffer, and its announcement with it: nobody downstream hears of it (FLINK-27251). */
import { PEACE } from '../dataflow/topology.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { skewedJoin } from './skewed-join.ts';
import { stuckBarriers } from './stuck-barriers.ts';
import { withEffects } from './wrap.ts';

export const announcementQueues: Mutant = {
  name: 'announcementQueues',
  broken: 'announcements wait behind records, as the barrier they announce does',
  seen: ['FLINK-27251'],
  base: stuckBarriers,
  protocol: withEffects(stuckBarriers, (fx) => ({
    broadcast(control) {
      fx.broadcast(control.name === 'announcement' ? { ...control, priority: false } : control);
    },
  })),
  topology: skewedJoin(),
  environment: PEACE,
  law: 'L2',
  expected: KILLED,
};
