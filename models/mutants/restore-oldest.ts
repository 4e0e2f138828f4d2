/** A restart takes an older completed checkpoint than the one whose output is committed (FLINK-22502, FLINK-26783). */
import type { Protocol } from '../dataflow/protocol.ts';
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { flinkCoordinatorKeeping } from '../protocols/flink-coordinator.ts';
import { KILLED, type Mutant } from './mutant.ts';

/** The older one must still be there. */
const keepsTwo: Protocol = {
  ...flinkAligned,
  name: 'flink-aligned keeping two',
  coordinator: flinkCoordinatorKeeping(2),
};

export const restoreOldest: Mutant = {
  name: 'restoreOldest',
  broken: 'a restart takes the oldest completed checkpoint',
  seen: ['FLINK-22502'],
  base: keepsTwo,
  protocol: {
    ...keepsTwo,
    restore: (completed) => (completed.length === 0 ? 0 : Math.min(...completed)),
  },
  topology: chainTopology(),
  environment: { ...PEACE, checkpoints: 2, crashes: 1 },
  law: 'M1',
  expected: KILLED,
};
