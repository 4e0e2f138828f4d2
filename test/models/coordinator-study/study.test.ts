// The coordinator with a clock: what holds for every plan under Flink's rules, and that each law can be broken.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  brokenLaws,
  type CoordinatorPlan,
  type CoordinatorRules,
  FLINK_RULES,
  HEALTHY_PLAN,
  studyCoordinator,
  type Trouble,
} from '../../../models/coordinator-study/index.ts';
import type { TraceKind } from '../../../models/coordinator-study/trace.ts';

const SECOND = 1_000_000;
const seconds = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max }).map((s) => s * SECOND);

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({
    kind: fc.constant('broken-until-restart' as const),
    stage: fc.constantFrom('initialise', 'upload', 'store'),
    fromMicros: seconds(0, 500),
  }),
  fc.record({
    kind: fc.constant('part-fails' as const),
    checkpoint: fc.integer({ min: 1, max: 30 }),
    afterMicros: seconds(0, 60),
  }),
  fc.record({ kind: fc.constant('host-lost' as const), atMicros: seconds(0, 500) }),
  fc.record({
    kind: fc.constant('backlog' as const),
    source: fc.nat(1),
    atMicros: seconds(0, 500),
    backlog: fc.boolean(),
  }),
);

const plans: fc.Arbitrary<CoordinatorPlan> = fc
  .record({
    seed: fc.string(),
    trigger: fc.record({
      intervalMicros: seconds(1, 30),
      intervalDuringBacklogMicros: fc.option(seconds(0, 90)),
      minPauseMicros: seconds(0, 20),
      maxConcurrent: fc.integer({ min: 1, max: 3 }),
      unaligned: fc.boolean(),
    }),
    timeoutMicros: seconds(5, 60),
    tolerableFailures: fc.integer({ min: 0, max: 3 }),
    restart: fc.constantFrom<CoordinatorPlan['restart'][]>(
      HEALTHY_PLAN.restart,
      { kind: 'fixed-delay', attempts: 3, delayMicros: 5 * SECOND },
      { kind: 'none' },
    ),
    spells: seconds(0, 80).map((durationMicros) => [
      { fromMicros: 0, durationMicros: SECOND },
      { fromMicros: 200 * SECOND, durationMicros },
    ]),
    deleteMicros: seconds(0, 30),
    sourceStartMicros: fc.array(seconds(0, 40), { minLength: 1, maxLength: 3 }),
    troubles: fc.array(trouble, { maxLength: 4 }),
  })
  .map((drawn) => ({ ...HEALTHY_PLAN, horizonMicros: 600 * SECOND, ...drawn }));

const lawsOf = (plan: CoordinatorPlan, rules: CoordinatorRules): string[] =>
  brokenLaws(plan, studyCoordinator(plan, rules)).map(({ law }) => law);

describe("under Flink's rules, whatever goes wrong", () => {
  test('slots are kept and given back, and the job fails for its checkpoints exactly when it should', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(lawsOf(plan, FLINK_RULES).filter((law) => ['M2', 'L2', 'Q2'].includes(law))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('every checkpoint that began ends once, or is under way at the end or when its attempt ends', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const trace = studyCoordinator(plan);
        const ended = trace.flatMap((event) =>
          event.kind === 'completed' || event.kind === 'aborted' ? [event.checkpoint] : [],
        );
        const began = trace.flatMap((event) => (event.kind === 'began' ? [event.checkpoint] : []));
        expect(new Set(ended).size).toBe(ended.length);
        expect(began).toEqual(began.map((_, n) => n + 1));
        expect(ended.every((checkpoint) => began.includes(checkpoint))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('nothing begins before every source of the attempt is RUNNING, nor after the job was given up', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        let ready = Infinity;
        for (const event of studyCoordinator(plan)) {
          if (event.kind === 'deployed') ready = event.atMicros + Math.max(...plan.sourceStartMicros);
          if (event.kind === 'given-up') ready = Infinity;
          if (event.kind === 'began') expect(event.atMicros).toBeGreaterThanOrEqual(ready);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('equal plans give equal traces, and another seed another first delay', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(studyCoordinator(plan)).toEqual(studyCoordinator(plan));
      }),
      { numRuns: 20 },
    );
    const first = (seed: string): number =>
      studyCoordinator({ ...HEALTHY_PLAN, seed }).find(({ kind }) => kind === 'began')?.atMicros ?? 0;
    expect(first('a')).not.toBe(first('b'));
  });

  test('a healthy job breaks no law', () => {
    expect(lawsOf(HEALTHY_PLAN, FLINK_RULES)).toEqual([]);
  });
});

describe('a law speaks', () => {
  test('M2, when the decider is not told what is pending', () => {
    const blind: CoordinatorRules = {
      ...FLINK_RULES,
      tick: (decider, settings, generation, situation) =>
        FLINK_RULES.tick(decider, settings, generation, { ...situation, pending: 0 }),
    };
    const slow = { ...HEALTHY_PLAN, spells: [{ fromMicros: 0, durationMicros: 25 * SECOND }] };
    expect(lawsOf(slow, blind)).toContain('M2');
    expect(lawsOf(slow, FLINK_RULES)).not.toContain('M2');
  });

  test('L1, unless the job was given up, which is a reason that is told', () => {
    const fails: CoordinatorPlan = {
      ...HEALTHY_PLAN,
      troubles: [{ kind: 'broken-until-restart', stage: 'upload', fromMicros: 120 * SECOND }],
    };
    expect(lawsOf({ ...fails, restart: { kind: 'none' } }, FLINK_RULES)).toEqual([]);
    expect(lawsOf({ ...fails, tolerableFailures: Infinity }, FLINK_RULES)).toEqual(['L1']);
  });
});

const times = (plan: CoordinatorPlan, kind: TraceKind): number[] =>
  studyCoordinator(plan).flatMap((event) => (event.kind === kind ? [event.atMicros] : []));

describe('an attempt', () => {
  const lostAt = (...atMicros: number[]): CoordinatorPlan['troubles'] =>
    atMicros.map((micros) => ({ kind: 'host-lost', atMicros: micros }));

  test('that waits for its delay is replaced by the next one, not joined by it', () => {
    const fixed = { kind: 'fixed-delay', attempts: 5, delayMicros: 10 * SECOND } as const;
    const plan = { ...HEALTHY_PLAN, restart: fixed, troubles: lostAt(100 * SECOND, 106 * SECOND) };
    expect(times(plan, 'deployed')).toEqual([0, 116 * SECOND]);
  });

  test('that is given up during the delay of the one before is the end', () => {
    const fixed = { kind: 'fixed-delay', attempts: 1, delayMicros: 10 * SECOND } as const;
    const plan = { ...HEALTHY_PLAN, restart: fixed, troubles: lostAt(100 * SECOND, 106 * SECOND) };
    expect([times(plan, 'deployed'), times(plan, 'given-up')]).toEqual([[0], [106 * SECOND]]);
  });

  test('that ends with a checkpoint in its setup phase leaves the next one free to begin others', () => {
    const plan = { ...HEALTHY_PLAN, setupMicros: 9 * SECOND, troubles: lostAt(200 * SECOND) };
    expect(times(plan, 'began').filter((micros) => micros < 200 * SECOND && micros > 191 * SECOND)).toHaveLength(1);
    expect(lawsOf(plan, FLINK_RULES)).toEqual([]);
  });
});

describe('a checkpoint', () => {
  test('whose completion is being written does not expire any more', () => {
    const plan = { ...HEALTHY_PLAN, timeoutMicros: SECOND + 25_000, storeMicros: 50_000 };
    expect([times(plan, 'failed'), times(plan, 'completed').length]).toEqual([[], 180]);
    expect(times({ ...plan, timeoutMicros: SECOND - 1 }, 'completed')).toEqual([]);
  });

  test('that is overtaken by a newer one is subsumed when that completes', () => {
    const trace = studyCoordinator({
      ...HEALTHY_PLAN,
      trigger: { ...HEALTHY_PLAN.trigger, maxConcurrent: 2 },
      troubles: [{ kind: 'part-fails', checkpoint: 5, afterMicros: 25 * SECOND }],
    });
    const sixth = trace.find((event) => event.kind === 'completed' && event.checkpoint === 6);
    const fifth = trace.find((event) => event.kind === 'aborted' && event.checkpoint === 5);
    expect(fifth?.atMicros).toBe(sixth?.atMicros);
  });
});

describe('FLINK-22003 has two remedies', () => {
  const slowSource: CoordinatorPlan = { ...HEALTHY_PLAN, sourceStartMicros: [SECOND, 25 * SECOND] };

  test('and each is enough alone', () => {
    expect(lawsOf(slowSource, { ...FLINK_RULES, mayTrigger: () => true })).toEqual([]);
    expect(lawsOf(slowSource, { ...FLINK_RULES, abortsOnLostTrigger: false })).toEqual([]);
  });
});

describe('a backlog of ticks', () => {
  const slowOnce: CoordinatorPlan = {
    ...HEALTHY_PLAN,
    spells: [
      { fromMicros: 0, durationMicros: SECOND },
      { fromMicros: 300 * SECOND, durationMicros: 540 * SECOND },
      { fromMicros: 320 * SECOND, durationMicros: SECOND },
    ],
    progressWithinMicros: 600 * SECOND,
  };

  test('drains with the pause between any two checkpoints if there is one, two ticks at a time', () => {
    const paused = { ...slowOnce, trigger: { ...slowOnce.trigger, minPauseMicros: 5 * SECOND } };
    const trace = studyCoordinator(paused);
    const after = trace.flatMap(({ kind, atMicros }) =>
      kind === 'began' && atMicros > 840 * SECOND ? [atMicros] : [],
    );
    const gaps = after.slice(1).map((micros, n) => micros - after[n]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5 * SECOND);
    // The completion of a checkpoint and the deletion of the one before both ask the chooser, and each spends a waiting
    // tick on the pause, while one new tick ends it: 54 ticks are gone after half as many checkpoints.
    expect(gaps.filter((gap) => gap < 10 * SECOND)).toHaveLength(26);
  });
});
