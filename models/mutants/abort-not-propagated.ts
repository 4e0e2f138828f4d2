/** A task that was told of the abort first drops the barrier and says nothing downstream (FLINK-18238). */
import type { Protocol } from '../dataflow/protocol.ts';
import { PEACE } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { skewedJoin } from './skewed-join.ts';
import { withEffects } from './wrap.ts';

/** Notices of aborts may get lost, as those of completions may. */
const bestEffortAborts: Protocol = {
  ...flinkAligned,
  name: 'flink-aligned, aborts may get lost',
  lossy: ['complete', 'abort'],
};

export const abortNotPropagated: Mutant = {
  name: 'abortNotPropagated',
  broken: 'nobody downstream hears of a checkpoint given up',
  seen: ['FLINK-18238'],
  base: bestEffortAborts,
  protocol: withEffects(bestEffortAborts, (fx) => ({
    broadcast(control) {
      if (control.name !== 'cancel') fx.broadcast(control);
    },
  })),
  topology: skewedJoin(),
  environment: { ...PEACE, timeouts: 1, lostNotifications: 1, calm: false },
  law: 'L2',
  expected: KILLED,
};
