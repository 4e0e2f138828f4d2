/**
 * A commit fails behind a complete stop-with-savepoint, and the job fails over to the checkpoint before it: what was committed
 * with the savepoint is written again (FLINK-26783).
 */
import { PEACE, type Topology, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

/** The commit of one sink succeeds, that of the other fails. */
const twoSinks: Topology = {
  ...chainTopology(),
  name: 'two sinks',
  tasks: [
    { name: 's0', role: 'source' },
    { name: 'k0', role: 'sink' },
    { name: 'k1', role: 'sink' },
  ],
  channels: [
    { from: 0, to: 1, fifo: true },
    { from: 0, to: 2, fifo: true },
  ],
};

export const stopFailsOver: Mutant = {
  name: 'stopFailsOver',
  broken: 'a job that fails after its last savepoint fails over to its last checkpoint',
  seen: ['FLINK-26783'],
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { failedStop: 'failover' } },
  topology: twoSinks,
  environment: { ...PEACE, savepoints: 1, failedCommits: 1 },
  law: 'E1',
  expected: KILLED,
};
