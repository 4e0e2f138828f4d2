// Windows in which a job moves past inputs it never processed: W-first, W-idleSSP, W-range, W-intermediate. What is lost
// is what lies between the last record before the stop and the position of the restart; at 100 records a second that can
// be read off the clock.
import { describe, expect, test } from 'vitest';
import { type Seen, broken, frozenAt, law, watch } from './watch.ts';
import {
  type SamzaKeys,
  STATELESS,
  type WindowChanges,
  after,
  at,
  configOf,
  crash,
  hostLoss,
  leaderLoss,
  redeploy,
  windowPlan,
} from './window-plan.ts';

const UPCOMING = [{ offsetDefault: 'upcoming' }] as const;

/** Records between how far the first container came and where the second began, on one SSP. */
function passedOver(seen: Seen, ssp: number = 0): number {
  return seen.running[1]!.next[ssp]! - (seen.deaths[0]!.last[ssp]! + 1);
}

function windowsOf(seen: Seen): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { window, records } of seen.outcome.windows) sums[window] = (sums[window] ?? 0) + records;
  return sums;
}

describe('W-first: a crash before the first checkpoint that holds an input', () => {
  const run = (changes: WindowChanges): Seen => watch(windowPlan({ samza: STATELESS, inputs: UPCOMING, ...changes }));

  test('with offset default upcoming, everything from the crash to the restart is never processed', () => {
    // Dead at 8.305 s, told at 8.805, asked at 9.0, up at 10.0, running at 10.2 s: records 830 to 1,022 are lost.
    const seen = run({ faults: [crash(at(8.305))] });
    expect(seen.deaths[0]!.last).toEqual([829]);
    expect(seen.running[1]!.next).toEqual([1020]);
    expect(seen.outcome.records).toMatchObject({ lost: 190, duplicated: 0 });
    expect(windowsOf(seen)).toEqual({ 'W-first': 190 });
    expect(law(seen.outcome, 'O1').first!.facts).toMatchObject({ records_lost: 190, window: 'W-first' });
    expect(broken(seen.outcome)).toEqual(['O1']);
    expect(seen.outcome.recoveries[0]).toMatchObject({ skipped_records: 190, replayed_records: 0 });
  });

  test('the seal commit had written a checkpoint, but one without inputs', () => {
    const seen = run({ faults: [crash(at(8.305))] });
    expect(seen.appended[0]).toMatchObject({ commit: 0, inputOffsets: [-1] });
  });

  test('with offset default oldest nothing is lost and everything is processed again', () => {
    const seen = run({ inputs: [{ offsetDefault: 'oldest' }], faults: [crash(at(8.305))] });
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 830 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a crash after the first commit loses nothing and repeats what came after that commit', () => {
    const seen = run({ faults: [crash(after('append-v1', 1))] });
    expect(seen.outcome.records).toMatchObject({ lost: 0 });
    expect(seen.outcome.records.duplicated).toBe(seen.deaths[0]!.last[0]! - frozenAt(seen, 1));
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a crash one step before the first checkpoint is durable still does', () => {
    const seen = run({ faults: [crash(after('submit-async', 1))] });
    expect(seen.outcome.records.lost).toBe(passedOver(seen));
    expect(windowsOf(seen)).toEqual({ 'W-first': passedOver(seen) });
    expect(passedOver(seen)).toBeGreaterThan(100);
  });
});

describe('W-idleSSP: an input that was silent at the first commit', () => {
  /** Commits at 12.2 s and 22.2 s. */
  const run = (secondStartsAt: number, crashAt: number, changes: WindowChanges = {}): Seen =>
    watch(
      windowPlan({
        samza: STATELESS,
        inputs: [
          { stream: 'clicks', offsetDefault: 'upcoming' },
          { stream: 'purchases', offsetDefault: 'upcoming', startsAtMicros: secondStartsAt * 1_000_000 },
        ],
        faults: [crash(at(crashAt))],
        ...changes,
      }),
    );

  test('spoke after the first commit, crashed before the second: its records of the downtime are lost, the other’s are not', () => {
    const seen = run(15, 18.305);
    const lost = passedOver(seen, 1);
    // About half of 190 records.
    expect(lost).toBeGreaterThan(70);
    expect(lost).toBeLessThan(120);
    expect(seen.outcome.records.lost).toBe(lost);
    expect(seen.outcome.windows).toEqual([
      { window: 'W-idleSSP', ssp: 'purchases-0', records: lost, at_us: seen.running[1]!.at },
    ]);
    expect(seen.running[1]!.next[0]).toBe(frozenAt(seen, 1) + 1);
    expect(law(seen.outcome, 'O1')).toMatchObject({ checked: 2, violations: 1 });
    expect(broken(seen.outcome)).toEqual(['O1']);
  });

  test.each([
    ['after the second commit both are in the checkpoint', run(15, 24.305)],
    ['an input that spoke before the first commit is in it', run(0, 18.305)],
    [
      'with offset default oldest the silent input starts at its beginning',
      run(15, 18.305, { inputs: [{ stream: 'clicks' }, { stream: 'purchases', startsAtMicros: 15_000_000 }] }),
    ],
  ])('%s: nothing is lost', (_title, seen) => {
    expect(seen.running).toHaveLength(2);
    expect(seen.outcome.records.lost).toBe(0);
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('W-range: down for longer than the input is kept', () => {
  const run = (retentionSeconds: number | null, downSeconds: number, offsetDefault: 'upcoming' | 'oldest'): Seen =>
    watch(
      windowPlan({
        samza: STATELESS,
        inputs: [{ offsetDefault, retentionMicros: retentionSeconds === null ? null : retentionSeconds * 1e6 }],
        horizonSeconds: 90,
        faults: [redeploy(at(30.005), downSeconds)],
      }),
    );

  test('the checkpointed offset is gone, and the consumer jumps to the end without an error', () => {
    // Stopped behind record 2,999, asked at 71 s, running at 72.2 s: 42.2 s of records have passed.
    const seen = run(20, 40, 'upcoming');
    expect(seen.deaths[0]!.last).toEqual([2999]);
    expect(passedOver(seen)).toBe(4220);
    expect(seen.outcome.records).toMatchObject({ lost: 4220, duplicated: 0 });
    expect(windowsOf(seen)).toEqual({ 'W-range': 4220 });
    expect(law(seen.outcome, 'O1').first!.facts).toMatchObject({ first_offset: 3000, window: 'W-range' });
    expect(broken(seen.outcome)).toEqual(['O1']);
  });

  test('with offset default oldest only what the retention has taken is lost', () => {
    const seen = run(20, 40, 'oldest');
    // Segments close every 5 s and leave 20 s later: at 72.2 s the one that closed at 50 s, right before record 4,999
    // arrived, has gone, and the next has not.
    expect(seen.running[1]!.next).toEqual([4999]);
    expect(seen.outcome.records).toMatchObject({ lost: 1999, duplicated: 0 });
    expect(windowsOf(seen)).toEqual({ 'W-range': 1999 });
  });

  test.each([
    ['kept for longer than the downtime', 60],
    ['kept for ever', null],
  ])('an input that is %s is taken up where the checkpoint says', (_title, retention) => {
    const seen = run(retention, 40, 'upcoming');
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 2999 - frozenAt(seen, 2) });
    expect(seen.running[1]!.next).toEqual([frozenAt(seen, 2) + 1]);
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('W-intermediate: step 11 deleted input that an older checkpoint still needs', () => {
  // The checkpoint topic's leader dies with commit 3 (both versions) on it alone, after step 11 of that commit.
  const older = [leaderLoss(after('complete', 3), 'checkpoint', 2), hostLoss(after('complete', 3))];
  const run = (deleteCommitted: boolean, offsetDefault: 'upcoming' | 'oldest', samza: SamzaKeys = {}): Seen =>
    watch(windowPlan({ samza, inputs: [{ deleteCommitted, offsetDefault }], faults: older }));

  test('the restart finds its offset deleted and jumps to the end: the records of the downtime are lost', () => {
    const seen = run(true, 'upcoming', STATELESS);
    expect(passedOver(seen)).toBeGreaterThan(400);
    expect(seen.outcome.records).toMatchObject({ lost: passedOver(seen), duplicated: 0 });
    expect(broken(seen.outcome)).toEqual(['O1', 'O6']);
    expect(windowsOf(seen)).toEqual({ 'W-range': passedOver(seen) });
  });

  test('with offset default oldest every input is processed, yet the state lacks those between the two checkpoints', () => {
    const seen = run(true, 'oldest');
    expect(frozenAt(seen, 3) - frozenAt(seen, 2)).toBe(1000);
    expect(seen.running[1]!.next).toEqual([frozenAt(seen, 3) + 1]);
    expect(seen.outcome.records.lost).toBe(0);
    expect(seen.outcome.state).toMatchObject({ undercounted: 1000, overcounted: 0 });
    expect(law(seen.outcome, 'S1').first!.facts).toMatchObject({ updates_missing: 1000 });
    expect(broken(seen.outcome)).toEqual(['O6', 'S1']);
  });

  test('so does a reader that is switched to version 2 after a time in which only version 1 was written', () => {
    const v1 = configOf({ 'task.checkpoint.write.versions': 1 });
    const v2 = configOf({ 'task.checkpoint.read.versions': 2 });
    const faults = [redeploy(at(15.005), 1, v1), redeploy(at(45.005), 1, v2)];
    const seen = watch(windowPlan({ inputs: [{ deleteCommitted: true }], horizonSeconds: 70, faults }));
    // Commit 1 is the last in version 2; commits 2 and 3 of the second start exist in version 1 only.
    expect(seen.restored.at(-1)).toMatchObject({ incarnation: 2, over: 0, under: 0 });
    expect(seen.running.at(-1)!.next).toEqual([frozenAt(seen, 3) + 1]);
    expect(seen.outcome.state).toMatchObject({ undercounted: frozenAt(seen, 3) - frozenAt(seen, 1), overcounted: 0 });
    expect(law(seen.outcome, 'O6').first!.facts).toMatchObject({ window: 'W-v1v2' });
    expect(broken(seen.outcome)).toEqual(['O6', 'S1']);
  });

  test('without the deletion the same loss of a checkpoint costs one interval of repeated work and nothing else', () => {
    const seen = run(false, 'oldest');
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: seen.deaths[0]!.last[0]! - frozenAt(seen, 2) });
    expect(seen.outcome.state).toMatchObject({ undercounted: 0, overcounted: 0 });
    expect(broken(seen.outcome)).toEqual(['O6']);
  });

  test('only streams that say so are deleted from, up to the committed offset', () => {
    const seen = watch(
      windowPlan({ inputs: [{}, { stream: 'repartitioned', deleteCommitted: true }], horizonSeconds: 35 }),
    );
    const committed = seen.appended.at(-1)!.inputOffsets;
    expect(seen.job.inputs.map(({ oldest }) => oldest)).toEqual([0, committed[1]! + 1]);
  });

  test('with the newest checkpoint nothing that was deleted is needed', () => {
    const seen = watch(windowPlan({ inputs: [{ deleteCommitted: true }], faults: [hostLoss(after('complete', 3))] }));
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: seen.deaths[0]!.last[0]! - frozenAt(seen, 3) });
    expect(broken(seen.outcome)).toEqual([]);
  });
});
