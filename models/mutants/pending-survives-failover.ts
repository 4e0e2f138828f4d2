/**
 * A region restarts and the checkpoint under way is not aborted: the region's acknowledgements of before count on, the other
 * regions add theirs, and what completes has parts of two attempts, with transactions that the restart has aborted.
 */
import { PEACE, chainsTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const pendingSurvivesFailover: Mutant = {
  name: 'pendingSurvivesFailover',
  broken: 'a checkpoint that is pending when a region fails over is not aborted, and completes',
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, () => ({ failover: () => undefined })),
  topology: chainsTopology({ tasks: 2 }),
  environment: { ...PEACE, crashes: 1, failover: 'region' },
  law: 'C1',
  expected: KILLED,
};
