/** The mutants that run in timed worlds, in the order of the catalogue (anchors.md §6.2). */
import { offsetBeforeFlush } from './offset-before-flush.ts';
import { sharedStream } from './shared-stream.ts';
import { tieBias } from './tie-bias.ts';
import type { TimedMutant } from './timed-mutant.ts';

export const TIMED_MUTANTS: readonly TimedMutant[] = [offsetBeforeFlush, tieBias, sharedStream];
