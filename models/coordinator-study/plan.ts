/**
 * What a study of the coordinator is given: Flink's settings, and instead of tasks and state only how long things take and
 * what goes wrong when. Plain data; times in whole µs.
 */
import type { CheckpointFailureReason } from '../protocols/flink-failure-manager.ts';
import { EXPONENTIAL_DELAY_DEFAULT, type RestartStrategy } from '../protocols/flink-restart-strategy.ts';
import type { TriggerSettings } from '../protocols/flink-request-decider.ts';

export interface CoordinatorPlan {
  readonly seed: string;
  readonly horizonMicros: number;
  readonly trigger: TriggerSettings;
  /** execution.checkpointing.timeout. */
  readonly timeoutMicros: number;
  /** execution.checkpointing.tolerable-failed-checkpoints. */
  readonly tolerableFailures: number;
  readonly restart: RestartStrategy;
  /** From the decision to begin until the triggers are sent. */
  readonly setupMicros: number;
  /** From the triggers to the last acknowledgement, by when it begins: the last spell that has begun holds. The first is from 0. */
  readonly spells: readonly { readonly fromMicros: number; readonly durationMicros: number }[];
  /** Writing the completed checkpoint. */
  readonly storeMicros: number;
  /** Deleting one checkpoint; one is deleted after the other. */
  readonly deleteMicros: number;
  /** Checkpoints waiting for deletion that the coordinator's memory holds. */
  readonly undeletedMax: number;
  /** For each source, from its deployment until it is RUNNING. */
  readonly sourceStartMicros: readonly number[];
  readonly troubles: readonly Trouble[];
  /** While the job runs, some checkpoint completes at least this often: what law L1 promises for these settings. */
  readonly progressWithinMicros: number;
}

/** Something that goes wrong or changes from outside. */
export type Trouble =
  /** From then on every checkpoint fails at this stage, until the job is restarted. */
  | { readonly kind: 'broken-until-restart'; readonly stage: FailingStage; readonly fromMicros: number }
  /** One task fails its part of this checkpoint, so much after the triggers; the other tasks' parts take what they take. */
  | { readonly kind: 'part-fails'; readonly checkpoint: number; readonly afterMicros: number }
  /** A task manager is gone, and its tasks with it. */
  | { readonly kind: 'host-lost'; readonly atMicros: number }
  /** A source begins or ends working off backlog. */
  | { readonly kind: 'backlog'; readonly source: number; readonly atMicros: number; readonly backlog: boolean };

/** Where a checkpoint can fail, in order: its place in the storage, a task's upload, writing it as completed. */
export type FailingStage = 'initialise' | 'upload' | 'store';

/** What is true of a failure at each stage, whoever is told. */
export const STAGE_FAILURE: Readonly<
  Record<FailingStage, { readonly reason: CheckpointFailureReason; readonly failedOn: 'job-manager' | 'task' }>
> = {
  initialise: { reason: 'IO_EXCEPTION', failedOn: 'job-manager' },
  upload: { reason: 'CHECKPOINT_ASYNC_EXCEPTION', failedOn: 'task' },
  store: { reason: 'FINALIZE_CHECKPOINT_FAILURE', failedOn: 'job-manager' },
};

const MILLISECOND = 1000;
const SECOND = 1_000_000;

/** A job in good health under Flink's defaults: a checkpoint each 10 s that takes one second. */
export const HEALTHY_PLAN: CoordinatorPlan = {
  seed: 'coordinator',
  horizonMicros: 1800 * SECOND,
  trigger: {
    intervalMicros: 10 * SECOND,
    intervalDuringBacklogMicros: null,
    minPauseMicros: 0,
    maxConcurrent: 1,
    unaligned: false,
  },
  timeoutMicros: 600 * SECOND,
  tolerableFailures: 0,
  restart: EXPONENTIAL_DELAY_DEFAULT,
  setupMicros: 20 * MILLISECOND,
  spells: [{ fromMicros: 0, durationMicros: SECOND }],
  storeMicros: 50 * MILLISECOND,
  deleteMicros: 100 * MILLISECOND,
  undeletedMax: 50,
  sourceStartMicros: [SECOND, SECOND],
  troubles: [],
  progressWithinMicros: 60 * SECOND,
};
