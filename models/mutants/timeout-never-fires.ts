/** A checkpoint that can no longer complete keeps its slot (FLINK-28474). */
import type { Protocol } from '../dataflow/protocol.ts';
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

/** Acknowledgements may get lost. */
const bestEffortAcks: Protocol = { ...flinkAligned, name: 'flink-aligned, acks may get lost', lossy: ['ack'] };

export const timeoutNeverFires: Mutant = {
  name: 'timeoutNeverFires',
  broken: 'checkpoints never expire',
  base: bestEffortAcks,
  protocol: withCoordinator(bestEffortAcks, () => ({ expired() {} })),
  topology: chainTopology(),
  environment: { ...PEACE, lostNotifications: 1 },
  law: 'L1',
  expected: KILLED,
};
