/**
 * A job takes over the checkpoint it is restored from. When a newer one is complete, that one is subsumed and its files are
 * deleted, though the newer one still refers to them (FLINK-28843).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

interface WithClaim extends FlinkCoordinator {
  /** Paths of the files that the restored checkpoint refers to. */
  claimed: readonly string[];
}

export const claimedFilesDeleted: Mutant = {
  name: 'claimedFilesDeleted',
  broken: 'the first checkpoint after a restore takes the files of the restored one with it',
  seen: ['FLINK-28843'],
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    start(place, nextId, restored, before) {
      const files = restored === 0 ? [] : (place.files?.[place.completed.indexOf(restored)] ?? []);
      const coordinator = base.start(place, nextId, restored, before) as FlinkCoordinator;
      return { ...coordinator, claimed: files.map(({ path }) => path) };
    },
    stored(state, place, checkpoint, fx) {
      base.stored(state, place, checkpoint, fx);
      const coordinator = state as WithClaim;
      for (const path of coordinator.claimed) fx.deleteFile?.(path);
      coordinator.claimed = [];
    },
  })),
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, crashes: 1 },
  law: 'D2',
  expected: KILLED,
};
