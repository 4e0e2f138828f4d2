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
