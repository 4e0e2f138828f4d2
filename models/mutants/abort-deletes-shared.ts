/**
 * What a given-up checkpoint referred to is deleted handle by handle, also files that other checkpoints have handles of (the
 * family of FLINK-17988: several handles, one file).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const abortDeletesShared: Mutant = {
  name: 'abortDeletesShared',
  broken: 'a checkpoint that is declined takes every file it referred to with it',
  seen: ['FLINK-17988'],
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    message(state, place, told, fx) {
      const before = (state as FlinkCoordinator).pending.find((each) => each.checkpoint === told.checkpoint);
      base.message(state, place, told, fx);
      const isGivenUp = (state as FlinkCoordinator).pending.every((each) => each.checkpoint !== told.checkpoint);
      if (isGivenUp) for (const { path } of before?.files ?? []) fx.deleteFile?.(path);
    },
  })),
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, checkpoints: 3, failedUploads: 1 },
  law: 'D2',
  expected: KILLED,
};
