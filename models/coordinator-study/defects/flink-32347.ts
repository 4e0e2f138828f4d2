/**
 * The store of completed checkpoints refuses each one, and the failure manager is not told. The remedy:
 * FINALIZE_CHECKPOINT_FAILURE is reported and counts.
 */
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN, STAGE_FAILURE } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink32347: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-32347',
    issues: ['FLINK-32347'],
    title: 'failures to store a completed checkpoint are reported to nobody',
    laws: ['Q2', 'L1'],
  },
  {
    ...HEALTHY_PLAN,
    tolerableFailures: 2,
    troubles: [{ kind: 'broken-until-restart', stage: 'store', fromMicros: 120 * SECOND }],
  },
  {
    withDefect: {
      ...FLINK_RULES,
      reportedReason: (stage) => (stage === 'store' ? null : STAGE_FAILURE[stage].reason),
    },
    without: FLINK_RULES,
  },
);
