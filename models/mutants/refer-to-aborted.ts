/**
 * A task refers by placeholder to what it uploaded for a checkpoint that was never confirmed; when that is given up, its
 * files are cleaned up (FLINK-25395).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const referToAborted: Mutant = {
  name: 'referToAborted',
  broken: 'the files of a checkpoint are referred to as soon as they are uploaded, before it is complete',
  seen: ['FLINK-25395'],
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { refersTo: 'uploaded', abortedUploads: 'deleted' } },
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, checkpoints: 2, failedUploads: 1 },
  law: 'D2',
  expected: KILLED,
};
