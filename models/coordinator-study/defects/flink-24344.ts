/**
 * The place for a checkpoint cannot be made at the job manager. The failure is reported as one of the trigger, which does not
 * count, so no checkpoint is ever taken again and nothing says so (also FLINK-23189). The remedy: IO_EXCEPTION, which counts.
 */
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN, STAGE_FAILURE } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink24344: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-24344',
    issues: ['FLINK-24344', 'FLINK-23189'],
    title: 'disk errors at the job manager are taken for failed triggers',
    laws: ['Q2', 'L1'],
  },
  {
    ...HEALTHY_PLAN,
    tolerableFailures: 2,
    troubles: [{ kind: 'broken-until-restart', stage: 'initialise', fromMicros: 120 * SECOND }],
  },
  {
    withDefect: {
      ...FLINK_RULES,
      reportedReason: (stage) => (stage === 'initialise' ? 'TRIGGER_CHECKPOINT_FAILURE' : STAGE_FAILURE[stage].reason),
    },
    without: FLINK_RULES,
  },
);
