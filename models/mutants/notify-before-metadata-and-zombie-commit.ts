/** A commit that was asked for too early lands when the next attempt has aborted its transaction. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { notifyBeforeMetadata } from './notify-before-metadata.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const notifyBeforeMetadataAndZombieCommit: Mutant = {
  name: 'notifyBeforeMetadata + zombieCommit',
  broken: 'notices go out early, and fenced commits are honoured',
  base: flinkAligned,
  protocol: { ...notifyBeforeMetadata.protocol, sink: { fencesAborted: false } },
  topology: chainTopology(),
  environment: { ...PEACE, crashes: 1 },
  law: 'E4',
  expected: KILLED,
};
