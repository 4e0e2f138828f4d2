/** Asynchronous work is under way when the snapshot is cut, and neither drained nor stored (FLINK-35027, FLINK-24846). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const asyncNotDrained: Mutant = {
  name: 'asyncNotDrained',
  broken: 'pending asynchronous work is not part of the snapshot',
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: { capture: (part) => ({ ...part, application: { ...part.application, waiting: [], armed: 0 } }) },
  },
  topology: { ...chainTopology(), deferred: true },
  environment: { ...PEACE, crashes: 1 },
  law: 'S2',
  expected: KILLED,
};
