// Records leave an input by retention whether they were read or not. A job that is down, or too slow, finds its position
// gone and goes on elsewhere without an error (W-range); the ledgers must not take what it never saw for pending.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InputPlan, type RunPlan, simulate } from '../../models/index.ts';
import { witness } from './laws/witness.ts';
import { type PlanChanges, millisecond, planOf, second } from './plan-builder.ts';

/** A job that needs 20 ms for a record and gets one every 10 ms, from a log that keeps them for a few seconds. */
function overloaded(changes: PlanChanges = {}): RunPlan {
  return planOf({
    inputs: [{ retentionMicros: 4 * second, offsetDefault: 'oldest' }],
    load: { perSecond: 100 },
    costs: { processMicros: 20 * millisecond },
    ...changes,
  });
}

describe('a job that is slower than its input', () => {
  test.each(['oldest', 'upcoming'] as const)(
    'loses what expires before it comes to it, and goes on at %s',
    (offsetDefault) => {
      const plan = overloaded({ inputs: [{ retentionMicros: 4 * second, offsetDefault }] });
      const { outcome, processed, job } = witness(plan);
      const position = job.cluster.official(0)!.instance(0).next[0]!;
      expect(outcome.verdict).toMatchObject({ kind: 'violated', law: 'O1' });
      expect(outcome.records.lost).toBeGreaterThan(1000);
      // What is lost is what lies behind the position and was never processed, but for the record in flight.
      const base = offsetDefault === 'oldest' ? 0 : outcome.records.before_start;
      const behind = Array.from({ length: position - base }, (_, i) => base + i).filter(
        (offset) => !processed[0]!.has(offset),
      );
      expect(outcome.records.lost + 1).toBeGreaterThanOrEqual(behind.length);
      expect(outcome.records.lost).toBeLessThanOrEqual(behind.length);
      expect(outcome.windows.every(({ window }) => window === 'W-range')).toBe(true);
      expect(outcome.windows.reduce((sum, { records }) => sum + records, 0)).toBe(outcome.records.lost);
    },
  );

  test('loses nothing while the log is kept long enough, however far it lags', () => {
    const { verdict, records } = simulate(overloaded({ inputs: [{ retentionMicros: 100 * second }] }));
    expect(verdict.kind).toBe('holds');
    expect(records.pending).toBeGreaterThan(2000);
  });

  test('keeps its books, whatever crashes beside it', () => {
    const drawn = fc.record({
      seed: fc.nat(50).map(String),
      retention: fc.integer({ min: 1, max: 12 }),
      process: fc.integer({ min: 1, max: 40 }),
      offsetDefault: fc.constantFrom('oldest' as const, 'upcoming' as const),
      concurrency: fc.constantFrom(1, 3),
      crashes: fc.array(fc.integer({ min: 3, max: 50 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(drawn, ({ seed, retention, process, offsetDefault, concurrency, crashes }) => {
        const seen = witness(
          overloaded({
            seed,
            inputs: [{ retentionMicros: retention * second, offsetDefault }],
            keys: { 'task.max.concurrency': concurrency },
            job: { taskKind: concurrency > 1 ? 'async' : 'sync' },
            costs: { processMicros: process * millisecond },
            faults: crashes.map((at) => ({
              kind: 'container-crash',
              trigger: { on: 'time', atMicros: at * second },
              container: 0,
              exitCode: 1,
            })),
          }),
        );
        const { records, laws } = seen.outcome;
        expect(records.processed).toBe(seen.processed[0]!.size);
        expect(records.offered).toBe(records.processed + records.lost + records.pending);
        const broken = laws.filter((law) => law.violations > 0).map((law) => law.law);
        // Duplicates are replays all the same (O2). After a crash what has expired cannot be replayed: with its records go
        // updates (S1, O3) and outputs (E2) that had not been made durable.
        const told = records.lost > 0 ? ['O1'] : [];
        if (crashes.length === 0) expect(broken).toEqual(told);
        else expect(broken.filter((law) => !['E2', 'S1', 'O3'].includes(law))).toEqual(told);
        expect(seen.outcome.windows.reduce((sum, each) => sum + each.records, 0)).toBe(records.lost);
      }),
      { numRuns: 60 },
    );
  });
});

/** A suspended host is given up; its container wakes up behind what its input still holds, and nobody stops it. */
function zombieBehind(input: Partial<InputPlan>): RunPlan {
  return planOf({
    inputs: [{ offsetDefault: 'upcoming', ...input }],
    keys: { 'job.container.heartbeat.monitor.enabled': false, 'task.commit.ms': 2000 },
    load: { perSecond: 60 },
    costs: { processMicros: 14 * millisecond },
    faults: [
      {
        kind: 'partition',
        trigger: { on: 'time', atMicros: 10 * second },
        host: { ofContainer: 0 },
        cut: 'node-manager',
        forMicros: 60 * second,
      },
      { kind: 'pause', trigger: { on: 'time', atMicros: 10 * second }, container: 0, forMicros: 30 * second },
    ],
  });
}

test('a zombie that finds its records expired jumps, and its successor still answers for them', () => {
  const plan = zombieBehind({ retentionMicros: 16 * second });
  const { outcome, job } = witness(plan);
  expect(outcome.records.lost).toBe(0);
  expect(outcome.windows).toEqual([]);
  // Nobody wrote the records off while the zombie was ahead of its successor.
  expect(job.ledgers[0]!.skips).toEqual([]);
});

test('but with samza.delete.committed.messages its next commit deletes what its successor has still to read', () => {
  const { outcome } = witness(zombieBehind({ deleteCommitted: true }));
  expect(outcome.records.lost).toBeGreaterThan(500);
  expect(outcome.windows.map(({ window }) => window)).toContain('W-range');
});
