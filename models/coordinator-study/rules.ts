/**
 * The decisions of a coordinator that a defect can replace: each is Flink's as it should be, and one field of it, exchanged,
 * is one bug as it was.
 */
import { type CheckpointFailureReason, reportFailure } from '../protocols/flink-failure-manager.ts';
import { tick } from '../protocols/flink-request-decider.ts';
import { type FailingStage, STAGE_FAILURE } from './plan.ts';

export interface CoordinatorRules {
  /** A periodic timer is due. */
  readonly tick: typeof tick;
  /** A failure reaches the failure manager. */
  readonly reportFailure: typeof reportFailure;
  /** The reason by which a failure at a stage is reported; null: nobody is told. */
  readonly reportedReason: (stage: FailingStage) => CheckpointFailureReason | null;
  /** Whether a checkpoint may begin, by which sources are RUNNING. */
  readonly mayTrigger: (running: readonly boolean[]) => boolean;
  /** Whether a trigger that does not reach its source aborts the checkpoint. */
  readonly abortsOnLostTrigger: boolean;
  /** How many checkpoints under deletion the request decider is told of. */
  readonly cleaningSeen: (cleaning: number) => number;
  /** Whether the coordinator outlives a notice of abort that finds its task manager gone. */
  readonly outlivesLostNotice: boolean;
}

export const FLINK_RULES: CoordinatorRules = {
  tick,
  reportFailure,
  reportedReason: (stage) => STAGE_FAILURE[stage].reason,
  mayTrigger: (running) => running.every(Boolean),
  abortsOnLostTrigger: true,
  cleaningSeen: (cleaning) => cleaning,
  outlivesLostNotice: true,
};
