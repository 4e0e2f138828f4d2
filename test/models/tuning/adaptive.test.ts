// An interval that adapts costs what theory says that not knowing costs, and gains where something changes.
import { describe, expect, it } from 'vitest';
import { mtbfEstimationOverheadFactor } from '../../../models/performance/tuning.ts';
import { type AdaptiveJob, adaptiveStudy, type Policy, runAdaptiveJob } from '../../../models/tuning/index.ts';
import { Moments } from '../../../sim/index.ts';
import { blockingPlan } from './plans.ts';

// No outage: what is lost is pauses and replay, which is what theory weighs.
const plan = blockingPlan({ C: 1, M: 2000, R: 0 });

/** What not knowing costs over knowing, over replications of the same failures, nothing changing. */
function priceOf(policy: Policy): Moments {
  const price = new Moments();
  for (let replication = 0; replication < 12; replication++) {
    const job: AdaptiveJob = { plan, policy, change: { what: 'mtbf', factor: 1 }, failures: 200, replication };
    price.add(
      runAdaptiveJob(job, 'theory').lost / runAdaptiveJob({ ...job, policy: { kind: 'informed' } }, 'theory').lost,
    );
  }
  return price;
}

describe('an estimate of the failure rate from the last k gaps', () => {
  it.each([2, 5, 10])(
    'with k = %i costs what mtbf_estimation_overhead_factor says, within three standard errors',
    (k) => {
      const price = priceOf({ kind: 'adaptive', estimator: { gaps: k, pauseWeight: 1 } });
      const theory = mtbfEstimationOverheadFactor.evaluate({ observed_failure_count: k });
      const standardError = Math.sqrt(price.variance / price.n);
      expect(Math.abs(price.mean - theory)).toBeLessThan(3 * standardError);
      // Narrow enough to tell one k from the next.
      expect(standardError).toBeLessThan(0.012);
    },
  );

  it('costs nothing where it is known', () => {
    expect(priceOf({ kind: 'informed' }).mean).toBe(1);
  });
});

describe('a change half-way', () => {
  const studyOf = (what: 'mtbf' | 'pause', factor: number) => {
    const rounds = adaptiveStudy(plan, { what, factor });
    const step = rounds.next();
    if (step.done === true) throw new Error('a study needs runs');
    const done = rounds.next(step.value.map((job) => runAdaptiveJob(job, 'change')));
    if (done.done !== true) throw new Error('a study has one round');
    return done.value;
  };

  it.each([
    ['mtbf', 0.1],
    ['pause', 25],
  ] as const)('of %s by %f is won by adapting, beyond doubt', (what, factor) => {
    const { saved, regret, bestFixed, unchanged, informed, adaptive } = studyOf(what, factor);
    expect(saved.mean - saved.halfWidth95).toBeGreaterThan(0);
    expect(unchanged.mean).toBeGreaterThanOrEqual(bestFixed.mean);
    expect(informed.mean).toBeLessThan(adaptive.mean * 1.02);
    // Not knowing costs a few percent, and learning of the change a few gaps more.
    expect(regret.mean).toBeLessThan(0.12);
  });

  it('of nothing is not worth it', () => {
    const { saved } = studyOf('mtbf', 1);
    expect(saved.mean).toBeLessThan(0.01);
  });

  it('finds the period of the new regime within a factor of 1.2 after as many failures as it keeps', () => {
    // All gaps kept are of the new regime then: the mean of ten of them is off by a third at most in most runs.
    const { intervals, adaptive, informed } = studyOf('pause', 25);
    expect(intervals[1] / intervals[0]).toBeGreaterThan(4);
    expect(adaptive.mean / informed.mean).toBeLessThan(1.2);
  });
});
