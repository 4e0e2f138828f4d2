/** A task that was told of the abort first drops the barrier and says nothing downstream (FLINK-18238). */
import type { Protocol } from '../dataflow/protocol.ts';
import { PEACE, type Topology, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects } from './wrap.ts';

/** Notices of aborts may get lost, as those of completions may. */
const bestEffortAborts: Protocol = {
  ...flinkAligned,
  name: 'flink-aligned, aborts may get lost',
  lossy: ['complete', 'abort'],
};

/** One way to the join is longer by an operator, which can hear of an abort before the barrier comes. */
const skewed: Topology = {
  ...joinTopology(),
  name: 'skewed join',
  tasks: [...joinTopology().tasks, { name: 'map', role: 'operator' }],
  channels: [
    { from: 0, to: 4, fifo: true },
    { from: 4, to: 2, fifo: true },
    { from: 1, to: 2, fifo: true },
    { from: 2, to: 3, fifo: true },
  ],
};

export const abortNotPropagated: Mutant = {
  name: 'abortNotPropagated',
  broken: 'nobody downstream hears of a checkpoint given up',
  base: bestEffortAborts,
  protocol: withEffects(bestEffortAborts, (fx) => ({
    broadcast(control) {
      if (control.name !== 'cancel') fx.broadcast(control);
    },
  })),
  topology: skewed,
  environment: { ...PEACE, timeouts: 1, lostNotifications: 1, calm: false },
  law: 'L2',
  expected: KILLED,
};
