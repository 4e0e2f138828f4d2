/**
 * Flink's accounting of failed checkpoints (engines.md §2.4): a count of consecutive counted failures that fails the job
 * once it exceeds what is tolerated. Most reasons are not counted, each checkpoint is counted once, and news of a checkpoint
 * not newer than the last that succeeded is old news (FLINK-18336). Called once per failed or completed checkpoint.
 */

/** Reasons that count: something in the job or its storage did not work. */
const COUNTED_REASONS = [
  'IO_EXCEPTION',
  'CHECKPOINT_ASYNC_EXCEPTION',
  'CHECKPOINT_DECLINED',
  'CHECKPOINT_EXPIRED',
  'FINALIZE_CHECKPOINT_FAILURE',
] as const;

/** Reasons that do not: the coordinator's own policy, tasks that come or go, a failover that is under way already. */
const UNCOUNTED_REASONS = [
  'PERIODIC_SCHEDULER_SHUTDOWN',
  'TOO_MANY_CHECKPOINT_REQUESTS',
  'MINIMUM_TIME_BETWEEN_CHECKPOINTS',
  'NOT_ALL_REQUIRED_TASKS_RUNNING',
  'CHECKPOINT_SUBSUMED',
  'CHECKPOINT_COORDINATOR_SUSPEND',
  'CHECKPOINT_COORDINATOR_SHUTDOWN',
  'CHANNEL_STATE_SHARED_STREAM_EXCEPTION',
  'JOB_FAILOVER_REGION',
  'CHECKPOINT_DECLINED_TASK_NOT_READY',
  'CHECKPOINT_DECLINED_TASK_CLOSING',
  'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER',
  'CHECKPOINT_DECLINED_SUBSUMED',
  'CHECKPOINT_DECLINED_INPUT_END_OF_STREAM',
  'TASK_FAILURE',
  'TASK_CHECKPOINT_FAILURE',
  'UNKNOWN_TASK_CHECKPOINT_NOTIFICATION_FAILURE',
  'TRIGGER_CHECKPOINT_FAILURE',
  'BLOCKING_OUTPUT_EXIST',
] as const;

/** Why a checkpoint or a request for one came to nothing, in Flink's words. */
export type CheckpointFailureReason = (typeof COUNTED_REASONS)[number] | (typeof UNCOUNTED_REASONS)[number];

/** All reasons: the counted ones first, then the others. */
export const CHECKPOINT_FAILURE_REASONS: readonly CheckpointFailureReason[] = [
  ...COUNTED_REASONS,
  ...UNCOUNTED_REASONS,
];

const COUNTED: ReadonlySet<CheckpointFailureReason> = new Set(COUNTED_REASONS);

/** Whether a failure for this reason counts against the tolerated number. */
export function isCountedReason(reason: CheckpointFailureReason): boolean {
  return COUNTED.has(reason);
}

/** What was under way: a synchronous savepoint is that of stop-with-savepoint. */
export type SnapshotKind = 'checkpoint' | 'savepoint' | 'synchronous-savepoint';

/** One report that a snapshot came to nothing. */
export interface CheckpointFailure {
  /** Id of the checkpoint; null if it failed before it had one, and such failures are told apart by nothing. */
  readonly checkpoint: number | null;
  readonly snapshot: SnapshotKind;
  readonly reason: CheckpointFailureReason;
  /** Where it failed: at the job manager (expiry and everything before the triggers are sent included) or on a task. */
  readonly failedOn: 'job-manager' | 'task';
}

/** What the failure manager remembers; plain data, changed in place by the functions below. */
export interface FailureManager {
  /** Counted failures since the last success, or since the job was last failed for them. */
  consecutiveFailures: number;
  /** Ids counted in `consecutiveFailures`, in the order of the reports. */
  countedCheckpoints: number[];
  /** Newest id that succeeded; 0: none yet. */
  lastSucceeded: number;
}

/** A failure manager that has seen nothing. */
export function newFailureManager(): FailureManager {
  return { consecutiveFailures: 0, countedCheckpoints: [], lastSucceeded: 0 };
}

/**
 * Takes a report and says whether the job must be failed for it. `tolerable` is
 * execution.checkpointing.tolerable-failed-checkpoints, a whole number from 0, or Infinity: nothing is counted.
 * Failing the job begins the count anew; the restart forgets nothing else.
 */
export function reportFailure(
  manager: FailureManager,
  tolerable: number,
  failure: CheckpointFailure,
): 'tolerated' | 'fail-job' {
  if (failure.snapshot !== 'checkpoint') {
    // Somebody asked for it and sees the error; restarting the job would not help.
    if (failure.failedOn === 'job-manager') return 'tolerated';
    // Tasks that have stopped for it wait for its completion, which will not come.
    if (failure.snapshot === 'synchronous-savepoint') return 'fail-job';
  }
  if (failure.checkpoint !== null && failure.checkpoint <= manager.lastSucceeded) return 'tolerated';
  if (tolerable === Infinity || !isCountedReason(failure.reason)) return 'tolerated';
  if (failure.checkpoint !== null) {
    if (manager.countedCheckpoints.includes(failure.checkpoint)) return 'tolerated';
    manager.countedCheckpoints.push(failure.checkpoint);
  }
  manager.consecutiveFailures++;
  if (manager.consecutiveFailures <= tolerable) return 'tolerated';
  startAnew(manager);
  return 'fail-job';
}

/** Takes the news that a snapshot completed. One older than the last that did changes nothing. */
export function reportSuccess(manager: FailureManager, checkpoint: number): void {
  if (checkpoint <= manager.lastSucceeded) return;
  manager.lastSucceeded = checkpoint;
  startAnew(manager);
}

function startAnew(manager: FailureManager): void {
  manager.consecutiveFailures = 0;
  manager.countedCheckpoints = [];
}
