/**
 * A file that is registered again, by the same handle, is taken for another upload under its key and deleted. Seen with
 * segments of a changelog that belong to two checkpoints (FLINK-26101); here an acknowledgement that comes twice does it.
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const sameHandleCollides: Mutant = {
  name: 'sameHandleCollides',
  broken: 'a file registered twice is taken for a duplicate of itself and deleted',
  seen: ['FLINK-26101'],
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    message(state, place, told, fx) {
      const { registry } = state as FlinkCoordinator;
      const again = registry.filter(({ file }) => told.files?.some(({ path }) => path === file.path) === true);
      base.message(state, place, told, fx);
      for (const { file } of again) fx.deleteFile?.(file.path);
    },
  })),
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, duplicatedMessages: 1 },
  law: 'D2',
  expected: KILLED,
};
