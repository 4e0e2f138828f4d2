/** The alignment is timed from the checkpoint's trigger instead of its first barrier at the task (FLINK-23201). */
import { flowJobMutant } from './flow-job-mutant.ts';
import type { TimedMutant } from '../../mutants/timed-mutant.ts';

export const alignClockWrong: TimedMutant = flowJobMutant({
  name: 'alignClockWrong',
  broken: 'the alignment of a task is timed from the trigger of the checkpoint instead of its first barrier there',
  rules: { alignmentFrom: 'trigger' },
  law: 'Q2',
});
