/** Two attempts of a sink derive the same transaction id (FLINK-8132, FLINK-9295, FLINK-7978). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const sharedTxnId: Mutant = {
  name: 'sharedTxnId',
  broken: 'a restarted sink writes on in the transaction of the attempt before',
  seen: ['FLINK-9295', 'FLINK-7978', 'FLINK-8132'],
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { transactionIds: 'reused' } },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'E5',
  expected: KILLED,
};
