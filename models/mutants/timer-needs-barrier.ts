/** The alignment timer looks for barriers only: where none has come, announcements do not make it switch (FLINK-22596). */
import { PEACE } from '../dataflow/topology.ts';
import type { UnalignedTask } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { skewedJoin } from './skewed-join.ts';
import { stuckBarriers } from './stuck-barriers.ts';
import { withTask } from './wrap.ts';

export const timerNeedsBarrier: Mutant = {
  name: 'timerNeedsBarrier',
  broken: 'the alignment timer does nothing while barriers are only announced',
  seen: ['FLINK-22596'],
  base: stuckBarriers,
  protocol: withTask(stuckBarriers, (base) => ({
    timer(state, place, name, fx) {
      if ((state as UnalignedTask).collecting !== 'wait-first') base.timer?.(state, place, name, fx);
    },
  })),
  topology: skewedJoin(),
  environment: PEACE,
  law: 'L2',
  expected: KILLED,
};
