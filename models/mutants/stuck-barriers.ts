/**
 * Jobs in which a barrier can get stuck for good behind records that find no buffer: only a switch to unaligned gets it
 * through. What keeps the switch from happening is then more than a delay.
 */
import type { Protocol } from '../dataflow/protocol.ts';
import { flinkUnalignedTimeout } from '../protocols/flink-unaligned.ts';
import { neverExpires } from './never-expires.ts';

const patient = neverExpires(flinkUnalignedTimeout);

/** Inputs share one buffer, and no checkpoint is given up. */
export const stuckBarriers: Protocol = {
  ...patient,
  name: `${patient.name}, inputs share a buffer`,
  engine: { sharedCredit: 1 },
};
