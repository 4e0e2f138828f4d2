/** When an alignment times out, what the barriers pulled forward overtake is neither stored nor replayed (near FLINK-33693). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkUnalignedTimeout } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects } from './wrap.ts';

export const switchLoses: Mutant = {
  name: 'switchLoses',
  broken: 'after an alignment time-out, overtaken records are forgotten',
  seen: ['FLINK-33693'],
  base: flinkUnalignedTimeout,
  protocol: withEffects(flinkUnalignedTimeout, () => ({ captureOvertaken() {} })),
  topology: joinTopology(),
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
