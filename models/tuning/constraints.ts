/**
 * Bounds that an interval must keep, whatever it costs. Each of them gets harder to keep as the interval grows, so each is a
 * longest interval; what recovery takes is simulated, the others follow from the plan.
 */
import { quantileSorted } from '../../sim/statistics.ts';
import type { FluidOutcome, FluidPlan } from '../fluid-job/index.ts';
import { figuresOf } from './closed-form.ts';

export interface Constraints {
  /** From a failure to no backlog, of 99 in 100 recoveries. */
  readonly recovery_p99_s?: number;
  /** From an output to its visibility behind a transactional sink, at the latest, without failures. */
  readonly output_latency_s?: number;
  /** A transaction must live through a period, its checkpoint and an outage. */
  readonly transaction_timeout_s?: number;
}

export type ConstraintName = keyof Constraints;

/** A bound, what it allows, and what was seen. */
export interface ConstraintFinding {
  readonly name: ConstraintName;
  readonly bound_s: number;
  /** The longest interval that keeps it; 0: none does. */
  readonly longest_s: number;
  /** Where it comes from. */
  readonly by: 'plan' | 'simulation';
}

/** The bounds that follow from the plan alone. */
export function planConstraints(constraints: Constraints, plan: FluidPlan): ConstraintFinding[] {
  const { duration_s, outage_s } = figuresOf(plan);
  const findings: ConstraintFinding[] = [];
  const add = (name: ConstraintName, bound_s: number | undefined, taken_s: number): void => {
    if (bound_s === undefined) return;
    findings.push({ name, bound_s, longest_s: Math.max(0, bound_s - taken_s), by: 'plan' });
  };
  add('output_latency_s', constraints.output_latency_s, duration_s);
  add('transaction_timeout_s', constraints.transaction_timeout_s, duration_s + outage_s);
  return findings;
}

/** From a failure to no backlog, in seconds, of every recovery that came to its end. */
export function recoveryTimes({ recoveries }: FluidOutcome): number[] {
  return recoveries.list.flatMap(({ failedAt_us, caughtUpAt_us }) =>
    caughtUpAt_us === null ? [] : [(caughtUpAt_us - failedAt_us) / 1e6],
  );
}

/** The 99th percentile of recoveries; NaN without any. */
export function recoveryP99(recoveries_s: readonly number[]): number {
  return quantileSorted(
    recoveries_s.toSorted((a, b) => a - b),
    0.99,
  );
}
