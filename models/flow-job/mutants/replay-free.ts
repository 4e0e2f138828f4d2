/** Work on records that are read again after a failure counts as useful. */
import { flowJobMutant } from './flow-job-mutant.ts';
import type { TimedMutant } from '../../mutants/timed-mutant.ts';

export const replayFree: TimedMutant = flowJobMutant({
  name: 'replayFree',
  broken: 'records that are processed again after a failure count as useful work',
  rules: { rereads: 'useful' },
  law: 'Q1',
});
