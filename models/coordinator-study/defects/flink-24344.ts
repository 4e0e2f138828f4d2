/**
 * The place for a checkpoint cannot be made at the job manager, and the failure manager is not told: no checkpoint is ever
 * taken again, and nothing says so (also FLINK-23189 and FLINK-27570). The remedy: IO_EXCEPTION is reported and counts.
 */
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN, STAGE_FAILURE } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink24344: CoordinatorDefect = defectOf(
  { id: 'FLINK-24344', title: 'failures to begin a checkpoint are reported to nobody', laws: ['Q2', 'L1'] },
  {
    ...HEALTHY_PLAN,
    tolerableFailures: 2,
    troubles: [{ kind: 'broken-until-restart', stage: 'initialise', fromMicros: 120 * SECOND }],
  },
  {
    withDefect: {
      ...FLINK_RULES,
      reportedReason: (stage) => (stage === 'initialise' ? null : STAGE_FAILURE[stage].reason),
    },
    without: FLINK_RULES,
  },
);
