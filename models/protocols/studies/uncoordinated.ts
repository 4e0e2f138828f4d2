/**
 * Uncoordinated checkpoints without message logging (engines.md §5.3): every task snapshots when it is told to, nothing
 * marks the channels, nothing in flight is kept. The parts of one number are no consistent cut: some messages are in the
 * receiver's part and not yet sent in the sender's, others are in nobody's.
 */
import { EXACTLY_ONCE } from '../coordinated-task.ts';
import { samzaCoordinatedTimed } from '../samza-coordinated.ts';
import type { Study } from './study.ts';

export const uncoordinated: Study = {
  protocol: {
    ...samzaCoordinatedTimed,
    name: 'uncoordinated without logs',
    promise: EXACTLY_ONCE,
    needs: { fifo: true, cycles: true },
  },
  wrong:
    'parts of the same number are taken for a cut; messages in flight are lost, others are received and never sent',
  laws: ['C2', 'C3'],
};
