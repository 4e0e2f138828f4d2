/** The commit of a fenced sink is honoured. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { Mutant } from './mutant.ts';

export const zombieCommit: Mutant = {
  name: 'zombieCommit',
  broken: 'transactions aborted by the next attempt can still be committed',
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { fencesAborted: false } },
  topology: chainTopology(),
  environment: { ...PEACE, checkpoints: 2, crashes: 1 },
  law: 'E4',
  expected: {
    status: 'redundant-guard',
    why: 'a commit is asked for only when its checkpoint is complete, and then the next attempt holds the transaction too',
  },
};
