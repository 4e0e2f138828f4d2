// Law O6: what a start of a task would resume from never goes back, in the versions that the job reads. The version that
// nobody reads may, and harms no one until somebody does.
import { describe, expect, test } from 'vitest';
import { matrixCrash, matrixPlan } from '../../models/crash-matrix-plan.ts';
import { type FaultPlan, type Outcome, type RunPlan, simulate } from '../../models/index.ts';
import { countsStore, planOf, samzaOf, second } from './plan-builder.ts';

/** Runs it and lists, per version, the offsets of its checkpoints in the order of appends. */
function checkpointsOf(plan: RunPlan): { readonly outcome: Outcome; readonly offsets: Record<1 | 2, number[]> } {
  const offsets: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const outcome = simulate(plan, {
    onJob: (job) => (job.probe = { onCheckpoint: (record) => offsets[record.version].push(record.inputOffsets[0]!) }),
  });
  return { outcome, offsets };
}

function goesBack(offsets: readonly number[]): boolean {
  return offsets.some((offset, i) => i > 0 && offset < offsets[i - 1]!);
}

const o6 = (outcome: Outcome) => outcome.laws.find((law) => law.law === 'O6')!;

describe('a crash between the two records of a commit (P8)', () => {
  const cells = [
    ['tx same host', 1, false],
    ['tx same host', 2, true],
    ['blob new host', 2, true],
    ['non-tx new host', 1, false],
  ] as const;
  test.each(cells)('%s, reader of %i: takes version 1 back (%s), and breaks no law', (variant, readVersion, back) => {
    const trigger = { on: 'step', step: 'append-v1', when: 'after', task: 0, commit: 3 } as const;
    const faults = [matrixCrash(variant, trigger)];
    const { outcome, offsets } = checkpointsOf(matrixPlan(variant, { seed: '1', readVersion, point: 'P8', faults }));
    expect(goesBack(offsets[1])).toBe(back);
    expect(goesBack(offsets[2])).toBe(false);
    expect(outcome.verdict.kind).toBe('holds');
    expect(o6(outcome).checked).toBeGreaterThan(10);
  });
});

test('a redeployment that reads the version left behind is found at its start (W-v1v2)', () => {
  const restart = (at: number, keys: Record<string, string>): FaultPlan => ({
    kind: 'job-restart',
    trigger: { on: 'time', atMicros: at * second },
    downMicros: second,
    samza: samzaOf([countsStore], keys),
  });
  const plan = planOf({
    horizonMicros: 100 * second,
    faults: [
      restart(20, { 'task.checkpoint.write.versions': '1' }),
      restart(60, { 'task.checkpoint.read.versions': '2' }),
    ],
  });
  const { outcome } = checkpointsOf(plan);
  const { first, violations } = o6(outcome);
  expect(violations).toBe(1);
  expect(first!.facts).toMatchObject({ task: 0, version: 2, window: 'W-v1v2' });
  expect(first!.facts['to_offset']).toBeLessThan(first!.facts['from_offset'] as number);
  // At the start that reads it, not at some later append.
  expect(Math.floor(first!.atMicros / second)).toBe(63);
});

test('a checkpoint that vanished with its leader is found at the next start (W-acks1)', () => {
  const at = (seconds: number) => ({ on: 'time', atMicros: seconds * second }) as const;
  const plan = planOf({
    faults: [
      { kind: 'leader-loss', trigger: at(21), log: { log: 'checkpoint', partition: null }, unreplicatedRecords: 2 },
      { kind: 'container-crash', trigger: at(21.5), container: 0, exitCode: 1 },
    ],
  });
  const { outcome } = checkpointsOf(plan);
  expect(o6(outcome).first!.facts).toMatchObject({ task: 0, version: 1, window: 'W-acks1' });
  expect(outcome.records.lost).toBe(0);
});

test('without such trouble offsets only grow, in both versions', () => {
  const { outcome, offsets } = checkpointsOf(planOf());
  expect(offsets[1].length).toBeGreaterThan(10);
  expect([goesBack(offsets[1]), goesBack(offsets[2])]).toEqual([false, false]);
  expect(o6(outcome).violations).toBe(0);
});
