// Windows in which a checkpoint covers an input whose output never becomes visible: W-cross, W-drop, W-acks1. Law E2
// counts them; an output is lost for good once its input is committed, since nothing will process that input again.
import { describe, expect, test } from 'vitest';
import { DEDUP_WINDOW } from '../../../models/logic.ts';
import { type Seen, broken, frozenAt, law, watch } from './watch.ts';
import {
  NON_TX,
  STATELESS,
  type SamzaKeys,
  type WindowChanges,
  after,
  at,
  crash,
  hostLoss,
  leaderLoss,
  stall,
  windowPlan,
} from './window-plan.ts';

/** Offsets in [from, to] whose key had not come before in the window of offsets a deduplicating task remembers. */
function owed(seen: Seen, from: number, to: number): number[] {
  const { content } = seen.job;
  const keyAt = (offset: number): number => content.key(content.hash(0, offset));
  const windowStart = from - (from % DEDUP_WINDOW);
  expect(to - windowStart).toBeLessThan(DEDUP_WINDOW);
  const seenKeys = new Set<number>();
  const first: number[] = [];
  for (let offset = windowStart; offset <= to; offset++) {
    if (!seenKeys.has(keyAt(offset)) && offset >= from) first.push(offset);
    seenKeys.add(keyAt(offset));
  }
  return first;
}

describe('W-cross: a deduplicating task whose store remembers what its output topic never got', () => {
  // The output leader stalls from 35 to 50 s; the process dies at 36.005 s, when the updates of record 3,599 have landed.
  const run = (samza: SamzaKeys, stallSeconds: number): Seen =>
    watch(
      windowPlan({
        samza,
        job: { logic: 'dedup', keys: 5000 },
        faults: [...(stallSeconds > 0 ? [stall(at(35), 'output', stallSeconds)] : []), hostLoss(at(36.005))],
      }),
    );

  test('non-transactional state says "seen", the replay emits nothing: all outputs behind the one on the wire are lost', () => {
    const seen = run(NON_TX, 15);
    const held = owed(seen, 3499, 3599);
    const lost = held.slice(1);
    expect(lost.length).toBeGreaterThan(80);
    expect(lost.filter((offset) => seen.outputs.has(`0:${offset}`))).toEqual([]);
    expect(seen.outputs.get(`0:${held[0]}`)).toBe(1);
    expect(seen.outcome.records).toMatchObject({ lost: 0, outputs_lost: lost.length });
    expect(law(seen.outcome, 'E2').first!.facts).toMatchObject({ first_offset: 3500, outputs_missing: lost.length });
    expect(broken(seen.outcome)).toEqual(['E2']);
  });

  test('transactional state is taken back to the checkpoint, so the replay emits them', () => {
    const seen = run({}, 15);
    const held = owed(seen, 3499, 3599);
    expect(held.slice(1).map((offset) => seen.outputs.get(`0:${offset}`))).toEqual(held.slice(1).map(() => 1));
    expect(seen.outcome.records.outputs_lost).toBe(0);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('when the outputs had left the producer before the crash, non-transactional state loses none either', () => {
    const seen = run(NON_TX, 0);
    expect(seen.outcome.records.outputs_lost).toBe(0);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a stall that ends before the crash is only late', () => {
    const seen = run(NON_TX, 0.5);
    expect(seen.outcome.records.outputs_lost).toBe(0);
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('W-drop: task.drop.producer.errors', () => {
  // A batch holds the outputs of 100 ms: ten records.
  const run = (samza: SamzaKeys): Seen =>
    watch(
      windowPlan({
        samza: { ...STATELESS, 'systems.kafka.producer.linger.ms': 100, ...samza },
        faults: [{ kind: 'send-failure', trigger: at(35), log: { log: 'output', partition: null }, batches: 1 }],
      }),
    );

  test('a batch that failed for good is dropped, and the next commit covers its inputs', () => {
    const seen = run({ 'task.drop.producer.errors': true });
    expect(seen.deaths).toEqual([]);
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 0, outputs_lost: 10 });
    expect(law(seen.outcome, 'E2').first!.facts).toMatchObject({ outputs_missing: 10 });
    expect(broken(seen.outcome)).toEqual(['E2']);
  });

  test('by default the container dies of it and sends the outputs again', () => {
    const seen = run({});
    expect(seen.outcome.recoveries.map(({ cause }) => cause)).toEqual(['a producer send failed']);
    expect(seen.outcome.records).toMatchObject({ lost: 0, outputs_lost: 0 });
    expect(seen.outcome.records.duplicated).toBe(seen.deaths[0]!.last[0]! - frozenAt(seen, 3));
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a commit that finds the producer failed dies at its flush', () => {
    // Silence from 41.9 s: the failed batch is the last, and nothing but the commit at 42.2 s meets the producer again.
    const seen = watch(
      windowPlan({
        samza: STATELESS,
        load: { stopsAtMicros: 41_900_000 },
        faults: [{ kind: 'send-failure', trigger: at(41.895), log: { log: 'output', partition: null }, batches: 1 }],
      }),
    );
    expect(seen.outcome.recoveries.map(({ cause }) => cause)).toEqual(['a producer flush failed']);
    expect(seen.outcome.records).toMatchObject({ lost: 0, outputs_lost: 0 });
    expect(broken(seen.outcome)).toEqual([]);
  });
});

describe('W-acks1: acknowledged by a leader that dies before its followers have it', () => {
  const run = (samza: SamzaKeys, faults: NonNullable<WindowChanges['faults']>): Seen =>
    watch(windowPlan({ samza: { ...STATELESS, ...samza }, faults }));

  test('outputs vanish although the flush of their commit had returned', () => {
    const seen = run({}, [leaderLoss(after('complete', 3), 'output', 10)]);
    expect(seen.outcome.records).toMatchObject({ lost: 0, duplicated: 0, outputs_lost: 10 });
    expect(law(seen.outcome, 'E2').first!.facts).toMatchObject({ outputs_missing: 10 });
    expect(broken(seen.outcome)).toEqual(['E2']);
  });

  test('with acks=all nothing acknowledged was unreplicated, and the fault says that it did not bite', () => {
    const seen = run({ 'systems.kafka.producer.acks': 'all' }, [leaderLoss(after('complete', 3), 'output', 10)]);
    expect(seen.outcome.records.outputs_lost).toBe(0);
    expect(seen.outcome.faults).toEqual([
      {
        fault: 'leader-loss',
        planned: 1,
        injected: 1,
        bit: 0,
        without_effect: [{ reason: 'acks=all: nothing acknowledged was unreplicated', count: 1 }],
      },
    ]);
    expect(broken(seen.outcome)).toEqual([]);
  });

  test('a checkpoint that vanishes costs one more interval of repeated work, and a restart goes back', () => {
    const died = crash(after('complete', 3));
    const seen = run({}, [leaderLoss(after('complete', 3), 'checkpoint', 2), died]);
    expect(seen.outcome.records).toMatchObject({ lost: 0, outputs_lost: 0 });
    expect(seen.outcome.records.duplicated).toBe(seen.deaths[0]!.last[0]! - frozenAt(seen, 2));
    expect(law(seen.outcome, 'O6').first!.facts).toMatchObject({
      from_offset: frozenAt(seen, 3),
      to_offset: frozenAt(seen, 2),
      window: 'W-acks1',
    });
    const kept = run({}, [died]);
    expect(kept.outcome.records.duplicated).toBe(kept.deaths[0]!.last[0]! - frozenAt(kept, 3));
    expect(broken(kept.outcome)).toEqual([]);
  });
});
