/** Acknowledgements of an older attempt are accepted. */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import type { Mutant } from './mutant.ts';
import { withCoordinator } from './wrap.ts';

export const staleAck: Mutant = {
  name: 'staleAck',
  broken: 'the coordinator does not look at the attempt of an acknowledgement',
  base: flinkAligned,
  protocol: withCoordinator(flinkAligned, (base) => ({
    message: (state, place, told, fx) => base.message(state, place, { ...told, attempt: place.attempt }, fx),
  })),
  topology: chainTopology(),
  environment: { ...PEACE, checkpoints: 2, crashes: 1 },
  law: 'M2',
  expected: {
    status: 'redundant-guard',
    why: 'ids are never used twice, so an old acknowledgement names no checkpoint under way',
  },
};
