// Windows in which a store comes back holding more than its checkpoint covers, so that replayed inputs are counted twice:
// W-lag with its two kinds of skewed clocks, W-retain (c null), W-standby; and W-async, where it comes back holding less
// than its changelog.
import { describe, expect, test } from 'vitest';
import { type Seen, broken, frozenAt, law, watch } from './watch.ts';
import {
  NON_TX,
  SAME_HOST,
  type SamzaKeys,
  type WindowChanges,
  after,
  at,
  crash,
  hostLoss,
  redeploy,
  windowPlan,
} from './window-plan.ts';

function run(samza: SamzaKeys, changes: WindowChanges): Seen {
  return watch(windowPlan({ samza, ...changes }));
}

function restore(seen: Seen, incarnation: number = 1): { over: number; under: number } {
  const { over, under } = seen.restored.find((each) => each.incarnation === incarnation)!;
  return { over, under };
}

/** Records processed after the commit and before the first death. */
function since(seen: Seen, commit: number): number {
  return seen.deaths[0]!.last[0]! - frozenAt(seen, commit);
}

describe('W-lag: a checkpoint older than 90 % of min.compaction.lag is not gone back to', () => {
  const LAG_100_S = { 'stores.counts.changelog.min.compaction.lag.ms': 100_000 };
  /**
   * Stopped at 38.005 s with 677 records behind commit 3, whose id is 31.238 s. With an allocator that wakes every
   * millisecond the new start looks at its age 1.201 s after the operator's start: 7.968 s more than the downtime.
   */
  const stopped = (ageSeconds: number, samza: SamzaKeys = LAG_100_S): Seen =>
    run(
      { 'cluster-manager.allocator.sleep.ms': 1, ...samza },
      {
        horizonSeconds: ageSeconds + 60,
        load: { stopsAtMicros: 38_000_000 },
        faults: [redeploy(at(38.005), ageSeconds - 7.968)],
      },
    );

  test('the whole changelog comes back, and every update behind the commit is counted twice', () => {
    const seen = stopped(90.001);
    expect(since(seen, 3)).toBe(677);
    expect(restore(seen)).toEqual({ over: 677, under: 0 });
    expect(seen.outcome.state).toMatchObject({ overcounted: 677, undercounted: 0 });
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 677 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ updates_too_many: 677, window: 'W-lag' });
    expect(broken(seen.outcome)).toEqual(['O3']);
  });

  test('at 90 s to the millisecond it is still gone back to', () => {
    const seen = stopped(90);
    expect(restore(seen)).toEqual({ over: 0, under: 0 });
    expect(seen.outcome.state.overcounted).toBe(0);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('with the default lag of 4 h the limit is 3 h 36 min', () => {
    expect(restore(stopped(3.6 * 3600, {}))).toEqual({ over: 0, under: 0 });
    expect(restore(stopped(3.6 * 3600 + 0.001, {}))).toEqual({ over: 677, under: 0 });
  });

  test('a restoring host whose clock runs ahead sees a fresh checkpoint as an old one', () => {
    const moved = (skewSeconds: number): Seen =>
      run(LAG_100_S, { cluster: { clockSkewMicros: [0, skewSeconds * 1e6] }, faults: [hostLoss(at(38.005))] });
    const seen = moved(90);
    expect(restore(seen)).toEqual({ over: 577, under: 0 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ window: 'W-lag' });
    expect(seen.outcome.state.overcounted).toBe(577);
    expect(restore(moved(60))).toEqual({ over: 0, under: 0 });
    expect(broken(moved(0).outcome)).toEqual([]);
  });

  test('a writing host whose clock ran ahead blinds the guard: compaction has taken what the trim then deletes', () => {
    // Down for 150 s, past the lag; all 40 keys have an uncommitted update, so nothing that was committed is left.
    const skewed = (skewSeconds: number): Seen =>
      run(LAG_100_S, {
        horizonSeconds: 220,
        load: { stopsAtMicros: 38_000_000 },
        costs: { segmentMicros: 10_000_000 },
        cluster: { clockSkewMicros: [skewSeconds * 1e6, 0] },
        faults: [hostLoss(at(38.005)), redeploy(at(38.006), 150)],
      });
    const seen = skewed(200);
    expect(restore(seen)).toEqual({ over: 0, under: frozenAt(seen, 3) + 1 });
    expect(seen.outcome.state).toMatchObject({ undercounted: frozenAt(seen, 3) + 1 });
    expect(broken(seen.outcome)).toEqual(['O3', 'S1']);
    expect(restore(skewed(0))).toEqual({ over: 577, under: 0 });
  });
});

describe('W-retain: the checkpoint has no changelog offset (c null)', () => {
  const early = { faults: [hostLoss(at(8.305))] };

  test('everything in the changelog is kept by default, and its inputs are processed again', () => {
    const seen = run({}, early);
    expect(seen.appended[0]).toMatchObject({ commit: 0, inputOffsets: [-1], changelogOffsets: [null] });
    expect(restore(seen)).toEqual({ over: 830, under: 0 });
    expect(seen.outcome.records.duplicated).toBe(830);
    expect(seen.outcome.state).toMatchObject({ overcounted: 830, undercounted: 0 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ updates_too_many: 830, window: 'W-retain' });
    expect(broken(seen.outcome)).toEqual(['O3']);
  });

  test.each([1, 2])('a reader of version %i is told the same window', (version) => {
    const seen = run({ 'task.checkpoint.read.versions': version }, early);
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ updates_too_many: 830, window: 'W-retain' });
  });

  test('with task.transactional.state.retain.existing.state=false the changelog is trimmed to nothing', () => {
    const seen = run({ 'task.transactional.state.retain.existing.state': false }, early);
    expect(restore(seen)).toEqual({ over: 0, under: 0 });
    // One undo record for each of the 830.
    expect(seen.appended.findLast((record) => record.commit === 0)).toMatchObject({ changelogOffsets: [1659] });
    expect(seen.outcome.state).toMatchObject({ overcounted: 0, undercounted: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('once a commit has found an entry in the changelog the window is closed', () => {
    const seen = run({}, { faults: [hostLoss(at(18.305))] });
    expect(restore(seen)).toEqual({ over: 0, under: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('W-standby: the standby had applied what was never committed', () => {
  const STANDBY = { 'job.standbytasks.replication.factor': 2 };
  const lost = { faults: [hostLoss(at(38.005))] };

  test('it takes over with all of it: the state is ahead although transactional restore is on', () => {
    const seen = run(STANDBY, lost);
    expect(seen.job.failoversToStandby).toBe(1);
    expect(seen.outcome.recoveries[0]).toMatchObject({ to_host: 1, restored_bytes: 0, restored_from: 'local' });
    expect(restore(seen)).toEqual({ over: since(seen, 3), under: 0 });
    expect(seen.outcome.state).toMatchObject({ overcounted: 581, undercounted: 0 });
    // No law is broken: a standby turns transactional restore off, and at-least-once state may be ahead.
    expect(broken(seen.outcome)).toEqual([]);
    expect(law(seen.outcome, 'O3').checked).toBe(0);
  });

  test('without a standby the state is taken back to the checkpoint', () => {
    const seen = run({}, lost);
    expect(restore(seen)).toEqual({ over: 0, under: 0 });
    expect(seen.outcome.state.overcounted).toBe(0);
    expect(law(seen.outcome, 'O3').checked).toBe(2);
  });

  test('a takeover right behind a commit finds nothing uncommitted', () => {
    const seen = run(STANDBY, { load: { stopsAtMicros: 31_000_000 }, faults: [hostLoss(at(38.005))] });
    expect(since(seen, 3)).toBe(0);
    expect(restore(seen)).toEqual({ over: 0, under: 0 });
  });
});

describe('W-async: puts between the flush of the store and the question for the newest offset', () => {
  const ASYNC = { ...SAME_HOST, 'task.async.commit': true, 'job.container.thread.pool.size': 2 };
  /** 102 ms from the end of flush-stores to the newest offset; so many keys that hardly one comes twice meanwhile. */
  const slowCheckpoint: WindowChanges = {
    job: { keys: 50_000 },
    costs: { storeCheckpointMicros: 100_000 },
    faults: [crash(after('complete', 3))],
  };

  test('the OFFSET file claims ten entries that died in the memtable', () => {
    const seen = run(ASYNC, slowCheckpoint);
    // Flushed at 32.22 s with record 3,220; asked at 32.32 s, when record 3,230 had landed.
    expect(frozenAt(seen, 3)).toBe(3218);
    expect(seen.appended.find((record) => record.commit === 3)!.changelogOffsets).toEqual([3230]);
    const { state } = seen.restored.find((each) => each.incarnation === 1)!;
    const { content } = seen.job;
    const missing = Array.from({ length: since(seen, 3) }, (_, i) => 3219 + i).filter(
      (offset) => state.count[content.key(content.hash(0, offset))] === 0,
    );
    expect(missing).toEqual([3221, 3222, 3223, 3224, 3225, 3226, 3227, 3228, 3229, 3230]);
    expect(law(seen.outcome, 'O4').first!.facts).toMatchObject({ keys_wrong: 10, window: 'W-async' });
    expect(broken(seen.outcome)).toEqual(['O4']);
  });

  test('each of them belongs to an input behind the frozen offsets: replay brings it back, and no update is missing', () => {
    const seen = run(ASYNC, slowCheckpoint);
    expect(restore(seen)).toEqual({ over: since(seen, 3) - 10, under: 0 });
    expect(seen.outcome.state).toMatchObject({ overcounted: since(seen, 3) - 10, undercounted: 0 });
    expect(law(seen.outcome, 'S1')).toMatchObject({ checked: 1, violations: 0 });
  });

  test('on another host the changelog is replayed from its beginning and nothing is skipped', () => {
    const seen = run(ASYNC, { ...slowCheckpoint, faults: [hostLoss(after('complete', 3))] });
    expect(restore(seen)).toEqual({ over: since(seen, 3), under: 0 });
    expect(law(seen.outcome, 'O4')).toMatchObject({ checked: 2, violations: 0 });
  });

  test('a task whose commit had to wait for a thread goes on with its backlog while the sync stage runs', () => {
    // Four tasks with a backlog on three threads; a sync stage takes two seconds.
    const seen = run(
      { ...ASYNC, 'job.container.thread.pool.size': 3 },
      {
        inputs: [{ partitions: 4 }],
        load: { perSecond: 400, stopsAtMicros: 10_000_000 },
        costs: { processMicros: 50_000, storeCheckpointMicros: 2_000_000 },
      },
    );
    const { tasks } = seen.job.cluster.official(0)!;
    const done = tasks.map((t) => t.last[0]!);
    expect(Math.max(...done)).toBeLessThan(999);
    expect(Math.max(...done) - Math.min(...done)).toBeLessThan(5);
  });

  test('without async commit the task stands still meanwhile', () => {
    const seen = run({ ...ASYNC, ...NON_TX, 'task.async.commit': false }, slowCheckpoint);
    expect(seen.appended.find((record) => record.commit === 3)!.changelogOffsets).toEqual([3218]);
    expect(law(seen.outcome, 'O4')).toMatchObject({ checked: 2, violations: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('W-asyncUser, as far as it can be shown: callbacks in flight hold the commit back, and the state stays exact', () => {
    // Eight calls of 50 ms in flight: a due commit waits until the last is done, and none begins meanwhile.
    const seen = run(
      { 'task.max.concurrency': 8, 'job.container.thread.pool.size': 2 },
      { job: { taskKind: 'async' }, costs: { processMicros: 50_000 }, faults: [hostLoss(at(38.005))] },
    );
    const commit = seen.appended.find((record) => record.commit === 3)!;
    expect(commit.changelogOffsets).toEqual([commit.inputOffsets[0]]);
    expect(restore(seen)).toEqual({ over: 0, under: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });
});
