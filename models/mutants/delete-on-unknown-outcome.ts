/**
 * Writing the completed checkpoint times out: whether it was written is unknown. The coordinator takes it for a failure and
 * deletes the files (FLINK-22494, FLINK-28265).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { FlinkCoordinator } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const deleteOnUnknownOutcome: Mutant = {
  name: 'deleteOnUnknownOutcome',
  broken: 'a completion whose write timed out is taken for failed, and its parts are deleted',
  seen: ['FLINK-22494', 'FLINK-28265'],
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    expired(state, place, checkpoint, fx) {
      const pending = (state as FlinkCoordinator).pending.find((each) => each.checkpoint === checkpoint);
      if (pending !== undefined) pending.storing = false;
      base.expired?.(state, place, checkpoint, fx);
    },
  })),
  topology: chainTopology(),
  environment: { ...PEACE, timeouts: 1 },
  law: 'D2',
  expected: KILLED,
};
