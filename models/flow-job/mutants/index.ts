/** Mutants of a timed dataflow job's own measurements, in the order of the catalogue. */
import type { TimedMutant } from '../../mutants/timed-mutant.ts';
import { alignClockWrong } from './align-clock-wrong.ts';
import { doubleCharge } from './double-charge.ts';
import { replayFree } from './replay-free.ts';

export const FLOW_JOB_MUTANTS: readonly TimedMutant[] = [alignClockWrong, doubleCharge, replayFree];
