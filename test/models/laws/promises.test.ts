// What Samza promises (samza.md §5.1, §11), on random jobs with random failures: each property is checked against a
// witness that counts and folds by itself, and against the simulator's own verdict. A job with Samza's known windows open
// is not drawn; random-plan.ts says at each of them how it is shut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunPlan } from '../../../models/index.ts';
import { randomPlan } from './random-plan.ts';
import { type Restored, type Values, foldOf, totalOf, witnessOnce, type Witness } from './witness.ts';

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
    fc.assert(
      fc.property(any, ({ plan }) => {
        const { outcome } = witnessOnce(plan);
        expect(outcome.laws.flatMap((law) => law.first ?? [])).toEqual([]);
        expect(outcome.verdict.kind).toBe('holds');
        expect(outcome.job_failed).toBe(false);
      }),
      runs,
    );
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
