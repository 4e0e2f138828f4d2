/**
 * Lai and Yang's two colours, used again and again: white, red, white. One snapshot needs no more than one bit; with
 * several, an old message looks like one of the next snapshot, and a new one like one of the last (engines.md §5.2: integer
 * epochs). Shown by a snapshot that is given up while its messages are still on the way.
 */
import { laiYang } from '../lai-yang.ts';
import type { Study } from './study.ts';

/** Newest checkpoint recorded, as the original keeps it. */
const epochOf = (state: unknown): number => (state as { readonly last: number }).last;

export const oneBitEpochs: Study = {
  protocol: {
    ...laiYang,
    name: 'one-bit epochs',
    task: {
      ...laiYang.task,
      stamp: (state) => epochOf(state) % 2,
      record(state, place, input, record, fx) {
        // The other colour is taken for the next epoch, unless a snapshot still waits for messages of the last.
        const epoch = epochOf(state);
        const isOther = record.tag !== epoch % 2;
        const waits = (state as { readonly open: readonly unknown[] }).open.length > 0;
        const tag = isOther ? epoch + (waits ? -1 : 1) : epoch;
        laiYang.task.record?.(state, place, input, { ...record, tag }, fx);
      },
    },
  },
  wrong: 'two colours tell two epochs apart, and a third looks like the first',
  laws: ['L1', 'C2', 'C3'],
};
