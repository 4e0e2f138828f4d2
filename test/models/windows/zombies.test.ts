// Two containers of one task, because YARN gave a host up whose container lives on (or woke up): how long that can last
// (O8), and what the two do to each other's checkpoints, changelog and blobs: W-zombie-ckpt, W-zombie-log, W-zombie-blob.
// A host that falls silent is given up 3.5 s later; heartbeats are sent at 2, 62, 122 s.
import { describe, expect, test } from 'vitest';
import type { FaultPlan } from '../../../models/plan.ts';
import { type Seen, broken, foldInputs, frozenAt, law, watch } from './watch.ts';
import {
  BLOB,
  CACHED,
  type SamzaKeys,
  type WindowChanges,
  after,
  at,
  crash,
  cutOff,
  pause,
  windowPlan,
} from './window-plan.ts';

const NO_MONITOR = { 'job.container.heartbeat.monitor.enabled': false };
const FOR_EVER = 10_000;

function run(samza: SamzaKeys, changes: WindowChanges): Seen {
  return watch(windowPlan({ samza, ...changes }));
}

describe('O8: an orphan is gone within 273 s of being given up', () => {
  /** Seconds from being given up to its end, as the law counts them. */
  const orphan = (seen: Seen, cutSeconds: number): number =>
    seen.deaths.find((death) => death.incarnation === 0)!.at / 1e6 - (cutSeconds + 3.5);

  test('it stops at its next heartbeat when it can ask', () => {
    const seen = run({}, { horizonSeconds: 70, faults: [cutOff(at(10), 'node-manager', FOR_EVER)] });
    expect(seen.deaths[0]!.at).toBeGreaterThanOrEqual(62_000_000);
    expect(seen.deaths[0]!.at).toBeLessThan(62_050_000);
    expect(orphan(seen, 10)).toBeLessThan(48.6);
    expect(law(seen.outcome, 'O8')).toMatchObject({ checked: 1, violations: 0 });
  });

  test('it asks for 93 s before it takes silence for a no', () => {
    const seen = run({}, { horizonSeconds: 170, faults: [cutOff(at(10), 'cluster-manager', FOR_EVER)] });
    expect(Math.floor(seen.deaths[0]!.at / 1000)).toBe(62_000 + 6 * 5000 + (1 + 2 + 4 + 8 + 16 + 32) * 1000);
    expect(law(seen.outcome, 'O8')).toMatchObject({ checked: 1, violations: 0 });
  });

  test('a partition that heals meanwhile is answered at the next try', () => {
    // Tries at 62, 68, 75, 84, 97 and 118 s.
    const seen = run({}, { horizonSeconds: 130, faults: [cutOff(at(10), 'cluster-manager', 90)] });
    expect(Math.floor(seen.deaths[0]!.at / 1000)).toBe(118_000);
  });

  test('one that cannot flush either is forced out after 120 s more: 269.4 s in all when it is cut off behind a heartbeat', () => {
    const faults = [cutOff(at(62.1), 'cluster-manager', FOR_EVER), cutOff(at(62.1), 'kafka', FOR_EVER)];
    const seen = run(CACHED, { horizonSeconds: 340, load: { perSecond: 10 }, faults });
    expect(seen.deaths[0]!.at).toBe((122 + 93 + 120) * 1_000_000);
    expect(orphan(seen, 62.1)).toBeCloseTo(269.4, 6);
    expect(law(seen.outcome, 'O8')).toMatchObject({ checked: 1, violations: 0 });
  });

  test('without the heartbeat monitor nothing ends it, and the law is broken one second past the bound', () => {
    const lives = (horizonSeconds: number): Seen =>
      run(NO_MONITOR, {
        horizonSeconds,
        load: { perSecond: 10 },
        faults: [cutOff(at(10), 'node-manager', FOR_EVER)],
      });
    const seen = lives(13.5 + 274);
    expect(law(seen.outcome, 'O8').first!.facts).toMatchObject({ container: 0, host: 0, lived_s: 274, bound_s: 273 });
    expect(seen.outcome.verdict).toMatchObject({ kind: 'violated', law: 'O8' });
    expect(seen.deaths).toEqual([]);
    expect(law(lives(13.5 + 273).outcome, 'O8')).toMatchObject({ checked: 0, violations: 0 });
  });

  test('a host that is heard again before it is given up has no orphan', () => {
    const seen = run(NO_MONITOR, { faults: [cutOff(at(10), 'node-manager', 2.9)] });
    expect(seen.running).toHaveLength(1);
    expect(seen.job.zombieSeen).toBe(false);
    expect(seen.outcome.faults[0]).toMatchObject({ injected: 1, bit: 0 });
    expect(seen.outcome.records.duplicated).toBe(0);
  });
});

describe('W-zombie-ckpt: an older checkpoint lands behind a newer one', () => {
  // A stands still from commit 3's async stage on (32.3 s) and is given up at 35.8 s. B commits at 47.3 s. A wakes up at
  // 52.3 s, appends its commit 3, and dies. B dies at 56.005 s and starts once more.
  const late = (sleepSeconds: number, more: WindowChanges['faults'] = []): NonNullable<WindowChanges['faults']> => [
    pause(after('submit-async', 3), sleepSeconds),
    ...more,
    crash(after('append-v1', 3)),
    crash(at(56.005)),
  ];
  const givenUp = cutOff(after('submit-async', 3), 'node-manager', FOR_EVER);

  test('the task goes back: its next start repeats the interval that B had committed', () => {
    const seen = run({}, { faults: late(20, [givenUp]) });
    expect(seen.running.map(({ host }) => host)).toEqual([0, 1, 1]);
    const [byA, byB] = [frozenAt(seen, 3), frozenAt(seen, 4)];
    expect(seen.appended.filter(({ version }) => version === 1).map(({ commit }) => commit)).toEqual([
      0, 1, 2, 0, 4, 3, 0,
    ]);
    expect(law(seen.outcome, 'O6').first!.facts).toMatchObject({
      from_offset: byB,
      to_offset: byA,
      written_by: 'container 0 (start 0, host 0)',
      after: 'container 0 (start 1, host 1)',
      window: 'W-zombie-ckpt',
    });
    expect(seen.running[2]!.next).toEqual([byA + 1]);
    expect(byB - byA).toBe(1502);
    expect(seen.outcome.recoveries.at(-1)!.replayed_records).toBe(5599 - byA);
    expect(broken(seen.outcome)).toEqual(['O6']);
  });

  test('the state goes back with it: B’s entries behind A’s offset are undone', () => {
    const seen = run({}, { faults: late(20, [givenUp]) });
    expect(seen.restored.at(-1)).toMatchObject({ incarnation: 2, over: 0, under: 0 });
    expect(seen.outcome.state).toMatchObject({ overcounted: 0, undercounted: 0 });
  });

  test('when A sleeps on, B starts where B had committed', () => {
    const seen = run({}, { faults: late(FOR_EVER, [givenUp]) });
    expect(seen.running[2]!.next).toEqual([frozenAt(seen, 4) + 1]);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a pause in which nobody gives the host up harms nothing', () => {
    const seen = run({}, { faults: [pause(after('submit-async', 3), 20)] });
    expect(seen.running).toHaveLength(1);
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });
});

function hostDies(seconds: number, host: number, diskLost: boolean = false): FaultPlan {
  return { kind: 'host-crash', trigger: at(seconds), host, downMicros: FOR_EVER * 1_000_000, diskLost };
}

describe('W-zombie-log: two writers in one changelog partition', () => {
  // A commits at 32.2 s and is given up at 36.5 s; B starts and commits at 48.2 s; both hosts die at 50 s.
  const lonelyEnd = [hostDies(50, 0), hostDies(50, 1)];
  const givenUp = cutOff(at(33), 'node-manager', FOR_EVER);

  test('A’s entries between B’s offsets and B’s newest changelog offset are in the state that B comes back to', () => {
    const seen = run(NO_MONITOR, { cluster: { hosts: 3 }, faults: [givenUp, ...lonelyEnd] });
    const commit = seen.appended.findLast((record) => record.version === 1 && record.appendedAt < 50_000_000)!;
    expect(commit.writer).toBe('container 0 (start 1, host 1)');
    // Frozen at 48.23 s, asked at 48.27 s: what A processed at 48.24, 48.25, 48.26 and 48.27 s had landed by then.
    expect(seen.restored.at(-1)).toMatchObject({ over: 4, under: 0 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ updates_too_many: 4, window: 'W-zombie-log' });
    expect(seen.outcome.state).toMatchObject({ overcounted: 4, undercounted: 0 });
  });

  test('a writer that lags behind overwrites newer values, and the commit of the other covers that: updates are lost', () => {
    // A sleeps from 33 to 48.2 s and then works off its backlog while B commits: the updates of its first 97 records
    // have landed when B asks for the newest offset, at 48.29 s.
    const faults = [pause(at(33), 15.2), givenUp, ...lonelyEnd];
    const seen = run(NO_MONITOR, { cluster: { hosts: 3 }, faults });
    const commit = seen.appended.findLast((record) => record.version === 1 && record.appendedAt < 50_000_000)!;
    const [now, stale] = [foldInputs(seen.job, 0, commit.inputOffsets), foldInputs(seen.job, 0, [3299 + 96])];
    const { content } = seen.job;
    const touched = new Set(Array.from({ length: 97 }, (_, i) => content.key(content.hash(0, 3299 + i))));
    const missing = [...touched].reduce((sum, key) => sum + now.count[key]! - stale.count[key]!, 0);
    expect(missing).toBeGreaterThan(1000);
    expect(seen.restored.at(-1)).toMatchObject({ over: 0, under: missing, wrongKeys: touched.size });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ updates_missing: missing, window: 'W-zombie-log' });
    expect(seen.outcome.state).toMatchObject({ undercounted: missing, overcounted: 0 });
    expect(broken(seen.outcome)).toContain('S1');
  });

  test('on B’s own host its checkpoint directory has the exact state, whatever the changelog holds', () => {
    const seen = run(NO_MONITOR, { faults: [givenUp, hostDies(50, 0), crash(at(50.005))] });
    expect(seen.outcome.recoveries.at(-1)!.restored_from).toBe('local');
    expect(seen.restored.at(-1)).toMatchObject({ incarnation: 2, over: 0, under: 0 });
  });

  test('with A dead before B starts, one writer is left and the state is exact', () => {
    const seen = run(NO_MONITOR, { cluster: { hosts: 3 }, faults: [hostDies(33, 0), hostDies(50, 1)] });
    expect(seen.running.map(({ host }) => host)).toEqual([0, 1, 2]);
    expect(seen.restored.map(({ over, under }) => over + under)).toEqual([0, 0, 0]);
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('W-zombie-blob: an orphan’s clean-up deletes what its successor has read and builds upon', () => {
  // Files merge at the fifth commit (52.2 s), whose clean-up deletes the four of commit 4. B reads commit 4's checkpoint
  // at 52.2 s, seals what it restored at 53.2 s, and both hosts die at 58 s.
  const blobs = (first: FaultPlan, then: readonly FaultPlan[]): Seen =>
    run(
      { ...BLOB, ...NO_MONITOR },
      {
        horizonSeconds: 80,
        job: { keys: 2000 },
        cluster: { hosts: 3 },
        costs: { blobBytesPerSecond: 500_000 },
        faults: [first, ...then],
      },
    );
  const end = [hostDies(58, 0, true), hostDies(58, 1, true)];

  const givenUp = cutOff(at(46.6), 'node-manager', FOR_EVER);

  test('B’s checkpoint takes the place of A’s newer one and points to blobs that A has deleted', () => {
    const seen = blobs(givenUp, end);
    expect(seen.appended.filter(({ version }) => version === 2).map(({ commit }) => commit)).toEqual([
      ...[0, 1, 2, 3, 4, 5],
      ...[0, 0, 6],
    ]);
    expect(law(seen.outcome, 'O7').first!.facts).toMatchObject({ blobs: 'deleted', window: 'W-zombie-blob' });
    expect(law(seen.outcome, 'O6').first!.facts).toMatchObject({
      from_offset: frozenAt(seen, 5),
      to_offset: frozenAt(seen, 4),
      window: 'W-zombie-ckpt',
    });
    expect(broken(seen.outcome)).toEqual(['O6', 'O7']);
  });

  test('the next start reads the deleted blobs once more and uploads everything afresh: nothing is lost', () => {
    const seen = blobs(givenUp, end);
    const safe = blobs(hostDies(46.6, 0, true), end.slice(1));
    expect(seen.restored.at(-1)).toMatchObject({ incarnation: 2, over: 0, under: 0 });
    expect(seen.outcome.state).toMatchObject({ overcounted: 0, undercounted: 0 });
    const merged = foldInputs(seen.job, 0, [frozenAt(seen, 5)]).count.filter((count) => count > 0).length;
    // Beyond what the run without A uploads: A's merged file, and all files of B's checkpoint again.
    const again = seen.outcome.recoveries.at(-1)!.restored_bytes;
    expect(again).toBe(390_120);
    expect(seen.outcome.storage.blob_bytes_uploaded - safe.outcome.storage.blob_bytes_uploaded).toBe(
      merged * 120 + again,
    );
  });

  test('with A dead instead of forgotten, every blob of the newest checkpoint is there', () => {
    const seen = blobs(hostDies(46.6, 0, true), end.slice(1));
    expect(law(seen.outcome, 'O7').checked).toBeGreaterThan(3);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('when both commit on, each in turn, A’s own record is the newest one at each of its clean-ups', () => {
    const seen = run(
      { ...BLOB, ...NO_MONITOR },
      { horizonSeconds: 110, job: { keys: 2000 }, faults: [cutOff(at(33), 'node-manager', FOR_EVER)] },
    );
    expect(law(seen.outcome, 'O7').checked).toBeGreaterThan(10);
    expect(law(seen.outcome, 'O7').violations).toBe(0);
  });

  test('an orphan that stops before its clean-up deletes nothing', () => {
    // The heartbeat of 62 s comes before the commit of 62.2 s, whose clean-up would have been A's first as an orphan.
    const seen = run(
      { ...BLOB, 'task.commit.ms': 20_000 },
      {
        horizonSeconds: 100,
        job: { keys: 2000 },
        cluster: { hosts: 3 },
        faults: [cutOff(at(56.6), 'node-manager', FOR_EVER), hostDies(75, 1, true)],
      },
    );
    expect(seen.deaths[0]).toMatchObject({ incarnation: 0 });
    expect(seen.running).toHaveLength(3);
    expect(law(seen.outcome, 'O7')).toMatchObject({ violations: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });
});
