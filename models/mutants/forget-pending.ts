/** A restored sink does not know of the transactions it had pre-committed (FLINK-23471). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const forgetPending: Mutant = {
  name: 'forgetPending',
  broken: 'pre-committed transactions are not restored',
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: { read: (part) => ({ ...part, application: { ...part.application, pending: [] } }) },
  },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'E2',
  expected: KILLED,
};
