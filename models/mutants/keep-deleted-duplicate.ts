/**
 * Two checkpoints under way upload one file each under the same key. The registry deletes the second upload as a duplicate,
 * and the second checkpoint goes on referring to it (FLINK-29913).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const keepDeletedDuplicate: Mutant = {
  name: 'keepDeletedDuplicate',
  broken: 'a checkpoint keeps referring to the upload that the registry deleted as a duplicate',
  seen: ['FLINK-29913'],
  base: flinkAligned,
  protocol: {
    ...withCoordinator(flinkAligned, (base) => ({
      message(state, place, told, fx) {
        base.message(state, place, told, fx);
        const pending = (state as FlinkCoordinator).pending.find((each) => each.checkpoint === told.checkpoint);
        if (pending?.files === undefined) return;
        pending.files = pending.files.map((file) => {
          const own = told.files?.find((each) => each.key === file.key)?.path;
          return { ...file, path: own ?? file.path };
        });
      },
    })),
    engine: { fileKeys: 'local-name' },
  },
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, checkpoints: 2, maxConcurrent: 2 },
  law: 'D2',
  expected: KILLED,
};
