/** A join of two sources, one of which is farther away by an operator. */
import { type Topology, joinTopology } from '../dataflow/topology.ts';

export function skewedJoin(): Topology {
  const join = joinTopology();
  return {
    ...join,
    name: 'skewed join',
    tasks: [...join.tasks, { name: 'map', role: 'operator' }],
    channels: [
      { from: 0, to: 4, fifo: true },
      { from: 4, to: 2, fifo: true },
      { from: 1, to: 2, fifo: true },
      { from: 2, to: 3, fifo: true },
    ],
  };
}
