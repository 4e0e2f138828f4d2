/**
 * The directories of the storage were not made at the start, so finalising each checkpoint fails; the reason was on the list
 * of those that do not count. The remedy: FINALIZE_CHECKPOINT_FAILURE counts.
 */
import { reportFailure } from '../../protocols/flink-failure-manager.ts';
import { type CoordinatorDefect, defectOf } from '../defect.ts';
import { HEALTHY_PLAN } from '../plan.ts';
import { FLINK_RULES } from '../rules.ts';

const SECOND = 1_000_000;

export const flink27570: CoordinatorDefect = defectOf(
  {
    id: 'FLINK-27570',
    issues: ['FLINK-27570'],
    title: 'failures to finalise a checkpoint do not count',
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
      reportFailure: (manager, tolerable, failure) =>
        failure.reason === 'FINALIZE_CHECKPOINT_FAILURE' ? 'tolerated' : reportFailure(manager, tolerable, failure),
    },
    without: FLINK_RULES,
  },
);
