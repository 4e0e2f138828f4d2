/** Both guards against mixed attempts are gone: ids repeat, and nobody looks at the attempt. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { staleAck } from './stale-ack.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const reuseIdAndStaleAck: Mutant = {
  name: 'reuseId + staleAck',
  broken: 'ids fall back, and acknowledgements of an older attempt count',
  base: flinkAligned,
  protocol: { ...staleAck.protocol, engine: { ids: 'from-restored' } },
  topology: chainTopology(),
  environment: { ...PEACE, checkpoints: 2, crashes: 1 },
  law: 'M2',
  expected: KILLED,
};
