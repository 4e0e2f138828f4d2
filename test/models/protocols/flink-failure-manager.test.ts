// Which failed checkpoints fail the job: the counter against its definition, recomputed from the whole history each time.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CHECKPOINT_FAILURE_REASONS,
  type CheckpointFailure,
  type CheckpointFailureReason,
  isCountedReason,
  newFailureManager,
  reportFailure,
  reportSuccess,
} from '../../../models/protocols/flink-failure-manager.ts';

type Report = { readonly succeeded: number } | CheckpointFailure;

const report = fc.oneof(
  fc.record({ succeeded: fc.integer({ min: 1, max: 8 }) }),
  fc.record<CheckpointFailure>({
    checkpoint: fc.option(fc.integer({ min: 1, max: 8 }), { freq: 8 }),
    snapshot: fc.constantFrom('checkpoint', 'checkpoint', 'checkpoint', 'savepoint', 'synchronous-savepoint'),
    reason: fc.oneof(
      fc.constantFrom<CheckpointFailureReason[]>('CHECKPOINT_DECLINED', 'CHECKPOINT_EXPIRED', 'IO_EXCEPTION'),
      fc.constantFrom(...CHECKPOINT_FAILURE_REASONS),
    ),
    failedOn: fc.constantFrom('job-manager', 'task'),
  }),
);

const isFailure = (each: Report): each is CheckpointFailure => 'reason' in each;

const newestSuccess = (history: readonly Report[]): number =>
  Math.max(0, ...history.map((each) => (isFailure(each) ? 0 : each.succeeded)));

const isSynchronousOnTask = (failure: CheckpointFailure): boolean =>
  failure.snapshot === 'synchronous-savepoint' && failure.failedOn === 'task';

/** Counted failures of a stretch: each id newer than the newest success once, and each failure without id. */
function countIn(stretch: readonly Report[], newest: number): number {
  const counting = stretch
    .filter(isFailure)
    .filter(({ reason }) => isCountedReason(reason))
    .filter(({ snapshot, failedOn }) => snapshot === 'checkpoint' || (snapshot === 'savepoint' && failedOn === 'task'));
  const ids = counting.map(({ checkpoint }) => checkpoint).filter((id) => id !== null && id > newest);
  return new Set(ids).size + counting.filter(({ checkpoint }) => checkpoint === null).length;
}

/** The slow twin: the count after each report, from the reports since the last new success or the last failed job. */
function byDefinition(history: readonly Report[], tolerable: number): { count: number; jobFails: boolean }[] {
  let begin = 0;
  return history.map((last, at) => {
    if (!isFailure(last) && last.succeeded > newestSuccess(history.slice(0, at))) begin = at + 1;
    const count = countIn(history.slice(begin, at + 1), newestSuccess(history.slice(0, at + 1)));
    const jobFails = count > tolerable;
    if (jobFails) begin = at + 1;
    return { count: jobFails ? 0 : count, jobFails: jobFails || (isFailure(last) && isSynchronousOnTask(last)) };
  });
}

/** What the failure manager did with the same reports. */
function byManager(history: readonly Report[], tolerable: number): { count: number; jobFails: boolean }[] {
  const manager = newFailureManager();
  return history.map((each) => {
    const jobFails = isFailure(each) && reportFailure(manager, tolerable, each) === 'fail-job';
    if (!isFailure(each)) reportSuccess(manager, each.succeeded);
    return { count: manager.consecutiveFailures, jobFails };
  });
}

const expired = (checkpoint: number): CheckpointFailure => ({
  checkpoint,
  snapshot: 'checkpoint',
  reason: 'CHECKPOINT_EXPIRED',
  failedOn: 'job-manager',
});

const jobFailures = (history: readonly Report[], tolerable: number): boolean[] =>
  byManager(history, tolerable).map(({ jobFails }) => jobFails);

describe('the failure counter', () => {
  test('is after every report what its definition gives over the whole history, and so is when the job fails', () => {
    fc.assert(
      fc.property(fc.array(report, { maxLength: 30 }), fc.integer({ min: 0, max: 3 }), (history, tolerable) => {
        expect(byManager(history, tolerable)).toEqual(byDefinition(history, tolerable));
      }),
      { numRuns: 500 },
    );
  });

  test('with nothing tolerated, fails the job at the first failure and begins anew', () => {
    expect(jobFailures([expired(1), expired(1), expired(2)], 0)).toEqual([true, true, true]);
    expect(jobFailures([expired(1), expired(1), expired(2)], 1)).toEqual([false, false, true]);
  });

  test('is put back by a success in between, not by the late news of an older one', () => {
    expect(jobFailures([expired(1), { succeeded: 2 }, expired(3)], 1)).toEqual([false, false, false]);
    expect(jobFailures([{ succeeded: 3 }, expired(4), { succeeded: 2 }, expired(5)], 1)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('leaves out the failure of a checkpoint older than the last that succeeded (FLINK-18336)', () => {
    expect(jobFailures([{ succeeded: 6 }, expired(5)], 0)).toEqual([false, false]);
  });

  test('counts nothing if every failure is tolerated', () => {
    expect(byManager([expired(1), expired(2), expired(3)], Infinity).at(-1)).toEqual({ count: 0, jobFails: false });
  });
});

describe('reasons', () => {
  test('that count are the five of engines.md §2.4; the other nineteen do not', () => {
    expect(CHECKPOINT_FAILURE_REASONS.filter(isCountedReason)).toEqual([
      'IO_EXCEPTION',
      'CHECKPOINT_ASYNC_EXCEPTION',
      'CHECKPOINT_DECLINED',
      'CHECKPOINT_EXPIRED',
      'FINALIZE_CHECKPOINT_FAILURE',
    ]);
    expect(CHECKPOINT_FAILURE_REASONS).toHaveLength(24);
  });
});

describe('savepoints', () => {
  const failed = (snapshot: CheckpointFailure['snapshot'], failedOn: CheckpointFailure['failedOn']): boolean[] =>
    jobFailures([{ ...expired(1), snapshot, failedOn, reason: 'CHECKPOINT_DECLINED' }], 0);

  test('that fail at the job manager never fail the job', () => {
    expect([failed('savepoint', 'job-manager'), failed('synchronous-savepoint', 'job-manager')]).toEqual([
      [false],
      [false],
    ]);
  });

  test('that fail on a task count like checkpoints; a synchronous one always fails the job, whatever the reason', () => {
    expect([failed('savepoint', 'task'), failed('synchronous-savepoint', 'task')]).toEqual([[true], [true]]);
    const declined: CheckpointFailure = {
      checkpoint: 1,
      snapshot: 'synchronous-savepoint',
      reason: 'CHECKPOINT_DECLINED_TASK_NOT_READY',
      failedOn: 'task',
    };
    expect(jobFailures([declined, { ...declined, snapshot: 'savepoint' }], 0)).toEqual([true, false]);
  });
});
