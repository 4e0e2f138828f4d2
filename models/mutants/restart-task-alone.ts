/**
 * Only the task that has failed restarts, and not the region it exchanges records with: what its neighbours had sent and
 * received since the checkpoint it goes back to comes twice or never.
 */
import { PEACE, chainsTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const restartTaskAlone: Mutant = {
  name: 'restartTaskAlone',
  broken: 'a failed task restarts alone, without the pipelined region that it belongs to',
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { restarts: 'task-alone' } },
  topology: chainsTopology({ tasks: 2 }),
  environment: { ...PEACE, crashes: 1, failover: 'region' },
  law: 'C5',
  expected: KILLED,
};
