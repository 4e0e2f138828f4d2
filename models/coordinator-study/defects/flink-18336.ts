/**
 * Checkpoint 5 is overtaken by 6 and given up; then the upload of its slowest task fails, and the job with it, though a newer
 * checkpoint has succeeded. The remedy: an id not newer than the last success does not count.
 */
import { reportFailure } from '../../protocols/flink-failure-manager.ts';
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink18336: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-18336',
    issues: ['FLINK-18336'],
    title: 'the late failure of an old checkpoint fails the job',
    laws: ['Q2'],
  },
  {
    ...HEALTHY_PLAN,
    trigger: { ...HEALTHY_PLAN.trigger, maxConcurrent: 2 },
    troubles: [{ kind: 'part-fails', checkpoint: 5, afterMicros: 25 * SECOND }],
  },
  {
    withDefect: {
      ...FLINK_RULES,
      // The failure manager as it was before it knew which checkpoint succeeded last.
      reportFailure: (manager, tolerable, failure) => {
        const forgetful = { ...manager, lastSucceeded: 0 };
        const verdict = reportFailure(forgetful, tolerable, failure);
        manager.consecutiveFailures = forgetful.consecutiveFailures;
        manager.countedCheckpoints = forgetful.countedCheckpoints;
        return verdict;
      },
    },
    without: FLINK_RULES,
  },
);
