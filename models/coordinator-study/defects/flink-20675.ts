/**
 * A task's upload fails each time, but its decline says no reason that counts, so the job runs for ever without a checkpoint.
 * The remedy: the decline says CHECKPOINT_ASYNC_EXCEPTION, the job is failed, and the restart repairs what was broken.
 */
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN, STAGE_FAILURE } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink20675: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-20675',
    issues: ['FLINK-20675'],
    title: 'failed uploads are declined without a reason that counts',
    laws: ['Q2', 'L1'],
  },
  {
    ...HEALTHY_PLAN,
    tolerableFailures: 2,
    troubles: [{ kind: 'broken-until-restart', stage: 'upload', fromMicros: 120 * SECOND }],
  },
  {
    withDefect: {
      ...FLINK_RULES,
      reportedReason: (stage) => (stage === 'upload' ? 'TASK_CHECKPOINT_FAILURE' : STAGE_FAILURE[stage].reason),
    },
    without: FLINK_RULES,
  },
);
