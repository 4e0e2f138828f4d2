/** The schemes that run in the dataflow world, by name, in the order to meet them. Samza's own commit is in `samza.ts`. */
import type { Protocol } from '../dataflow/protocol.ts';
import { chandyLamport } from './chandy-lamport.ts';
import { flinkAligned } from './flink-aligned.ts';
import { flinkAtLeastOnce } from './flink-at-least-once.ts';
import { flinkUnaligned, flinkUnalignedTimeout } from './flink-unaligned.ts';
import { laiYang } from './lai-yang.ts';

/** Name to protocol. */
export const PROTOCOLS: Readonly<Record<string, Protocol>> = Object.fromEntries(
  [flinkAligned, flinkAtLeastOnce, flinkUnaligned, flinkUnalignedTimeout, chandyLamport, laiYang].map((protocol) => [
    protocol.name,
    protocol,
  ]),
);

export { chandyLamport, flinkAligned, flinkAtLeastOnce, flinkUnaligned, flinkUnalignedTimeout, laiYang };
