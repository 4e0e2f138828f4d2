// Regions and restart sets against their definitions, by closure over all pairs of tasks.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Exchange, pipelinedRegions, tasksToRestart } from '../../../models/protocols/flink-failover-regions.ts';

const TASKS = 7;

const exchange: fc.Arbitrary<Exchange> = fc.record({
  from: fc.nat(TASKS - 1),
  to: fc.nat(TASKS - 1),
  kind: fc.constantFrom('pipelined', 'blocking'),
});
const exchanges = fc.array(exchange, { maxLength: 10 });
const failures = fc.record({
  task: fc.nat(TASKS - 1),
  lostResults: fc.array(fc.nat(9), { maxLength: 4 }).map((indices) => new Set(indices)),
});

type Relation = boolean[][];
const every = [...Array.from({ length: TASKS }).keys()];

/** The least transitive relation over the given pairs in which every task is related to itself. */
function closure(pairs: readonly (readonly [number, number])[]): Relation {
  const related = every.map((a) => every.map((b) => a === b));
  for (const [a, b] of pairs) related[a]![b] = true;
  for (const via of every)
    for (const a of every) for (const b of every) if (related[a]![via]! && related[via]![b]!) related[a]![b] = true;
  return related;
}

const bothWays = (each: Exchange): [number, number][] => [
  [each.from, each.to],
  [each.to, each.from],
];

/** The slow twin: two tasks are of one region if each leads to the other, pipelined exchanges being walked both ways. */
function togetherByDefinition(all: readonly Exchange[]): Relation {
  const leads = closure(all.flatMap((each) => (each.kind === 'pipelined' ? bothWays(each) : [[each.from, each.to]])));
  return every.map((a) => every.map((b) => leads[a]![b]! && leads[b]![a]!));
}

describe('pipelined regions', () => {
  test('are the classes of tasks that lead to each other, pipelined exchanges leading both ways', () => {
    fc.assert(
      fc.property(exchanges, (all) => {
        const together = togetherByDefinition(all);
        const classes = every.filter((a) => together[a]!.indexOf(true) === a);
        expect(pipelinedRegions(TASKS, all)).toEqual(classes.map((a) => every.filter((b) => together[a]![b]!)));
      }),
      { numRuns: 500 },
    );
  });

  test('of a batch stage are apart, of a stream are one', () => {
    const stream: Exchange[] = [
      { from: 0, to: 2, kind: 'pipelined' },
      { from: 1, to: 2, kind: 'pipelined' },
    ];
    expect(pipelinedRegions(3, stream)).toEqual([[0, 1, 2]]);
    expect(pipelinedRegions(3, [stream[0]!, { ...stream[1]!, kind: 'blocking' }])).toEqual([[0, 2], [1]]);
  });
});

describe('the tasks to restart', () => {
  test('are what the failed task leads to, downstream and to the producers of lost results', () => {
    fc.assert(
      fc.property(exchanges, failures, (all, failure) => {
        const together = togetherByDefinition(all);
        const pairs: [number, number][] = every.flatMap((a) =>
          every.filter((b) => together[a]![b]!).map((b): [number, number] => [a, b]),
        );
        all.forEach(({ from, to }, index) => {
          pairs.push([from, to]);
          if (failure.lostResults.has(index)) pairs.push([to, from]);
        });
        const reached = closure(pairs)[failure.task]!;
        expect(tasksToRestart('region', TASKS, all, failure)).toEqual(every.filter((task) => reached[task]));
      }),
      { numRuns: 500 },
    );
  });

  test('are all of them under the full strategy', () => {
    expect(tasksToRestart('full', 3, [], { task: 1, lostResults: new Set() })).toEqual([0, 1, 2]);
  });

  test('of two disjoint pipelines are only those of the failed one', () => {
    const two: Exchange[] = [
      { from: 0, to: 1, kind: 'pipelined' },
      { from: 2, to: 3, kind: 'pipelined' },
    ];
    expect(tasksToRestart('region', 4, two, { task: 1, lostResults: new Set() })).toEqual([0, 1]);
  });

  test('leave out the producer of a result that can still be read, and take it in when it is lost', () => {
    const stages: Exchange[] = [
      { from: 0, to: 1, kind: 'blocking' },
      { from: 1, to: 2, kind: 'blocking' },
    ];
    expect(tasksToRestart('region', 3, stages, { task: 1, lostResults: new Set() })).toEqual([1, 2]);
    expect(tasksToRestart('region', 3, stages, { task: 1, lostResults: new Set([0]) })).toEqual([0, 1, 2]);
  });
});
