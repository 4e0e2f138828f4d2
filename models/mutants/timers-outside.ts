/** Pending timers are not in the part: what waits for them waits for ever after a restore. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const timersOutside: Mutant = {
  name: 'timersOutside',
  broken: 'timers are not part of the snapshot',
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: { capture: (part) => ({ ...part, application: { ...part.application, armed: 0 } }) },
  },
  topology: { ...chainTopology(), deferred: true },
  environment: { ...PEACE, crashes: 1 },
  law: 'S2',
  expected: KILLED,
};
