/** The mutants that run in timed worlds, in the order of the catalogue (anchors.md §6.2). */
import { FLOW_JOB_MUTANTS } from '../flow-job/mutants/index.ts';
import { offsetBeforeFlush } from './offset-before-flush.ts';
import { oldFailureCounts } from './old-failure-counts.ts';
import { sharedStream } from './shared-stream.ts';
import { tieBias } from './tie-bias.ts';
import type { TimedMutant } from './timed-mutant.ts';

export const TIMED_MUTANTS: readonly TimedMutant[] = [
  offsetBeforeFlush,
  oldFailureCounts,
  ...FLOW_JOB_MUTANTS,
  tieBias,
  sharedStream,
];
