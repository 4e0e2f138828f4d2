/** The sink takes a commit not above the greatest one it knows for a repetition (Iceberg #10892). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const skipByMaxId: Mutant = {
  name: 'skipByMaxId',
  broken: 'commits below the greatest committed id are ignored',
  base: flinkAligned,
  protocol: { ...flinkAligned, sink: { skipsOlderCommits: true } },
  topology: chainTopology(),
  environment: { ...PEACE, lostNotifications: 1 },
  law: 'E2',
  expected: KILLED,
};
