/**
 * Right protocols with a claim that is not theirs: markers on channels that do not keep the order, counted barriers that
 * are said to be exactly-once, alignment on graphs with cycles (engines.md §5.1; ABS has to log what goes round the cycle).
 */
import { chandyLamport } from '../chandy-lamport.ts';
import { EXACTLY_ONCE } from '../coordinated-task.ts';
import { flinkAligned } from '../flink-aligned.ts';
import { flinkAtLeastOnce } from '../flink-at-least-once.ts';
import type { Study } from './study.ts';

export const markersWithoutOrder: Study = {
  protocol: { ...chandyLamport, name: 'markers without order', needs: { ...chandyLamport.needs, fifo: false } },
  wrong: 'a marker that passes a message, or is passed by one, cuts the channel at another place than its sender',
  laws: ['C2', 'C3'],
};

export const trackerAsExactlyOnce: Study = {
  protocol: { ...flinkAtLeastOnce, name: 'barrier tracker as exactly-once', promise: EXACTLY_ONCE },
  wrong: 'what follows the barrier of a faster input is in the state, and comes again',
  laws: ['C2'],
};

export const alignmentOnCycles: Study = {
  protocol: { ...flinkAligned, name: 'alignment on cycles', needs: { fifo: true, cycles: true } },
  wrong: 'the barrier of the back edge waits for the alignment that waits for it',
  laws: ['L1'],
};
