// W-v1v2: two checkpoint versions are two records, and the one a reader takes may have been left behind. What it brings
// back is consistent in itself and old.
import { describe, expect, test } from 'vitest';
import { type Seen, broken, frozenAt, law, watch } from './watch.ts';
import { type SamzaKeys, after, at, configOf, crash, redeploy, windowPlan } from './window-plan.ts';

const READ = 'task.checkpoint.read.versions';
const WRITE = 'task.checkpoint.write.versions';

describe('W-v1v2 after a rollback', () => {
  /** Both versions are written until 15 s, version 1 alone until 45 s; then the job comes back as told. */
  const upgraded = (back: SamzaKeys): Seen =>
    watch(
      windowPlan({
        horizonSeconds: 70,
        faults: [redeploy(at(15.005), 1, configOf({ [WRITE]: 1 })), redeploy(at(45.005), 1, configOf(back))],
      }),
    );
  const restart = (seen: Seen): number => seen.running[2]!.next[0]!;

  test('a reader of version 2 starts from the record of before the rollback', () => {
    const seen = upgraded({ [READ]: 2 });
    expect(restart(seen)).toBe(frozenAt(seen, 1) + 1);
    expect(seen.restored[2]).toMatchObject({ over: 0, under: 0 });
    expect(law(seen.outcome, 'O6').first!.facts).toMatchObject({
      version: 2,
      from_offset: frozenAt(seen, 3),
      to_offset: frozenAt(seen, 1),
      window: 'W-v1v2',
    });
    expect(seen.outcome.recoveries.at(-1)!.replayed_records).toBe(4499 - frozenAt(seen, 1));
    expect(seen.outcome.records.lost).toBe(0);
    expect(broken(seen.outcome)).toEqual(['O6']);
  });

  test('a reader of version 1 does not', () => {
    const seen = upgraded({ [READ]: 1 });
    expect(restart(seen)).toBe(frozenAt(seen, 3) + 1);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a reader of 2,1 does, unless version 1 is newer by more than task.live.checkpoint.max.age', () => {
    const [v2, v1] = [1, 3].map((commit) =>
      upgraded({ [READ]: 2 }).appended.findLast(
        (record) => record.commit === commit && record.version === (commit === 1 ? 2 : 1),
      ),
    );
    const apartMs = (v1!.appendedAt - v2!.appendedAt) / 1000;
    expect(apartMs).toBeGreaterThan(20_000);
    const within = upgraded({ [READ]: '2,1', 'task.live.checkpoint.max.age': Math.ceil(apartMs) });
    expect(restart(within)).toBe(frozenAt(within, 1) + 1);
    expect(broken(within.outcome)).toEqual(['O6']);
    const beyond = upgraded({ [READ]: '2,1', 'task.live.checkpoint.max.age': Math.ceil(apartMs) - 1 });
    expect(restart(beyond)).toBe(frozenAt(beyond, 3) + 1);
    expect(broken(beyond.outcome)).toEqual([]);
  });
});

describe('W-v1v2 after a crash between the two records of a commit', () => {
  const switched = (read: number | string): Seen =>
    watch(windowPlan({ faults: [crash(after('append-v1', 3)), redeploy(at(32.5), 1, configOf({ [READ]: read }))] }));

  test.each([
    [1, 3],
    [2, 2],
  ])('a reader of version %i resumes from commit %i, with the state of that commit', (version, commit) => {
    const seen = switched(version);
    expect(seen.running[1]!.next).toEqual([frozenAt(seen, commit) + 1]);
    expect(seen.restored[1]).toMatchObject({ over: 0, under: 0 });
    expect(seen.outcome.records.duplicated).toBe(seen.deaths[0]!.last[0]! - frozenAt(seen, commit));
    expect(broken(seen.outcome)).toEqual(version === 1 ? [] : ['O6']);
  });
});
