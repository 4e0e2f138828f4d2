/**
 * Shared files are registered under what the task calls them. A restarted task counts on from what it restored, gives
 * other bytes a name that was used before, and the registry keeps the bytes it has (FLINK-24611, FLINK-29913).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const sameNameOtherBytes: Mutant = {
  name: 'sameNameOtherBytes',
  broken: "the key of a shared file is its name on the task's disk",
  seen: ['FLINK-24611'],
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { fileKeys: 'local-name' } },
  topology: { ...chainTopology({ records: 2 }), backend: 'incremental' },
  environment: { ...PEACE, crashes: 1 },
  law: 'D3',
  expected: KILLED,
};
