// What is over is forgotten, what is not keeps its number, and what came of all of them is known at the end.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_FAULTS } from '../../../models/flow-job/plan.ts';
import { TransactionList, addEnd } from '../../../models/flow-job/transaction-list.ts';
import { runFlowJob } from '../../../models/flow-job/run.ts';
import type { JobTransaction } from '../../../models/flow-job/transactions.ts';
import { flinkAligned } from '../../../models/protocols/flink-aligned.ts';
import { pipelinePlan } from './pipeline-plan.ts';

function transaction(task: number, checkpoint: number): JobTransaction {
  const [records, reachedAt] = [new Int32Array(0), new Float64Array(0)];
  return { task, attempt: 0, checkpoint, status: 'open', records, reachedAt, count: 0 };
}

it('says of every number what a list that keeps all of them says', () => {
  const ends = fc.constantFrom('committed', 'aborted');
  const step = fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, fc.tuple(fc.nat(), ends));
  fc.assert(
    fc.property(fc.array(step, { size: 'max', maxLength: 1_000 }), (steps) => {
      const list = new TransactionList();
      const twin: JobTransaction[] = [];
      for (const each of steps) {
        if (each === null || twin.length === 0) {
          const added = transaction(twin.length % 3, twin.length);
          expect(list.add(added)).toBe(twin.length);
          twin.push(added);
        } else {
          // Most of the time one of the oldest that are open, as in a run.
          const open = twin.findIndex(({ status }, id) => status === 'open' && id * 7 >= each[0] % twin.length);
          if (open < 0) continue;
          twin[open]!.status = each[1];
          list.forget(open);
          list.forget(open);
        }
      }
      expect(list.opened).toBe(twin.length);
      twin.forEach((each, id) => expect(list.get(id)).toBe(each.status === 'open' ? each : null));
      const visited: [JobTransaction, number][] = [];
      list.forEach((each, id) => visited.push([each, id]));
      expect(visited).toEqual(twin.map((each, id) => [each, id] as const).filter(([{ status }]) => status === 'open'));
      const known = { committed: 0, aborted: 0, sum: 0 };
      twin.toReversed().forEach((each, i) => {
        if (each.status !== 'open') addEnd(known, twin.length - 1 - i, each);
      });
      expect(list.ends).toEqual(known);
    }),
    { numRuns: 60 },
  );
});

it('tells ends apart that differ in anything', () => {
  const sumOf = (id: number, fate: Partial<JobTransaction>): number => {
    const ends = { committed: 0, aborted: 0, sum: 0 };
    addEnd(ends, id, { ...transaction(1, 2), status: 'committed', ...fate });
    return ends.sum;
  };
  const sums = [
    sumOf(0, {}),
    sumOf(1, {}),
    sumOf(0, { task: 2 }),
    sumOf(0, { checkpoint: 3 }),
    sumOf(0, { status: 'aborted' }),
    sumOf(0, { attempt: 1 }),
  ];
  expect(new Set(sums).size).toBe(sums.length);
});

it('keeps of a long run no more than what is under way', () => {
  const list = new TransactionList();
  const visited: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    const id = list.add(transaction(0, i));
    if (id < 3) continue;
    list.get(id - 3)!.status = 'committed';
    list.forget(id - 3);
  }
  list.forEach((_, id) => visited.push(id));
  expect(visited).toEqual([9_997, 9_998, 9_999]);
  expect(list.ends.committed).toBe(9_997);
  expect(list.places).toBeLessThan(200);
});

it('lets a job forget the transactions that it has committed, and those that a restart has aborted', () => {
  const crashes = [21.3, 47.1].map((second) => ({ target: 0, atMicros: second * 1e6 }));
  const usual = pipelinePlan([{ parallelism: 1 }, { parallelism: 2 }, { parallelism: 2 }], {
    horizonMicros: 60_000_000,
    sink: 'two-phase',
    faults: { ...NO_FAULTS, crashes },
  });
  let left = 0;
  runFlowJob({ ...usual, checkpoints: { ...usual.checkpoints, intervalMicros: 500_000 } }, flinkAligned, {
    onEnd: ({ transactions }) => {
      expect(transactions.opened).toBeGreaterThan(200);
      expect(transactions.ends.aborted).toBeGreaterThan(0);
      transactions.forEach(() => left++);
      expect(left + transactions.ends.committed + transactions.ends.aborted).toBe(transactions.opened);
    },
  });
  // Of each sink the open one, and at most one whose commit is on its way.
  expect(left).toBeGreaterThanOrEqual(2);
  expect(left).toBeLessThanOrEqual(4);
});
