// The search finds what is known exactly, says how sure it is, and keeps to bounds.
import { describe, expect, it } from 'vitest';
import { totalRecoveryTime } from '../../../models/performance/recovery.ts';
import { driven, paretoFront, tune, type TuneJob, tuning, runTuneJob } from '../../../models/tuning/index.ts';
import { searchesOf } from './exact-optimum.ts';
import { blockingPlan, loadedPlan } from './plans.ts';

/**
 * One seed in the suite; `npm run validate:tuner` takes three. Over the seeds 1 to 100 (1,000 searches) the 95 % interval had
 * the exact optimum in it in 94.7 %, no optimum was more than 6.3 % off, and 90 seeds had nine jobs of ten covered or all. The
 * ten others begin with 4, 5 and 9: the jobs of a seed share their failures, so misses come together. Seed 1 is one of the 90.
 */
const SEEDS = Array.from({ length: Number(process.env['TIDEMARK_TUNER_SEEDS'] ?? 1) }, (_, i) => String(i + 1));

describe.each(SEEDS)('the optimum of ten jobs that is known exactly, seed %s', (seed) => {
  const found = searchesOf(seed);

  it('is found within 10 % for each', () => {
    expect(Math.max(...found.map(({ error }) => error))).toBeLessThan(0.1);
  });

  it('lies in the reported interval of at least nine', () => {
    expect(found.filter(({ isCovered }) => isCovered).length).toBeGreaterThanOrEqual(9);
  });
});

describe('a search', () => {
  const plan = blockingPlan({ C: 2, M: 3600, R: 60 });

  it('gives the same answer in whatever order the runs of a round are made', () => {
    const rounds = tuning({ kind: 'utilisation' }, plan, { seed: 'a' });
    let step = rounds.next();
    while (step.done !== true) {
      const jobs: readonly TuneJob[] = step.value;
      const samples = jobs.toReversed().map((job) => runTuneJob(job, 'a'));
      step = rounds.next(samples.toReversed());
    }
    expect(step.value).toEqual(tune({ kind: 'utilisation' }, plan, { seed: 'a' }));
  });

  it('ends when the interval is as narrow as was asked for, with more runs for less', () => {
    const [wide, narrow] = [0.06, 0.02].map((precision) =>
      tune({ kind: 'utilisation' }, plan, { seed: 'b', precision }),
    );
    const widthOf = ({ optimum }: NonNullable<typeof wide>): number =>
      (optimum.high_s - optimum.low_s) / 2 / optimum.interval_s;
    expect(widthOf(wide!)).toBeLessThanOrEqual(0.06);
    expect(widthOf(narrow!)).toBeLessThanOrEqual(0.02);
    expect(narrow!.runs).toBeGreaterThan(wide!.runs);
  });

  it('has a flat region in which the cost of theory is within about 5 %', () => {
    const { flat, optimum } = tune({ kind: 'utilisation' }, plan, { seed: 'c', precision: 0.02 });
    // Overhead at x times the optimum is (x + 1/x)/2 on the part that depends on the interval; the outage adds 60/3660.
    const share = 0.0333 / (0.0333 + 60 / 3660);
    const excess = (x: number): number => share * ((x + 1 / x) / 2 - 1);
    expect(excess(flat.low_s / optimum.interval_s)).toBeCloseTo(0.05, 1);
    expect(excess(flat.high_s / optimum.interval_s)).toBeCloseTo(0.05, 1);
    expect(flat.low_s).toBeLessThan(optimum.low_s);
    expect(flat.high_s).toBeGreaterThan(optimum.high_s);
  });

  it('refuses a job in which nothing fails, and one that cannot keep up', () => {
    const whole = { ...plan, failures: [] };
    expect(() => tune({ kind: 'utilisation' }, whole, { seed: 'd' })).toThrow('nothing ever fails');
    const late = loadedPlan({ C: 2, M: 3600, R: 60 }, 1000, 900);
    expect(() => tune({ kind: 'latency', view: 'first-output' }, late, { seed: 'd' })).toThrow('cannot keep up');
  });

  it('says at which end the cost still falls: storage alone wants the shortest interval', () => {
    const stored = loadedPlan({ C: 0.1, M: 3600, R: 10 }, 500, 1000);
    const { atBorder, closed_form: form } = tune({ kind: 'storage' }, stored, { seed: 'e' });
    expect(atBorder).toBe('shortest');
    expect(form).toBeNull();
  });
});

describe('a bound on recovery', () => {
  // Failures strike at any age, so the 99th percentile of ages is about a period and what a checkpoint takes.
  const costs = { C: 0.5, M: 20_000, R: 20 };
  const plan = loadedPlan(costs, 600, 1000);
  const bound = 100;
  const result = tune({ kind: 'recovery-slo' }, plan, { seed: '1', constraints: { recovery_p99_s: bound } });

  it('allows the interval at which (D + a rho)/(1 - rho) is the bound', () => {
    // 100 = (20 + a * 0.6) / 0.4: ages up to 33 s.
    const age = (bound * 0.4 - 20) / 0.6;
    expect(totalRecoveryTime.evaluate({ outage_s: 20, checkpoint_age_s: age, utilization: 0.6 })).toBeCloseTo(bound, 9);
    const [{ longest_s: longest }] = result.constraints as [(typeof result.constraints)[0]];
    // Pauses while catching up cost a little, and one failure in a hundred may be later.
    expect(longest).toBeGreaterThan(age * 0.9);
    expect(longest).toBeLessThan(age * 1.1);
  });

  it('cuts the recommendation, and says so', () => {
    expect(result.optimum.interval_s).toBeGreaterThan(100);
    expect(result.recommendation).toMatchObject({ because: 'recovery_p99_s' });
    expect(result.recommendation!.interval_s).toBe(result.constraints[0]!.longest_s);
    expect(result.recommendation!.excess).toBeGreaterThan(0.3);
  });

  it('is kept by the optimum itself where it is loose, and by nothing where the outage alone breaks it', () => {
    const loose = tune({ kind: 'recovery-slo' }, plan, { seed: '1', constraints: { recovery_p99_s: 2000 } });
    expect(loose.recommendation).toMatchObject({ because: 'optimum' });
    const hopeless = tune({ kind: 'recovery-slo' }, plan, { seed: '1', constraints: { recovery_p99_s: 30 } });
    expect(hopeless.recommendation).toBeNull();
  });
});

describe('bounds that follow from the plan', () => {
  it('leave an interval what a checkpoint and an outage leave of them', () => {
    const plan = loadedPlan({ C: 0.5, M: 20_000, R: 20 }, 600, 1000);
    const constraints = { output_latency_s: 5, transaction_timeout_s: 60 };
    const { constraints: found, recommendation } = tune({ kind: 'utilisation' }, plan, { seed: '1', constraints });
    expect(found.map(({ name, longest_s }) => [name, longest_s])).toEqual([
      ['output_latency_s', 4.5],
      ['transaction_timeout_s', 39.5],
    ]);
    expect(recommendation).toMatchObject({ interval_s: 4.5, because: 'output_latency_s' });
  });
});

describe('a Pareto front', () => {
  const plan = loadedPlan({ C: 0.5, M: 20_000, R: 20 }, 600, 1000);
  const front = driven(
    paretoFront([{ kind: 'utilisation' }, { kind: 'latency', view: 'first-output' }], plan, { seed: '1' }),
    '1',
  );

  it('runs from the one optimum to the other, and what one gains the other loses', () => {
    const ends = front.optima.map(({ optimum }) => optimum.interval_s).toSorted((a, b) => a - b);
    expect(front.points[0]!.interval_s).toBe(ends[0]);
    expect(front.points.at(-1)!.interval_s).toBe(ends[1]);
    const kept = front.points.filter(({ isOnFront }) => isOnFront);
    expect(kept.length).toBeGreaterThan(6);
    for (const [i, point] of kept.slice(1).entries()) {
      expect(point.costs[0].mean).toBeLessThan(kept[i]!.costs[0].mean);
      expect(point.costs[1].mean).toBeGreaterThan(kept[i]!.costs[1].mean);
    }
  });
});
