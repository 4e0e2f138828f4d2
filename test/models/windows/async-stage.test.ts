// What a slow, failed or cut-off asynchronous stage of a commit does: W-fail-late, W-slow, W-ttl, and the live defects L2
// (a permit released that was never held) and L8 (one failed upload fails all later ones). A commit of the blob store
// takes 35 ms on the run loop and 0.2 s behind it; commits fall due at 12.2, 22.2, 32.2 s.
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../../models/plan.ts';
import { type Seen, broken, frozenAt, law, watch } from './watch.ts';
import { BLOB, NON_TX, type SamzaKeys, type WindowChanges, after, at, crash, windowPlan } from './window-plan.ts';

function run(samza: SamzaKeys, changes: WindowChanges): Seen {
  return watch(windowPlan({ samza: { ...BLOB, ...samza }, ...changes }));
}

const SKIP = { 'task.commit.skip.commit.during.failures.enabled': true };
const RETRY_1_S = { 'blob.store.retry.policy.max.retry.duration.millis': 1000 };

function outage(fromSeconds: number, seconds: number): FaultPlan {
  return { kind: 'blob-outage', trigger: at(fromSeconds), forMicros: seconds * 1e6 };
}

describe('W-fail-late: a failed asynchronous stage is noticed by the next commit attempt', () => {
  test('the container dies one interval later, and two intervals are processed again', () => {
    const seen = run(RETRY_1_S, { faults: [outage(32, 8)] });
    expect(seen.outcome.checkpoint_detail).toMatchObject({ failed: 1 });
    expect(seen.deaths.map((death) => death.at)).toEqual([42_235_300]);
    expect(seen.outcome.recoveries[0]!.cause).toMatch(/^the previous commit had failed: upload: /);
    expect(seen.deaths[0]!.last[0]! - frozenAt(seen, 2)).toBe(2000);
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 2000 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a crash at the same moment behind a commit that succeeded repeats one', () => {
    const seen = run(RETRY_1_S, { faults: [crash(at(42.2353))] });
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 1000 });
  });

  test('an outage shorter than the retries fails nothing', () => {
    const seen = run(RETRY_1_S, { faults: [outage(32, 0.8)] });
    expect(seen.outcome.checkpoint_detail).toMatchObject({ failed: 0 });
    expect(seen.deaths).toEqual([]);
    expect(seen.outcome.records.duplicated).toBe(0);
  });
});

describe('L8: a failed upload poisons every later one of the process', () => {
  const LIMIT_2 = { ...RETRY_1_S, ...SKIP, 'task.commit.skip.commit.exception.max.limit': 2 };

  test('with failures skipped the commits after it fail too, although the store is back, until the limit kills the container', () => {
    // Commits 3, 4 and 5 fail; the store is away for the first of them only. Attempt 6 finds the third failure.
    const seen = run(LIMIT_2, { horizonSeconds: 100, faults: [outage(32, 8)] });
    expect(seen.outcome.checkpoint_detail).toMatchObject({ failed: 3 });
    expect(seen.deaths.map((death) => death.at)).toEqual([62_235_300]);
    expect(seen.outcome.recoveries[0]!.cause).toContain('an earlier upload of this process had failed');
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 4000 });
    // The next process uploads again.
    const later = seen.appended.filter((record) => record.writer.includes('start 1')).map(({ commit }) => commit);
    expect(new Set(later)).toEqual(new Set([0, 7, 8, 9]));
  });

  test('without a failed upload the limit is never reached', () => {
    const seen = run(LIMIT_2, { horizonSeconds: 100, faults: [outage(32, 0.8)] });
    expect(seen.outcome.checkpoint_detail).toMatchObject({ failed: 0 });
    expect(seen.deaths).toEqual([]);
  });
});

describe('W-slow: an asynchronous stage longer than the interval', () => {
  // The store is slow when task 0 begins its third upload (32.31 s) and not when task 1, in the same container, begins
  // its own (32.34 s): task 0's takes 25 s.
  const slow: FaultPlan = { kind: 'blob-slow', trigger: at(31), factor: 500, forMicros: 1_320_000 };
  const twoTasks = (samza: SamzaKeys, faults: readonly FaultPlan[] = [slow]): Seen =>
    run(
      { 'task.commit.max.delay.ms': 15_000, ...samza },
      { inputs: [{ partitions: 2 }], load: { perSecond: 200 }, horizonSeconds: 80, faults },
    );
  const waited = (seen: Seen): number =>
    seen.outcome.checkpoint_phases.find((phase) => phase.step === 'acquire-semaphore')!.max_us;
  const blocked = (seen: Seen): number[] => seen.outcome.budgets.map((budget) => budget.blocked_us);

  test('one tick is skipped, the next blocks the run loop until the stage is over, for every task of the container', () => {
    const seen = twoTasks({});
    expect(seen.outcome.checkpoint_detail).toMatchObject({ skipped: 1, blocked: 1, timed_out: 0, failed: 0 });
    const commit = seen.appended.find((record) => record.commit === 3 && record.task === 0 && record.version === 2)!;
    // Blocked from its tick at 52.27 s until the record is acknowledged (2 ms) and the clean-up done (50 ms).
    expect(52_270_600 + waited(seen)).toBe(commit.appendedAt + 2000 + 50_000);
    expect(waited(seen)).toBeGreaterThan(5_000_000);
    expect(blocked(seen)[1]! - blocked(twoTasks({}, []))[1]!).toBeGreaterThan(waited(seen) - 20_000);
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 0 });
  });

  test('with a thread pool the other task goes on', () => {
    // Both tasks commit at once here; task 0 has ten times the updates to flush and begins its upload 0.3 s after task 1.
    const seen = run(
      { 'task.commit.max.delay.ms': 15_000, 'job.container.thread.pool.size': 2 },
      {
        job: { keys: 4000 },
        inputs: [{}, { stream: 'second', partitions: 2, weight: 0.2 }],
        load: { perSecond: 120 },
        costs: { localDiskBytesPerSecond: 300_000 },
        horizonSeconds: 80,
        faults: [{ kind: 'blob-slow', trigger: at(32.5), factor: 500, forMicros: 500_000 }],
      },
    );
    expect(seen.outcome.checkpoint_detail).toMatchObject({ skipped: 1, blocked: 1 });
    expect(waited(seen)).toBeGreaterThan(5_000_000);
    expect(seen.outcome.budgets[0]!.snapshot_us).toBeGreaterThan(waited(seen));
    expect(blocked(seen)[1]!).toBeLessThan(500_000);
  });

  test('a crash at the end of the stage repeats the interval before it and all that was processed during it', () => {
    const seen = twoTasks({}, [slow, crash(at(57.2))]);
    const repeated = seen.deaths[0]!.last[0]! - frozenAt(seen, 2, 0);
    expect(seen.outcome.records.duplicated).toBe(repeated + seen.deaths[0]!.last[1]! - frozenAt(seen, 4, 1));
    // Task 0 began commit 2 at 22.2 s and stood still from 52.2 s on.
    expect(Math.abs(repeated - 3000)).toBeLessThan(150);
  });

  test('below task.commit.max.delay.ms every tick is skipped and nothing blocks', () => {
    const seen = twoTasks({ 'task.commit.max.delay.ms': 60_000 });
    expect(seen.outcome.checkpoint_detail).toMatchObject({ skipped: 2, blocked: 0 });
    expect(blocked(seen)[1]!).toBeLessThan(500_000);
  });

  test('a stage shorter than the interval is neither skipped nor waited for', () => {
    const seen = twoTasks({}, []);
    expect(seen.outcome.checkpoint_detail).toMatchObject({ skipped: 0, blocked: 0 });
    expect(waited(seen)).toBe(0);
  });
});

describe('W-ttl: dead between the checkpoint and its clean-up, and away for longer than a new blob lives', () => {
  /** Blobs of commit 3 are put at 32.32 s and live for 20 s; the only host is down from then on. */
  const away = (downSeconds: number, step: string = 'append-v2', samza: SamzaKeys = {}): Seen =>
    run(
      { 'cluster-manager.container.retry.count': 2, ...samza },
      {
        horizonSeconds: 90,
        cluster: { hosts: 1 },
        costs: { blobTtlMicros: 20_000_000 },
        faults: [
          {
            kind: 'host-crash',
            trigger: after(step, 3),
            host: 0,
            downMicros: downSeconds * 1_000_000,
            diskLost: true,
          },
        ],
      },
    );

  test('the newest checkpoint points to blobs that have expired: no start succeeds, and the job is given up', () => {
    const seen = away(19);
    expect(law(seen.outcome, 'O7').first!.facts).toMatchObject({ blobs: 'expired', window: 'W-ttl' });
    expect(law(seen.outcome, 'L1').first!.facts).toMatchObject({ failures: 3, why: 'retry count exceeded' });
    expect(seen.outcome.verdict).toMatchObject({ kind: 'violated', law: 'O7' });
    expect(seen.outcome.recoveries.slice(1).map(({ cause, finished }) => [cause, finished])).toEqual([
      ['task 0: the blobs of its checkpoint have expired', false],
      ['task 0: the blobs of its checkpoint have expired', false],
      ['task 0: the blobs of its checkpoint have expired', false],
    ]);
    expect(seen.running).toHaveLength(1);
    expect(seen.outcome.job_failed).toBe(true);
    expect(seen.outcome.records.pending).toBe(9000 - (seen.deaths[0]!.last[0]! + 1));
  });

  test.each([
    ['and by the seal commit', {}],
    ['also where there is no seal commit and the next one comes too late', NON_TX],
  ])('back in time, the clean-up is made up for at the start %s: the blobs stay', (_title, samza) => {
    const seen = away(16, 'append-v2', samza);
    expect(seen.running).toHaveLength(2);
    const expiry = 32_321_500 + 20_000_000;
    expect(seen.running[1]!.at).toBeLessThan(expiry);
    expect(seen.frozen.find(({ at: time, commit }) => commit > 0 && time > seen.running[1]!.at)!.at).toBeGreaterThan(
      expiry,
    );
    expect(broken(seen.outcome)).toEqual([]);
    expect(seen.outcome.records.lost).toBe(0);
  });

  test('behind the clean-up the blobs have no time to live any more', () => {
    const seen = away(40, 'cleanup');
    expect(seen.running).toHaveLength(2);
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('L2: a timed-out commit attempt releases a permit that it never had', () => {
  // Commit 1's upload takes 60 s (12.3 to 72.3 s). Attempt 2 blocks at 22.2 s and gives up 8 s later.
  const stuck = (samza: SamzaKeys, more: readonly FaultPlan[] = []): Seen =>
    run(
      { 'task.commit.max.delay.ms': 5000, 'task.commit.timeout.ms': 8000, ...samza },
      {
        horizonSeconds: 90,
        faults: [{ kind: 'blob-slow', trigger: at(11), factor: 1200, forMicros: 2_000_000 }, ...more],
      },
    );

  test('from the third attempt on two commits of the task are live (O5)', () => {
    const seen = stuck(SKIP);
    expect(seen.outcome.checkpoint_detail).toMatchObject({ blocked: 1, timed_out: 1 });
    expect(law(seen.outcome, 'O5').first!).toMatchObject({
      atMicros: 32_235_300,
      facts: { task: 0, commit: 3, live: 2 },
    });
    expect(seen.outcome.verdict).toMatchObject({ kind: 'violated', law: 'O5' });
    // Both permits are there for good: nothing keeps later commits apart.
    expect(seen.job.cluster.official(0)!.instance(0).permits).toBe(2);
  });

  test('the first commit’s late record lands behind those of later ones: the offsets go back by five intervals (O6)', () => {
    const seen = stuck(SKIP);
    const order = seen.appended.filter(({ version }) => version === 2).map(({ commit }) => commit);
    expect(order).toEqual([0, 3, 4, 5, 6, 1, 7, 8]);
    expect(law(seen.outcome, 'O6')).toMatchObject({ violations: 1 });
    expect(law(seen.outcome, 'O6').first!.facts).toMatchObject({
      from_offset: frozenAt(seen, 6),
      to_offset: frozenAt(seen, 1),
    });
    expect(frozenAt(seen, 6) - frozenAt(seen, 1)).toBe(5000);
    expect(broken(seen.outcome)).toEqual(['O5', 'O6']);
  });

  test('a crash then repeats everything since the first commit', () => {
    const seen = stuck(SKIP, [crash(after('append-v2', 1))]);
    expect(seen.running[1]!.next).toEqual([frozenAt(seen, 1) + 1]);
    expect(seen.outcome.records.duplicated).toBe(seen.deaths[0]!.last[0]! - frozenAt(seen, 1));
  });

  test('without the skip option the timeout kills the container and no commits overlap', () => {
    const seen = stuck({});
    expect(seen.deaths.map((death) => death.at)).toEqual([30_235_300]);
    expect(seen.outcome.recoveries[0]!.cause).toContain('task.commit.timeout.ms');
    expect(law(seen.outcome, 'O5').checked).toBeGreaterThan(5);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a stage that ends before the timeout hands its permit over', () => {
    const seen = stuck({ ...SKIP, 'task.commit.timeout.ms': 60_000 });
    expect(seen.outcome.checkpoint_detail).toMatchObject({ blocked: 1, timed_out: 0 });
    expect(seen.job.cluster.official(0)!.instance(0).permits).toBe(1);
    expect(broken(seen.outcome)).toEqual([]);
  });
});
