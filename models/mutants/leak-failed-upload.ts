/** An upload fails half way, and the files that had been uploaded by then are left behind (FLINK-30461). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const leakFailedUpload: Mutant = {
  name: 'leakFailedUpload',
  broken: 'what a failed upload had stored is neither registered nor deleted',
  seen: ['FLINK-30461'],
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { cleansFailedUploads: false } },
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, failedUploads: 1 },
  law: 'D3',
  expected: KILLED,
};
