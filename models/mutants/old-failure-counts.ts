/**
 * The late failure of an old checkpoint counts although a newer one has succeeded, and fails a job that has just been saved
 * (FLINK-18336). It takes a clock to show: the coordinator's study has one.
 */
import { flink18336 } from '../coordinator-study/defects/flink-18336.ts';
import { KILLED } from './mutant.ts';
import type { TimedMutant } from './timed-mutant.ts';

export const oldFailureCounts: TimedMutant = {
  name: 'oldFailureCounts',
  broken: 'the late failure of an old checkpoint fails the job after a newer one has succeeded',
  seen: flink18336.issues,
  base: "Flink's coordinator with a clock",
  law: 'Q2',
  expected: KILLED,
  run(mutated) {
    const { broken, facts } = flink18336.run(mutated);
    return {
      violations: broken.map(({ law }) => law),
      facts: {
        'checkpoints completed': facts.completed,
        failed: facts.failed,
        'times the job was failed for it': facts.jobFailures,
      },
    };
  },
};
