/**
 * The coordinator's part of a checkpoint says that a split is assigned, the event with it is lost, and the source's part lacks
 * it (FLINK-21996).
 */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const splitInFlight: Mutant = {
  name: 'splitInFlight',
  broken: 'a split counts as handed out while its event is on the way, or lost',
  seen: ['FLINK-21996'],
  base: flinkAligned,
  protocol: { ...flinkAligned, engine: { events: 'forgotten' } },
  topology: { ...chainTopology(), splits: 'assigned' },
  environment: { ...PEACE, lostEvents: 1 },
  law: 'C3',
  expected: KILLED,
};
