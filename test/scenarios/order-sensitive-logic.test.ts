// A job whose result depends on the order of a key's records is accepted only where the input decides that order. Two
// streams, or two records in flight, leave no right state to compare with: without a crash the laws would accuse the job.
import { describe, expect, test } from 'vitest';
import { type RunPlan, simulate } from '../../models/index.ts';
import { type LoadResult, loadScenario } from '../../scenarios/index.ts';
import { millisecond, planOf } from '../models/plan-builder.ts';

function load(logic: string, inputs: string, more: string = ''): LoadResult {
  const text = `
expect: { verdict: holds }
job:
  inputs: [${inputs}]
  logic: ${logic}
  ${more}
  samza:
    task.max.concurrency: 4
    stores.counts.factory: org.apache.samza.storage.kv.RocksDbKeyValueStorageEngineFactory
    stores.counts.changelog: kafka.counts-changelog
`;
  return loadScenario({ path: 'order.yaml', text }, { readFile: () => ({ error: 'missing' }) as never });
}

const one = '{ stream: a, partitions: 2 }';
const two = `${one}, { stream: b, partitions: 2 }`;

describe.each(['match', 'dedup'])('logic %s', (logic) => {
  test('is refused on two streams, with a reason and a remedy', () => {
    expect(load(logic, two)).toMatchObject({
      kind: 'errors',
      errors: [
        {
          path: 'job.logic',
          message: `is ${logic}, which depends on the order of a key's records, but the job reads 2 streams, whose records mix in any order`,
          remedy: 'read one stream, or use logic: count',
        },
      ],
    });
  });

  test('is refused with several records in flight, and accepted with one', () => {
    const parallel = load(logic, one, 'task_kind: async');
    expect(parallel).toMatchObject({ kind: 'errors', errors: [{ path: 'job.logic', line: 5 }] });
    expect(load(logic, one).kind).toBe('loaded');
  });
});

test('logic count takes any number of streams and records in flight', () => {
  expect(load('count', two, 'task_kind: async').kind).toBe('loaded');
});

test('the order does matter: unrefused, such a job would be accused without a failure', () => {
  const unordered: RunPlan = planOf({
    keys: { 'task.max.concurrency': 4 },
    job: { logic: 'match', taskKind: 'async' },
    costs: { processMicros: 20 * millisecond, processDistribution: 'exponential' },
  });
  expect(simulate(unordered).verdict).toMatchObject({ kind: 'violated', law: 'S1' });
  expect(simulate({ ...unordered, job: { ...unordered.job, taskKind: 'sync' } }).verdict.kind).toBe('holds');
});
