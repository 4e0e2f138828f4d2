// A blob store without a marker is not restored, and what lies on the disk stays (samza.md §3.4). PR #1713 wipes it only
// when no task of the container has a checkpoint; between the seal commits of two tasks, one of them has.
import { expect, test } from 'vitest';
import type { RunPlan } from '../../models/index.ts';
import { foldOf, witness } from './laws/witness.ts';
import { planOf, second } from './plan-builder.ts';

/** Two tasks on one host; the container dies when the first one's seal commit is durable, or both of them are. */
function sealing(task: 0 | 1): RunPlan {
  const trigger = { on: 'step', step: 'append-v2', when: 'after', task, commit: 0 } as const;
  return planOf({
    horizonMicros: 30 * second,
    stores: [{ name: 'counts', factory: 'rocksdb', backup: 'blob', keys: { 'object.cache.size': 0 } }],
    keys: { 'task.checkpoint.read.versions': 2, 'job.host-affinity.enabled': true },
    inputs: [{ partitions: 2 }],
    load: { perSecond: 200 },
    costs: { memtableEntries: 4 },
    faults: [{ kind: 'container-crash', trigger, container: 0, exitCode: 137 }],
  });
}

test('a crash between the first markers of two tasks leaves the second with updates that are made again', () => {
  const { outcome, restored, job } = witness(sealing(0));
  const second = restored.findLast((each) => each.task === 1)!;
  expect(second.checkpoint).toEqual([-1]);
  expect(second.state.size).toBeGreaterThan(0);
  expect(outcome.state.overcounted).toBeGreaterThan(0);
  expect(outcome.verdict).toMatchObject({ kind: 'violated', law: 'O3' });
  // The first task, which has its marker, is restored to it: to nothing.
  const first = restored.findLast((each) => each.task === 0)!;
  expect(first.state).toEqual(foldOf('count', job.content, [{ ssp: 0, last: first.checkpoint[0]! }]));
});

test('once both markers are there, both tasks come back as of their checkpoints', () => {
  const { outcome, restored, job } = witness(sealing(1));
  for (const { task, checkpoint, state } of restored) {
    expect(state).toEqual(foldOf('count', job.content, [{ ssp: task, last: checkpoint[0]! }]));
  }
  expect(outcome.verdict.kind).toBe('holds');
});
