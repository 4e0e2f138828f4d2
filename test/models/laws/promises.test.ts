// What Samza promises (samza.md §5.1, §11), on random jobs with random failures: each property is checked against a
// witness that counts and folds by itself, and against the simulator's own verdict. A job with Samza's known windows open
// is not drawn; random-plan.ts says at each of them how it is shut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunPlan } from '../../../models/index.ts';
import { countsStore, millisecond, planOf, second } from '../plan-builder.ts';
import { randomPlan } from './random-plan.ts';
import { type Restored, type Values, type Witness, foldOf, totalOf, witness, witnessOnce } from './witness.ts';

const any = randomPlan();
const runs = { numRuns: 150 };

/** What a store must hold when its inputs restart behind `checkpoint`: those inputs, folded once each. */
function foldAt(plan: RunPlan, seen: Witness, { task, checkpoint }: Restored): Values {
  const { ssps } = seen.job.tasks[task]!;
  return foldOf(
    plan.job.logic,
    seen.job.content,
    ssps.map((ssp, i) => ({ ssp, last: checkpoint[i]! })),
  );
}

describe('whatever fails and however the job is built,', () => {
  test('no law is broken outside the windows', () => {
    const reached = new Map<string, number>();
    const count = (what: string, times: number): void => void reached.set(what, (reached.get(what) ?? 0) + times);
    fc.assert(
      fc.property(any, ({ plan }) => {
        const { outcome, job } = witnessOnce(plan);
        expect(outcome.laws.flatMap((law) => law.first ?? [])).toEqual([]);
        expect(outcome.verdict.kind).toBe('holds');
        expect(outcome.job_failed).toBe(false);
        for (const each of outcome.recoveries) count(`restored: ${each.restored_from}`, each.finished ? 1 : 0);
        for (const each of outcome.laws) count(each.law, each.checked);
        for (const each of outcome.faults) count(each.fault, each.bit);
        const logs = job.tasks.flatMap((task) => task.changelogs).filter((log) => log !== null);
        count(
          'compacted records',
          logs.reduce((sum, log) => sum + log.head - log.size, 0),
        );
        count('duplicates', outcome.records.duplicated);
      }),
      runs,
    );
    // Silence proves nothing: every kind of failure has bitten, every law was asked, every way back was taken.
    const atLeast = (what: string): number => reached.get(what) ?? 0;
    for (const law of ['O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'O7', 'E2', 'S1']) {
      expect(atLeast(law), law).toBeGreaterThan(10);
    }
    const faults = ['container-crash', 'host-crash', 'am-crash', 'pause', 'broker-stall', 'send-failure'];
    for (const fault of [...faults, 'job-restart']) expect(atLeast(fault), fault).toBeGreaterThan(0);
    expect(atLeast('blob-outage') + atLeast('blob-slow')).toBeGreaterThan(0);
    for (const from of ['local', 'changelog', 'blob', 'none']) {
      expect(atLeast(`restored: ${from}`), from).toBeGreaterThan(0);
    }
    expect(atLeast('compacted records')).toBeGreaterThan(1000);
    expect(atLeast('duplicates')).toBeGreaterThan(1000);
  });

  test('every input record is processed in the end', () => {
    fc.assert(
      fc.property(any, ({ plan }) => {
        const seen = witnessOnce(plan);
        const heads = seen.job.inputs.map((input) => input.head);
        const distinct = seen.processed.map((counts) => counts.size);
        expect(distinct).toEqual(heads);
        expect(seen.outcome.records.lost).toBe(0);
      }),
      runs,
    );
  });

  test('transactional and blob state comes back as the fold of the inputs up to the checkpoint', () => {
    fc.assert(
      fc.property(randomPlan({ backends: ['transactional', 'blob'] }), ({ plan }) => {
        const seen = witnessOnce(plan);
        for (const restored of seen.restored) expect(restored.state).toEqual(foldAt(plan, seen, restored));
      }),
      runs,
    );
  });

  test('non-transactional state never misses an update, and holds none that was not processed', () => {
    fc.assert(
      fc.property(randomPlan({ backends: ['non-transactional'] }), ({ plan }) => {
        fc.pre(plan.job.logic === 'count');
        const seen = witnessOnce(plan);
        for (const restored of seen.restored) {
          for (const [key, [atLeast]] of foldAt(plan, seen, restored)) {
            expect(restored.state.get(key)?.[0] ?? 0).toBeGreaterThanOrEqual(atLeast);
          }
          for (const [key, [count]] of restored.state) {
            expect(count).toBeLessThanOrEqual(restored.processings.get(key) ?? 0);
          }
        }
      }),
      runs,
    );
  });

  test('the records processed twice are those between where a container began and how far the job had come', () => {
    fc.assert(
      fc.property(any, ({ plan }) => {
        // Parallel callbacks finish out of order: what is done beyond the released prefix has no place in this sum.
        fc.pre(plan.job.taskKind === 'sync');
        const seen = witnessOnce(plan);
        const twice = totalOf(seen.processed) - seen.processed.reduce((sum, counts) => sum + counts.size, 0);
        expect(seen.outcome.records.duplicated).toBe(twice);
        expect(seen.outcome.recoveries.reduce((sum, each) => sum + each.replayed_records, 0)).toBe(twice);
        for (const { from, reachedBefore } of seen.runs) expect(from).toBeLessThanOrEqual(reachedBefore);
      }),
      runs,
    );
  });

  test('the outputs of an input are visible before a checkpoint covers it', () => {
    fc.assert(
      fc.property(any, ({ plan }) => {
        const seen = witnessOnce(plan);
        // A deduplicating job owes an output for the first record of a key only; law E2 knows which.
        if (plan.job.logic !== 'dedup') expect(seen.uncovered).toEqual([]);
        expect(seen.outcome.records.outputs_lost).toBe(0);
      }),
      runs,
    );
  });

  test('every microsecond of every task is in exactly one row of its budget', () => {
    fc.assert(
      fc.property(any, ({ plan }) => {
        const { outcome } = witnessOnce(plan);
        for (const { task: _, ...rows } of outcome.budgets) {
          const spent = Object.values(rows);
          expect(Math.min(...spent)).toBeGreaterThanOrEqual(0);
          expect(spent.reduce((sum, micros) => sum + micros, 0)).toBe(plan.horizonMicros);
        }
      }),
      runs,
    );
  });
});

describe('with async commit, and callbacks that finish out of order,', () => {
  // The corner that random jobs reach too rarely: commits while several messages are in flight (SAMZA-1384, SAMZA-1146).
  const busy = fc.record({
    seed: fc.nat(99).map(String),
    stateful: fc.boolean(),
    perSecond: fc.integer({ min: 50, max: 200 }),
    utilisation: fc.constantFrom(0.1, 0.3, 0.6),
    concurrency: fc.integer({ min: 2, max: 6 }),
    commitMillis: fc.integer({ min: 100, max: 1000 }),
    crashes: fc.array(fc.integer({ min: 5000, max: 35_000 }), { minLength: 1, maxLength: 6 }),
  });

  test('a commit covers only what has finished, with everything before it, and whose outputs were sent', () => {
    fc.assert(
      fc.property(busy, (drawn) => {
        const plan = planOf({
          seed: drawn.seed,
          // In memory: a local directory would open W-async. Its commit is slow enough for linger and latency (W-cache2).
          stores: drawn.stateful ? [{ ...countsStore, factory: 'in-memory' }] : [],
          keys: {
            'task.async.commit': true,
            'task.max.concurrency': drawn.concurrency,
            'task.commit.ms': drawn.commitMillis,
          },
          job: { logic: drawn.stateful ? 'count' : 'stateless', taskKind: 'async' },
          load: { perSecond: drawn.perSecond, stopsAtMicros: 40 * second },
          costs: {
            processMicros: (drawn.utilisation * drawn.concurrency * second) / drawn.perSecond,
            processDistribution: 'exponential',
          },
          faults: drawn.crashes.map((at) => ({
            kind: 'container-crash',
            trigger: { on: 'time', atMicros: at * millisecond },
            container: 0,
            exitCode: 137,
          })),
        });
        const seen = witness(plan);
        expect(seen.uncovered).toEqual([]);
        expect(seen.processed[0]!.size).toBe(seen.job.inputs[0]!.head);
        expect(seen.outcome.laws.flatMap((law) => law.first ?? [])).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
