/**
 * A completed checkpoint is subsumed, and the files it had uploaded are deleted with it, though the newer one refers to them
 * (FLINK-21351, FLINK-26985).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const deleteShared: Mutant = {
  name: 'deleteShared',
  broken: 'a subsumed checkpoint takes the files it uploaded with it',
  seen: ['FLINK-21351', 'FLINK-26985'],
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    stored(state, place, checkpoint, fx) {
      base.stored(state, place, checkpoint, fx);
      const { registry, retained } = state as FlinkCoordinator;
      const lowest = Math.min(...retained);
      for (const { createdBy, file } of registry) if (createdBy < lowest) fx.deleteFile?.(file.path);
    },
  })),
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, checkpoints: 2 },
  law: 'D2',
  expected: KILLED,
};
