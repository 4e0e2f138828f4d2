/** A task acknowledges when its snapshot is taken, not when it is stored (the fsync family, FLINK-35217). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects, withTask } from './wrap.ts';

export const ackBeforeUpload: Mutant = {
  name: 'ackBeforeUpload',
  broken: 'tasks acknowledge before their part is stored',
  base: flinkAligned,
  protocol: withEffects(
    withTask(flinkAligned, () => ({ uploaded: () => {} })),
    (fx) => ({
      upload(checkpoint) {
        fx.upload(checkpoint);
        fx.tell('ack', checkpoint);
      },
    }),
  ),
  topology: chainTopology(),
  environment: PEACE,
  law: 'D1',
  expected: KILLED,
};
