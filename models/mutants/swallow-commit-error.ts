/** A failed commit is logged and dropped (FLINK-24773, FLINK-23896). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const swallowCommitError: Mutant = {
  name: 'swallowCommitError',
  broken: 'a failed commit is not tried again',
  seen: ['FLINK-24773', 'FLINK-23896'],
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { onFailedCommit: 'drop' } },
  topology: chainTopology(),
  environment: { ...PEACE, failedCommits: 1 },
  law: 'E2',
  expected: KILLED,
};
