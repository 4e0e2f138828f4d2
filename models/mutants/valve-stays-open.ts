/** Splits are handed out between the enumerator's snapshot and the trigger: they are in its part and in the source's. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const valveStaysOpen: Mutant = {
  name: 'valveStaysOpen',
  broken: 'the enumerator hands out splits while a checkpoint of it is being taken',
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { valve: 'stays-open' } },
  topology: { ...chainTopology(), splits: 'assigned' },
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
