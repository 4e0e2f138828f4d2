/** An operator forwards the barrier only when its own part is stored: output of after its snapshot overtakes it. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects, withTask } from './wrap.ts';

export const forwardLate: Mutant = {
  name: 'forwardLate',
  broken: 'operators forward the barrier after output that follows their snapshot',
  base: flinkAligned,
  protocol: withEffects(
    withTask(flinkAligned, (base) => ({
      uploaded(state, place, checkpoint, fx) {
        if (place.role === 'operator')
          for (const output of place.outputs) fx.send(output, { name: 'barrier', checkpoint });
        base.uploaded(state, place, checkpoint, fx);
      },
    })),
    (fx, { place }) => ({
      broadcast(control) {
        if (control.name !== 'barrier' || place.role === 'source') fx.broadcast(control);
      },
    }),
  ),
  topology: chainTopology(),
  environment: PEACE,
  law: 'C2',
  expected: KILLED,
};
