// The search for the first diverging event, over a made-up simulator that can be told where to go astray.
import { describe, expect, it } from 'vitest';
import { createSamples, divergenceOf, SAMPLES_MAX, type SampledRun } from '../../cli/jobs/twice.ts';
import type { RunPlan } from '../../models/plan.ts';
import type { SimulateOptions, simulate } from '../../models/simulate.ts';
import { holding } from '../reports/fixtures.ts';

const plan = {} as RunPlan;

interface Astray {
  /** Which runs, counted from 0, go astray, and at which event. */
  readonly runs: (run: number) => boolean;
  readonly at: number;
  readonly what: 'order' | 'state';
  readonly length?: number;
}

function fakeSimulate({ runs, at, what, length = 10_000 }: Astray): typeof simulate {
  let run = 0;
  return (_plan: RunPlan, given?: SimulateOptions) => {
    const options = given ?? {};
    const astray = runs(run);
    run += 1;
    const end = Math.min(length, options.maxEvents ?? Infinity);
    let n = 0;
    const digests = (): { order: string; state: string; cost: string } => ({
      order: String(astray && what === 'order' && n >= at ? -n : n),
      state: String(astray && n >= at ? -n : n),
      cost: String(n),
    });
    while (n < end) {
      n += 1;
      const id = astray && what === 'order' && n >= at ? `other#${n}` : `same#${n}`;
      options.onEvent?.({ n, atMicros: 10 * n, id, text: `event ${n}` });
      if (n % 1_024 === 0) options.onSample?.(n, digests());
    }
    return { ...holding, events: n, digests: digests() };
  };
}

function runTwice(run: typeof simulate): ReturnType<typeof divergenceOf> {
  const sampled = (): SampledRun => {
    const samples = createSamples();
    return { outcome: run(plan, { onSample: samples.add }), samples };
  };
  return divergenceOf(plan, sampled(), sampled(), run);
}

const secondAndFourth = (run: number): boolean => run % 2 === 1;

describe('two runs of one plan', () => {
  it('that are the same have no divergence, and are not run a third time', () => {
    let calls = 0;
    const run = fakeSimulate({ runs: () => false, at: 1, what: 'order' });
    expect(
      runTwice((...args) => {
        calls += 1;
        return run(...args);
      }),
    ).toBeNull();
    expect(calls).toBe(2);
  });

  it.each([1, 5_000, 9_999, 10_000])('part at exactly event %i, with both versions named', (at) => {
    expect(runTwice(fakeSimulate({ runs: secondAndFourth, at, what: 'order' }))).toEqual({
      kind: 'event',
      n: at,
      first: { n: at, atMicros: 10 * at, id: `same#${at}`, text: `event ${at}` },
      second: { n: at, atMicros: 10 * at, id: `other#${at}`, text: `event ${at}` },
    });
  });

  it('may have the same events and another state', () => {
    expect(runTwice(fakeSimulate({ runs: secondAndFourth, at: 5_000, what: 'state' }))).toEqual({
      kind: 'state',
      n: 5_120,
      digests: ['state'],
    });
  });

  it('may differ once and never again', () => {
    expect(runTwice(fakeSimulate({ runs: (run) => run === 1, at: 5_000, what: 'order' }))).toEqual({
      kind: 'unsteady',
      afterEvents: 4_096,
    });
  });
});

describe('samples', () => {
  it('are thinned to a bound, evenly, and the same way for equal runs', () => {
    const take = (): ReturnType<ReturnType<typeof createSamples>['taken']> => {
      const samples = createSamples();
      for (let i = 1; i <= 5 * SAMPLES_MAX; i += 1) samples.add(i, holding.digests);
      return samples.taken();
    };
    const taken = take();
    expect(taken.length).toBeLessThanOrEqual(SAMPLES_MAX);
    expect(taken.length).toBeGreaterThan(SAMPLES_MAX / 4);
    const gaps = new Set(taken.map(({ events }, i) => events - (taken[i - 1]?.events ?? 0)));
    expect(gaps.size).toBe(1);
    expect(take()).toEqual(taken);
  });
});
