// Windows in which committed updates go missing from a store although their inputs are checkpointed: W-cache, W-cache2,
// W-lagMem, W-range2 and the changelog's part of W-acks1. Every commit covers 1,000 records here (10 s at 100 a second).
import { describe, expect, test } from 'vitest';
import { type Seen, broken, foldInputs, frozenAt, law, watch } from './watch.ts';
import {
  CACHED,
  IN_MEMORY,
  NON_TX,
  SAME_HOST,
  type SamzaKeys,
  type WindowChanges,
  after,
  at,
  crash,
  hostLoss,
  leaderLoss,
  redeploy,
  stall,
  windowPlan,
} from './window-plan.ts';

const LINGER = 'systems.kafka.producer.linger.ms';

function run(samza: SamzaKeys, rest: WindowChanges = {}): Seen {
  return watch(windowPlan({ samza, ...rest }));
}

/** What the store of a start held against the fold of the inputs up to its checkpoint. */
function restore(seen: Seen, incarnation: number): { over: number; under: number } {
  const { over, under } = seen.restored.find((each) => each.incarnation === incarnation)!;
  return { over, under };
}

describe('W-cache: dirty cache entries leave after the only producer flush', () => {
  // Sent when flush-stores begins; the newest offset is read 20 + 15 + 2 ms later, and an append takes linger + 2 ms.
  const lost = { faults: [hostLoss(after('complete', 3))] };

  test('entries that land after the newest offset was read are undone on another host: one interval of updates', () => {
    const seen = run({ ...CACHED, [LINGER]: 36 }, lost);
    expect(frozenAt(seen, 3) - frozenAt(seen, 2)).toBe(1000);
    expect(restore(seen, 1)).toEqual({ over: 0, under: 1000 });
    expect(law(seen.outcome, 'O3')).toMatchObject({ violations: 1, first: { facts: { window: 'W-cache' } } });
    expect(law(seen.outcome, 'S1').first!.facts).toMatchObject({ updates_missing: 1000, updates_too_many: 0 });
    expect(broken(seen.outcome)).toEqual(['O3', 'S1']);
    expect(seen.outcome.verdict).toMatchObject({ kind: 'violated', law: 'O3' });
    expect(seen.outcome.state).toMatchObject({ undercounted: 1000, overcounted: 0, wrong_keys: 40 });
    expect(seen.outcome.records).toMatchObject({ lost: 0, outputs_lost: 0 });
  });

  test('the entries had reached the changelog: the trim wrote the old values over them', () => {
    const seen = run({ ...CACHED, [LINGER]: 36 }, { faults: [hostLoss(after('complete', 3))] });
    // 40 keys: entries of three commits at offsets 0-119, then one undo record for each of 80-119.
    expect(seen.appended.find((record) => record.commit === 3)!.changelogOffsets).toEqual([79]);
    expect(seen.deaths[0]!.changelogHeads).toEqual([120]);
    expect(seen.appended.find((record) => record.commit === 0 && record.writer.includes('start 1'))).toMatchObject({
      changelogOffsets: [159],
    });
  });

  test('a linger 2 ms shorter closes it: the entries land before the newest offset is read', () => {
    const seen = run({ ...CACHED, [LINGER]: 34 }, lost);
    expect(restore(seen, 1)).toEqual({ over: 0, under: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('without the object cache nothing is sent after the flush', () => {
    const seen = run({ [LINGER]: 36 }, lost);
    expect(restore(seen, 1)).toEqual({ over: 0, under: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('on the same host the checkpoint directory holds the values, and the trim makes the changelog hold them too', () => {
    const faults = [crash(after('complete', 3)), hostLoss(at(40))];
    const seen = run({ ...CACHED, ...SAME_HOST, [LINGER]: 36 }, { faults });
    expect(seen.running.map(({ host }) => host)).toEqual([0, 0, 1]);
    expect(seen.outcome.recoveries[0]!.restored_from).toBe('local');
    expect([restore(seen, 1), restore(seen, 2)]).toEqual([
      { over: 0, under: 0 },
      { over: 0, under: 0 },
    ]);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('an in-memory store has no disk to flush to, so Samza’s own linger of 10 ms is enough', () => {
    const inMemory = { ...CACHED, ...IN_MEMORY, [LINGER]: 10 };
    const seen = run(inMemory, { ...lost, costs: { storeFlushMicros: 0 } });
    expect(restore(seen, 1)).toEqual({ over: 0, under: 1000 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ window: 'W-cache' });
    // Nothing local to come back to: a process crash on the same host loses it just the same.
    const stayed = run({ ...inMemory, ...SAME_HOST }, { costs: { storeFlushMicros: 0 }, faults: [crash(at(33))] });
    expect(restore(stayed, 1)).toEqual({ over: 0, under: 1000 });
  });

  test('a non-transactional restore replays the whole changelog and misses nothing', () => {
    const seen = run({ ...CACHED, ...NON_TX, [LINGER]: 36 }, { faults: [hostLoss(at(33))] });
    expect(restore(seen, 1)).toEqual({ over: 0, under: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('W-cache2: the checkpoint is durable and the entries never leave the producer', () => {
  const STUCK = { ...CACHED, [LINGER]: 60_000 };
  const lost = [hostLoss(after('complete', 3))];

  test('on another host they are lost to a transactional restore', () => {
    const seen = run(STUCK, { faults: lost });
    expect(seen.deaths[0]!.changelogHeads).toEqual([80]);
    expect(restore(seen, 1)).toEqual({ over: 0, under: 1000 });
    expect(broken(seen.outcome)).toEqual(['O3', 'S1']);
    expect(seen.outcome.state).toMatchObject({ undercounted: 1000, overcounted: 0 });
  });

  test('and to a non-transactional one, whose promise is only to equal the changelog', () => {
    const seen = run({ ...STUCK, ...NON_TX }, { faults: lost });
    expect(restore(seen, 1)).toEqual({ over: 0, under: 1000 });
    expect(law(seen.outcome, 'O4')).toMatchObject({ checked: 2, violations: 0 });
    expect(broken(seen.outcome)).toEqual(['S1']);
  });

  test('a stalled changelog leader does it too, for as long as it stalls: the entries land behind the restart', () => {
    const stalled = (seconds: number): WindowChanges => ({
      faults: [stall(after('flush-producers', 3), 'changelog', seconds), hostLoss(after('complete', 3))],
    });
    const long = run({ ...CACHED, ...NON_TX }, stalled(20));
    expect(restore(long, 1)).toEqual({ over: 0, under: 1000 });
    expect(broken(long.outcome)).toEqual(['S1']);
    const short = run({ ...CACHED, ...NON_TX }, stalled(2));
    expect(restore(short, 1)).toEqual({ over: 0, under: 0 });
    expect(broken(short.outcome)).toEqual([]);
  });

  test.each([
    ['transactional', {}],
    ['non-transactional', NON_TX],
  ])('the same host has them on disk and a later move to another host drops them silently (%s)', (_title, mode) => {
    // No record after the crash, so that no key is written to the changelog again.
    const overrides = {
      load: { stopsAtMicros: 32_200_000 },
      faults: [crash(after('complete', 3)), hostLoss(at(40))],
    };
    const seen = run({ ...STUCK, ...SAME_HOST, ...mode }, overrides);
    expect(seen.running.map(({ host }) => host)).toEqual([0, 0, 1]);
    expect(restore(seen, 1)).toEqual({ over: 0, under: 0 });
    expect(restore(seen, 2).under).toBe(frozenAt(seen, 3) - frozenAt(seen, 2));
  });
});

describe('W-lagMem: compaction takes a committed value in favour of an uncommitted one', () => {
  const LAG_60_S = { 'stores.counts.changelog.min.compaction.lag.ms': 60_000 };
  const downFor = (seconds: number): WindowChanges => ({
    horizonSeconds: 160,
    costs: { segmentMicros: 10_000_000 },
    load: { stopsAtMicros: 38_000_000 },
    faults: [redeploy(at(38), seconds)],
  });

  test('an in-memory store that was down past the compaction lag loses every committed key that was updated since', () => {
    const seen = run({ ...IN_MEMORY, ...LAG_60_S }, downFor(100));
    // All 40 keys were updated between commit 3 and the stop, so nothing that was committed survives.
    expect(restore(seen, 1)).toEqual({ over: 0, under: frozenAt(seen, 3) + 1 });
    expect(seen.outcome.state).toMatchObject({ undercounted: frozenAt(seen, 3) + 1, overcounted: 0 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ window: 'W-lagMem' });
    expect(broken(seen.outcome)).toEqual(['O3', 'S1']);
  });

  test('so does a RocksDB store with clean.on.container.start', () => {
    const seen = run({ 'stores.counts.clean.on.container.start': true, ...LAG_60_S }, downFor(100));
    expect(restore(seen, 1)).toEqual({ over: 0, under: frozenAt(seen, 3) + 1 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ window: 'W-lagMem' });
  });

  test('back before the lag is over, nothing has been compacted', () => {
    const seen = run({ ...IN_MEMORY, ...LAG_60_S }, downFor(20));
    expect(restore(seen, 1)).toEqual({ over: 0, under: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a plain RocksDB store is guarded: it keeps everything and is ahead instead (W-lag)', () => {
    const seen = run(LAG_60_S, downFor(100));
    const uncommitted = seen.deaths[0]!.last[0]! - frozenAt(seen, 3);
    expect(restore(seen, 1)).toEqual({ over: uncommitted, under: 0 });
  });
});

describe('W-range2: the checkpointed changelog offset is not in the changelog any more', () => {
  const recreated = {
    kind: 'topic-recreated',
    trigger: after('complete', 3),
    log: { log: 'changelog', partition: null },
  } as const;

  test('a changelog topic that was created anew empties the store', () => {
    const seen = run(CACHED, { faults: [recreated, hostLoss(after('complete', 3))] });
    expect(restore(seen, 1)).toEqual({ over: 0, under: frozenAt(seen, 3) + 1 });
    expect(law(seen.outcome, 'O3').first!.facts).toMatchObject({ window: 'W-range2' });
    expect(seen.outcome.state).toMatchObject({ undercounted: frozenAt(seen, 3) + 1 });
    expect(broken(seen.outcome)).toEqual(['O3', 'S1']);
  });

  test('local checkpoint directories do not help: the row deletes them', () => {
    const seen = run({ ...CACHED, ...SAME_HOST }, { faults: [recreated, crash(after('complete', 3))] });
    expect(restore(seen, 1)).toEqual({ over: 0, under: frozenAt(seen, 3) + 1 });
  });

  test('with the topic as it was, the state comes back', () => {
    const seen = run(CACHED, { faults: [hostLoss(after('complete', 3))] });
    expect(restore(seen, 1)).toEqual({ over: 0, under: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('W-acks1 on a changelog: the offset exceeds the newest, and exactly the vanished updates are missing', () => {
    const faults = [leaderLoss(after('complete', 3), 'changelog', 10), hostLoss(after('complete', 3))];
    const seen = run(CACHED, { faults });
    // Dirty entries are flushed in the order in which their keys became dirty: the last ten of them are gone.
    const [from, to] = [frozenAt(seen, 2), frozenAt(seen, 3)];
    const { content } = seen.job;
    const keys = Array.from({ length: to - from }, (_, i) => content.key(content.hash(0, from + 1 + i)));
    const gone = new Set([...new Set(keys)].slice(-10));
    expect(restore(seen, 1)).toEqual({ over: 0, under: keys.filter((key) => gone.has(key)).length });
    expect(broken(seen.outcome)).toEqual(['O3', 'S1']);

    const safe = run({ ...CACHED, 'systems.kafka.producer.acks': 'all' }, { faults });
    expect(restore(safe, 1)).toEqual({ over: 0, under: 0 });
    expect(safe.outcome.faults.find((fault) => fault.fault === 'leader-loss')).toMatchObject({ injected: 1, bit: 0 });
  });
});

test('the fold the tests judge by is the simulator’s own at the horizon of a run without faults', () => {
  const seen = run({}, { horizonSeconds: 20 });
  const t = seen.job.cluster.official(0)!.instance(0);
  expect(t.stores[0]!.view).toEqual(foldInputs(seen.job, 0, [...t.last]));
});
