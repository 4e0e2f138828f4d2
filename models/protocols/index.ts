/** The schemes that run in the dataflow world, by name, in the order to meet them. Samza's own commit is in `samza.ts`. */
import type { Protocol } from '../dataflow/protocol.ts';
import { chandyLamport } from './chandy-lamport.ts';
import { flinkAligned } from './flink-aligned.ts';
import { flinkAtLeastOnce } from './flink-at-least-once.ts';
import { flinkUnaligned, flinkUnalignedTimeout } from './flink-unaligned.ts';
import { laiYang } from './lai-yang.ts';
import { samzaCoordinatedBarrier, samzaCoordinatedManual, samzaCoordinatedTimed } from './samza-coordinated.ts';

export type ProtocolName =
  | 'flink-aligned'
  | 'flink-at-least-once'
  | 'flink-unaligned'
  | 'flink-unaligned-timeout'
  | 'chandy-lamport'
  | 'lai-yang'
  | 'samza-coordinated-timed'
  | 'samza-coordinated-manual'
  | 'samza-coordinated-barrier';

/** Name to protocol. */
export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  'flink-aligned': flinkAligned,
  'flink-at-least-once': flinkAtLeastOnce,
  'flink-unaligned': flinkUnaligned,
  'flink-unaligned-timeout': flinkUnalignedTimeout,
  'chandy-lamport': chandyLamport,
  'lai-yang': laiYang,
  'samza-coordinated-timed': samzaCoordinatedTimed,
  'samza-coordinated-manual': samzaCoordinatedManual,
  'samza-coordinated-barrier': samzaCoordinatedBarrier,
};

export { chandyLamport, flinkAligned, flinkAtLeastOnce, flinkUnaligned, flinkUnalignedTimeout, laiYang };
export { samzaCoordinatedBarrier, samzaCoordinatedManual, samzaCoordinatedTimed };
export { samzaCoordinatedDeduplicated } from './samza-coordinated.ts';
