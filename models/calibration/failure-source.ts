/**
 * Failures as a generator: the law fitted to a trace, or its gaps in random order, as a failure source of a fluid job, and what
 * such a source does when it is simulated.
 */
import { Moments, type Summary, summarise } from '../../sim/index.ts';
import { type FailureLaw, type FluidPlan, PLAIN_FLUID_PLAN, simulateFluid } from '../fluid-job/index.ts';
import { lifetimeMoments, type WeibullLaw } from './lifetime-laws.ts';

/** A Weibull law, its scale in seconds, as the law of a failure source. */
export function weibullSource(law: WeibullLaw): FailureLaw {
  return { kind: 'weibull', shape: law.shape, meanMicros: Math.round(lifetimeMoments(law).mean * 1e6) };
}

/** The gaps that were seen, drawn anew each time: their distribution, without the order. */
export function resampledSource(gapsSeconds: readonly number[]): FailureLaw {
  return { kind: 'resampled', micros: gapsSeconds.map((gap) => Math.max(1, Math.round(gap * 1e6))) };
}

/** Mean and coefficient of variation of simulated gaps, over replications. */
export interface SimulatedFailures {
  readonly failuresPerReplication: number;
  readonly mtbfSeconds: Summary;
  readonly cv: Summary;
}

export interface FailureRunOptions {
  /** Which the law should have; it decides how long to simulate. */
  readonly mtbfSeconds: number;
  readonly seed: string | number;
  readonly replications: number;
  readonly failures: number;
}

/** Runs a job that this source strikes, in each replication until it has struck often enough. */
export function simulateFailures(
  law: FailureLaw,
  { mtbfSeconds, seed, replications, failures }: FailureRunOptions,
): SimulatedFailures {
  const means: number[] = [];
  const cvs: number[] = [];
  const plan = failurePlan(law, failures, mtbfSeconds);
  for (let replication = 0; replication < replications; replication++) {
    const gaps = new Moments();
    let last = 0;
    for (const { failedAt_us } of simulateFluid(plan, seed, replication).recoveries.list) {
      gaps.add((failedAt_us - last) / 1e6);
      last = failedAt_us;
    }
    means.push(gaps.mean);
    cvs.push(Math.sqrt(gaps.variance) / gaps.mean);
  }
  return { failuresPerReplication: failures, mtbfSeconds: summarise(means), cv: summarise(cvs) };
}

/** Far longer than the failures asked for should take, so that long gaps are not cut off; outages take no time. */
function failurePlan(law: FailureLaw, failures: number, mtbfSeconds: number): FluidPlan {
  const micros = Math.round(2 * failures * mtbfSeconds * 1e6);
  return {
    ...PLAIN_FLUID_PLAN,
    end: { kind: 'time', micros },
    checkpoint: { ...PLAIN_FLUID_PLAN.checkpoint, intervalMicros: micros, firstTriggerMicros: micros },
    failures: [{ name: 'trace', law, level: 1 }],
    measure: { ...PLAIN_FLUID_PLAN.measure, recoveriesMax: failures },
  };
}
