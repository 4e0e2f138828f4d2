/** The barrier is forwarded at the first arrival, before output that still belongs in front of it (FLINK-36287). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { AlignedTask } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects, withTask } from './wrap.ts';

export const forwardEarly: Mutant = {
  name: 'forwardEarly',
  broken: 'operators forward the barrier before output that precedes their snapshot',
  seen: ['FLINK-36287'],
  base: flinkAligned,
  protocol: withEffects(
    withTask(flinkAligned, (base) => ({
      control(state, place, input, element, fx) {
        const { aligning, last } = state as AlignedTask;
        const isFirst = element.name === 'barrier' && element.checkpoint > Math.max(aligning, last);
        if (isFirst) for (const output of place.outputs) fx.send(output, element);
        base.control(state, place, input, element, fx);
      },
    })),
    (fx, { place }) => ({
      broadcast(control) {
        if (control.name !== 'barrier' || place.role === 'source') fx.broadcast(control);
      },
    }),
  ),
  topology: joinTopology(),
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
