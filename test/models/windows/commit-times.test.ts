// When a job commits and when it does not: ticks that merge, the seal commit at the start, no commit on a clean stop.
import { describe, expect, test } from 'vitest';
import { type Seen, broken, frozenAt, watch } from './watch.ts';
import {
  CACHED,
  NON_TX,
  STATELESS,
  type SamzaKeys,
  type WindowChanges,
  at,
  crash,
  hostLoss,
  inStart,
  redeploy,
  windowPlan,
} from './window-plan.ts';

function run(samza: SamzaKeys, changes: WindowChanges = {}): Seen {
  return watch(windowPlan({ samza, ...changes }));
}

/** Seconds at which commits of the timer froze their offsets. */
function commitSeconds(seen: Seen): number[] {
  return seen.frozen.filter(({ commit }) => commit > 0).map((each) => Math.floor(each.at / 1e5) / 10);
}

describe('commit ticks', () => {
  test('fall due every task.commit.ms from the start of the run loop', () => {
    expect(commitSeconds(run({}))).toEqual([12.2, 22.2, 32.2, 42.2, 52.2]);
    expect(commitSeconds(run({ 'task.commit.ms': 20_000 }))).toEqual([22.2, 42.2]);
  });

  test('that find one waiting merge into it: a call of 25 s makes one commit of two or three ticks', () => {
    // Calls end at 27.24 s and 52.28 s.
    const seen = run({}, { costs: { processMicros: 25_000_000 } });
    expect(commitSeconds(seen)).toEqual([27.2, 52.2]);
    expect(seen.outcome.checkpoint_detail).toMatchObject({ skipped: 0, blocked: 0 });
    expect(seen.outcome.checkpoint_detail.started).toBe(3);
  });

  test('do not come with a commit interval of 0 or less, and a crash repeats everything', () => {
    const seen = run({ 'task.commit.ms': 0 }, { faults: [crash(at(38.005))] });
    expect(seen.appended).toEqual([]);
    expect(seen.outcome.records.duplicated).toBe(3800);
  });

  test('of all tasks of a container come together, and each task commits by itself', () => {
    const seen = run({}, { inputs: [{ partitions: 3 }], load: { perSecond: 300 }, horizonSeconds: 20 });
    const first = seen.frozen.filter(({ commit }) => commit === 1);
    expect(first.map(({ task }) => task)).toEqual([0, 1, 2]);
    // One run-loop thread: each waits for the sync stages of those before it.
    expect(first[2]!.at - first[0]!.at).toBeGreaterThan(2 * 35_000);
    const pool = run(
      { 'job.container.thread.pool.size': 3 },
      { inputs: [{ partitions: 3 }], load: { perSecond: 300 }, horizonSeconds: 20 },
    );
    const apart = pool.frozen.filter(({ commit }) => commit === 1).map((each) => each.at);
    expect(Math.max(...apart) - Math.min(...apart)).toBeLessThan(1000);
  });
});

describe('commits that user code asks for', () => {
  const twoTasks: WindowChanges = { inputs: [{ partitions: 2 }], load: { perSecond: 200 }, horizonSeconds: 12 };

  test.each([
    ['task', [0]],
    ['container', [0, 1]],
  ] as const)('cover the current %s', (scope, tasks) => {
    // Task 1 gets a tenth of the records and never comes to 300 by itself.
    const seen = watch(
      windowPlan({
        ...twoTasks,
        inputs: [{}, { stream: 'second', partitions: 2, weight: 0.2 }],
        config: { manualCommitEvery: 300, manualCommitScope: scope },
      }),
    );
    const asked = new Set(seen.frozen.filter(({ commit }) => commit > 0).map(({ task }) => task));
    expect([0, 1].filter((task) => asked.has(task))).toEqual(tasks);
  });

  test('come right behind the message that asked: its offset is in the checkpoint', () => {
    const seen = watch(
      windowPlan({ horizonSeconds: 12, config: { manualCommitEvery: 300, manualCommitScope: 'task' } }),
    );
    expect(seen.frozen.filter(({ commit }) => commit > 0).map(({ offsets }) => offsets[0])).toEqual([299, 599, 899]);
  });
});

describe('the seal commit', () => {
  test.each([
    ['with a transactional store', {}, 2],
    ['without any store', STATELESS, 2],
    ['not with non-transactional restore', NON_TX, 0],
    ['not without a commit timer', { 'task.commit.ms': -1 }, 0],
    ['not with async commit, which turns transactional restore off', { 'task.async.commit': true }, 0],
  ])('runs before the first message %s', (_title, samza, records) => {
    const seen = run(samza, { horizonSeconds: 5 });
    expect(seen.appended.map(({ commit, inputOffsets }) => [commit, inputOffsets])).toEqual(
      Array.from({ length: records }, () => [0, [-1]]),
    );
  });

  test('is waited for up to the end of its sync stage: messages are processed before it is durable', () => {
    const seen = run({}, { horizonSeconds: 5, costs: { writeFilesMicros: 500_000 } });
    expect(seen.appended[0]!.appendedAt - seen.running[0]!.at).toBeGreaterThan(500_000);
    const { pending } = run({}, { horizonSeconds: 2.7, costs: { writeFilesMicros: 500_000 } }).outcome.records;
    expect(pending).toBeLessThanOrEqual(1);
  });

  // 581 updates lie behind commit 3 when the host dies. A start undoes them with one record each.
  const undone = (again: number): Seen =>
    run({}, { faults: [hostLoss(at(38.005)), crash(inStart(1, again < 0 ? 'seal' : 'running', Math.abs(again)))] });
  const seals = (seen: Seen): (number | null)[] =>
    seen.appended
      .filter(({ commit, version }) => commit === 0 && version === 1)
      .map((record) => record.changelogOffsets[0] ?? null);

  test('makes the trimmed changelog the committed one: the next start does not trim it again', () => {
    const seen = undone(0.1);
    const uncommitted = seen.deaths[0]!.changelogHeads[0]! - (frozenAt(seen, 3) + 1);
    expect(uncommitted).toBe(577);
    const sealed = 3800 + uncommitted - 1;
    expect(seals(seen).slice(0, 2)).toEqual([null, sealed]);
    const since = seen.deaths[1]!.changelogHeads[0]! - (sealed + 1);
    expect(since).toBeLessThan(300);
    expect(seals(seen)[2]).toBe(sealed + 2 * since);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('that is not durable when the start dies leaves the old target: what was undone is undone again, to the same values', () => {
    const seen = undone(-0.01);
    expect(seals(seen)).toEqual([null, 3800 + 577 + (577 + 577) - 1]);
    expect(seen.restored.map(({ over, under }) => over + under)).toEqual([0, 0, 0]);
    expect(seen.outcome.state).toMatchObject({ overcounted: 0, undercounted: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('a clean stop', () => {
  const stopped = (samza: SamzaKeys, faults = [redeploy(at(38.005), 2)], changes: WindowChanges = {}): Seen =>
    run(samza, { faults, ...changes });

  test('does not commit: up to an interval is processed again', () => {
    const seen = stopped({});
    expect(seen.appended.filter(({ appendedAt }) => appendedAt > 33_000_000 && appendedAt < 41_000_000)).toEqual([]);
    expect(seen.running[1]!.next).toEqual([frozenAt(seen, 3) + 1]);
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 3799 - frozenAt(seen, 3) });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('right behind a commit repeats nothing', () => {
    const seen = stopped({}, [redeploy(at(38.005), 2)], { load: { stopsAtMicros: 32_200_000 } });
    expect(seen.outcome.records.duplicated).toBe(0);
  });

  test('flushes the cache to the changelog, which ends ahead of the checkpoint; a crash leaves it where it was', () => {
    const clean = stopped({ ...CACHED, ...NON_TX });
    const behind = 3799 - frozenAt(clean, 3);
    expect(clean.restored[1]).toMatchObject({ over: behind, under: 0 });
    expect(clean.outcome.state.overcounted).toBe(behind);
    const crashed = stopped({ ...CACHED, ...NON_TX }, [hostLoss(at(38.005))]);
    expect(crashed.restored[1]).toMatchObject({ over: 0, under: 0 });
    expect(crashed.outcome.state.overcounted).toBe(0);
  });

  test('takes nothing with it that a transactional restore would keep', () => {
    const seen = stopped(CACHED);
    expect(seen.restored[1]).toMatchObject({ over: 0, under: 0 });
    expect(seen.outcome.state).toMatchObject({ overcounted: 0, undercounted: 0 });
  });
});
