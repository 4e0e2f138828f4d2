// The checkpoint topic (samza.md §2): which record a reader gets, by version priority and live age, and what a lost leader
// takes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KIND_NAMES } from '../../models/actions.ts';
import { type CheckpointRecord, CheckpointTopic } from '../../models/kafka/checkpoint-topic.ts';
import { World } from '../../sim/index.ts';

const live = 600_000_000;

function topicAt() {
  const world = new World(KIND_NAMES);
  const topic = new CheckpointTopic(world, 100);
  /** Appends commit `commit` of a task in one version, at a time. */
  const append = (at: number, version: 1 | 2, commit: number, task: number = 0): CheckpointRecord => {
    world.now = at;
    const record = {
      task,
      version,
      idMillis: 0,
      idNano: 0,
      inputOffsets: [commit],
      changelogOffsets: [],
      snapshotIndexes: [],
      commit,
      writer: 'test',
      appendedAt: -1,
    };
    topic.append(record);
    return record;
  };
  return { topic, append };
}

describe('a reader gets', () => {
  test('nothing when nobody wrote for its task or in its version', () => {
    const { topic, append } = topicAt();
    append(0, 1, 1, 5);
    expect(topic.read(0, [1, 2], live)).toBeNull();
    expect(topic.read(5, [2], live)).toBeNull();
    expect(topic.read(5, [], live)).toBeNull();
  });

  test('the last append of its version, whatever its id says', () => {
    const { topic, append } = topicAt();
    append(10, 1, 7);
    append(20, 1, 3); // a zombie's
    expect(topic.read(0, [1], live)?.commit).toBe(3);
  });

  test('the version that comes first in its list, as long as the other is not live for too much longer', () => {
    const { topic, append } = topicAt();
    append(0, 2, 1);
    append(live, 1, 9);
    expect(topic.read(0, [2, 1], live)?.version).toBe(2);
    expect(topic.read(0, [1, 2], live)?.version).toBe(1);
    append(live + 1, 1, 10);
    expect(topic.read(0, [2, 1], live)).toMatchObject({ version: 1, commit: 10 });
    expect(topic.read(0, [2], live)?.version).toBe(2);
  });

  test('of tasks and versions side by side always its own', () => {
    const { topic, append } = topicAt();
    for (let task = 0; task < 5; task++)
      for (const version of [1, 2] as const) append(0, version, task * 10 + version, task);
    for (let task = 0; task < 5; task++) {
      for (const version of [1, 2] as const) expect(topic.newest(task, version)?.commit).toBe(task * 10 + version);
    }
  });

  test('the newest of all under any list, when no record is older than the live age', () => {
    const appends = fc.array(fc.record({ gap: fc.nat(900), version: fc.constantFrom(1 as const, 2 as const) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(appends, fc.nat(2000), (written, liveAge) => {
        const { topic, append } = topicAt();
        let now = 0;
        const last = new Map<number, number>();
        for (const [commit, { gap, version }] of written.entries()) {
          now += gap;
          append(now, version, commit);
          last.set(version, now);
        }
        const [one, two] = [last.get(1), last.get(2)];
        const read = topic.read(0, [1, 2], liveAge);
        if (one === undefined || two === undefined) expect(read?.appendedAt).toBe(one ?? two);
        else expect(read?.version).toBe(two > one + liveAge ? 2 : 1);
      }),
    );
  });
});

test('a lost leader takes the newest appends, and the ones before count again', () => {
  const { topic, append } = topicAt();
  append(1, 1, 1);
  append(2, 2, 1);
  append(3, 1, 2);
  append(4, 2, 2);
  append(5, 1, 1, 9);
  expect(topic.loseNewest(2)).toBe(2);
  expect(topic.newest(9, 1)).toBeNull();
  expect(topic.newest(0, 2)?.commit).toBe(1);
  expect(topic.newest(0, 1)?.commit).toBe(2);
  expect(topic.loseNewest(100)).toBe(3);
  expect(topic.read(0, [1, 2], live)).toBeNull();
});

test('a stalled leader keeps requests back in their order, until its last stall is over', () => {
  const { topic } = topicAt();
  expect(topic.park('early')).toBe(false);
  topic.stall();
  topic.stall();
  expect([topic.park('a'), topic.park('b')]).toEqual([true, true]);
  expect(topic.unstall()).toEqual([]);
  expect(topic.park('c')).toBe(true);
  expect(topic.unstall()).toEqual(['a', 'b', 'c']);
  expect(topic.park('late')).toBe(false);
});

test('a reader scans what is there since the last compaction, not the whole history', () => {
  const { topic, append } = topicAt();
  for (let i = 0; i < 10_000; i++) append(i, 1, i, i % 3);
  expect(topic.records).toBe(10_000);
  expect(topic.scanLength).toBeLessThanOrEqual(100 + 3);
  expect(topic.scanLength).toBeGreaterThanOrEqual(3);
});
