/** Files are closed and not synced: what a host has uploaded is lost with its power, also of a completed checkpoint (FLINK-35217). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const closeWithoutSync: Mutant = {
  name: 'closeWithoutSync',
  broken: 'an upload is acknowledged when it is closed, and closing does not make it durable',
  seen: ['FLINK-35217'],
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { syncsOnClose: false } },
  topology: { ...chainTopology(), backend: 'incremental' },
  environment: { ...PEACE, crashes: 1 },
  law: 'D2',
  expected: KILLED,
};
