/** The barrier passes records on a channel that was declared to keep the order. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects } from './wrap.ts';

export const overtake: Mutant = {
  name: 'overtake',
  broken: 'barriers overtake records',
  base: flinkAligned,
  protocol: withEffects(flinkAligned, (fx) => ({
    broadcast: (control) => fx.broadcast({ ...control, priority: control.name === 'barrier' }),
  })),
  topology: chainTopology(),
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
