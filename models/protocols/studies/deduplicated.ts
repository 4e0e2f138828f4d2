/**
 * Durable channels and receivers that drop the numbers they have had, sold as exactly-once. True where every
 * task has one input and processes it in its order. One with two inputs, or with deferred work, may send in another order
 * after a restart; its number n is then another record, and dropping it loses that record. The order would have to be
 * logged (causal logging, engines.md §5.5).
 */
import { EXACTLY_ONCE } from '../coordinated-task.ts';
import { samzaCoordinatedDeduplicated } from '../samza-coordinated.ts';
import type { Study } from './study.ts';

export const deduplicated: Study = {
  protocol: {
    ...samzaCoordinatedDeduplicated,
    name: 'deduplicated by number',
    promise: { ...EXACTLY_ONCE, state: 'at-least-once' },
  },
  wrong: 'a number names a record only while its sender takes its inputs in the same order again',
  laws: ['S1', 'E1', 'E2'],
};
