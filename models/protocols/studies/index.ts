/** Protocols that are known to be wrong, by what is claimed for them. */
import { deduplicated } from './deduplicated.ts';
import { alignmentOnCycles, markersWithoutOrder, trackerAsExactlyOnce } from './borrowed-claims.ts';
import { oneBitEpochs } from './one-bit-epochs.ts';
import type { Study } from './study.ts';
import { uncoordinated } from './uncoordinated.ts';

export const STUDIES: readonly Study[] = [
  uncoordinated,
  markersWithoutOrder,
  oneBitEpochs,
  trackerAsExactlyOnce,
  alignmentOnCycles,
  deduplicated,
];

export type { Study };
