// The laws of a coordinator on traces written by hand: just inside and just outside each border.
import { describe, expect, test } from 'vitest';
import { brokenLaws, type CoordinatorPlan, HEALTHY_PLAN } from '../../../models/coordinator-study/index.ts';
import type { TraceEvent, Untimed } from '../../../models/coordinator-study/trace.ts';

const SECOND = 1_000_000;

/** Nothing is promised about progress, so that a short trace says only what it is about. */
const plan: CoordinatorPlan = { ...HEALTHY_PLAN, progressWithinMicros: Infinity };

const at = (second: number, event: Untimed): TraceEvent => ({ atMicros: second * SECOND, ...event });
const began = (second: number, checkpoint: number, pending = 0): TraceEvent =>
  at(second, { kind: 'began', checkpoint, periodic: true, forced: false, pending });
const failed = (second: number, checkpoint: number, reason: 'CHECKPOINT_EXPIRED' | 'TASK_FAILURE'): TraceEvent =>
  at(second, { kind: 'failed', checkpoint, reason, failedOn: 'task' });
const jobFailed = (second: number): TraceEvent => at(second, { kind: 'job-failed', cause: 'checkpoints' });

const laws = (trace: readonly TraceEvent[], given: CoordinatorPlan = plan): string[] =>
  brokenLaws(given, trace).map(({ law }) => law);

describe('M2', () => {
  test('lets as many be pending as may be, and one more only if it is forced', () => {
    expect(laws([began(0, 1), began(10, 2, 1)])).toEqual(['M2']);
    expect(laws([began(0, 1), { ...began(10, 2, 1), forced: true } as TraceEvent])).toEqual([]);
  });
});

describe('L2', () => {
  test('wants the slot of a lost trigger back in the same instant', () => {
    const lost = at(5, { kind: 'trigger-lost', checkpoint: 1 });
    expect(laws([lost, at(5, { kind: 'aborted', checkpoint: 1 })])).toEqual([]);
    expect(laws([lost, at(5.000001, { kind: 'aborted', checkpoint: 1 })])).toEqual(['L2']);
    expect(laws([lost, at(5, { kind: 'aborted', checkpoint: 2 })])).toEqual(['L2']);
  });
});

describe('D3', () => {
  test('lets the memory be full, not overfull', () => {
    const waiting = (checkpoints: number): TraceEvent => at(9, { kind: 'undeleted', checkpoints });
    expect([laws([waiting(50)]), laws([waiting(51)])]).toEqual([[], ['D3']]);
  });
});

describe('Q2', () => {
  test('wants the job failed at the failure that is one too many, and at no other', () => {
    const one: CoordinatorPlan = { ...plan, tolerableFailures: 1 };
    const two = [failed(10, 1, 'CHECKPOINT_EXPIRED'), failed(20, 2, 'CHECKPOINT_EXPIRED')];
    expect(laws([...two, jobFailed(20)], one)).toEqual([]);
    expect(laws(two, one)).toEqual(['Q2']);
    expect(laws([two[0]!, jobFailed(10), two[1]!], one)).toEqual(['Q2']);
  });

  test('counts no failure whose reason does not count, none twice, and none older than a success', () => {
    expect(laws([failed(10, 1, 'TASK_FAILURE')])).toEqual([]);
    const one: CoordinatorPlan = { ...plan, tolerableFailures: 1 };
    expect(laws([failed(10, 1, 'CHECKPOINT_EXPIRED'), failed(20, 1, 'CHECKPOINT_EXPIRED')], one)).toEqual([]);
    expect(laws([at(10, { kind: 'completed', checkpoint: 2 }), failed(20, 2, 'CHECKPOINT_EXPIRED')])).toEqual([]);
    expect(laws([at(10, { kind: 'completed', checkpoint: 2 }), failed(20, 3, 'CHECKPOINT_EXPIRED')])).toEqual(['Q2']);
  });
});

describe('L1', () => {
  test('lets the promised time pass without a checkpoint, and no more, unless the job was given up', () => {
    const promised: CoordinatorPlan = { ...plan, horizonMicros: 100 * SECOND, progressWithinMicros: 60 * SECOND };
    const completed = (second: number): TraceEvent => at(second, { kind: 'completed', checkpoint: 1 });
    expect(laws([completed(40)], promised)).toEqual([]);
    expect(laws([completed(39)], promised)).toEqual(['L1']);
    expect(laws([completed(39), at(50, { kind: 'given-up' })], promised)).toEqual([]);
  });
});

describe('rate', () => {
  test('lets one tick that waited and one at the end begin beyond what the interval asks for', () => {
    expect(laws([began(0, 1), began(9, 2), began(10, 3)])).toEqual([]);
    expect(laws([began(0, 1), began(8, 2), began(9, 3)])).toEqual(['rate']);
  });
});
