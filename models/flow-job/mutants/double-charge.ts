/** An upload that runs beside the task is booked as background and as blocked time. */
import { flowJobMutant } from './flow-job-mutant.ts';
import type { TimedMutant } from '../../mutants/timed-mutant.ts';

export const doubleCharge: TimedMutant = flowJobMutant({
  name: 'doubleCharge',
  broken: 'an asynchronous upload is booked as blocked time of its task as well',
  rules: { uploads: 'blocked-too' },
  law: 'Q1',
});
