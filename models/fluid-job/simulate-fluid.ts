/**
 * The main loop of a fluid job: of the few things that can come next, the earliest comes. At one microsecond, in this order:
 * checkpoints become durable, pauses and phases of an outage end, materialisations turn, a checkpoint is triggered, and last
 * the platform fails: what was to end in a microsecond has ended when a failure strikes in it.
 */
import { randomStreams } from '../../sim/index.ts';
import { FluidJob } from './fluid-job.ts';
import type { FluidOutcome } from './outcome.ts';
import { checkFluidPlan } from './check-plan.ts';
import type { FluidPlan } from './plan.ts';
import type { Steering } from './steering.ts';

/**
 * Runs a plan. The same (plan, seed, replication) gives the same outcome, bit for bit, in every engine; plans that differ in
 * their checkpoints alone see the same failures. Throws RangeError for a plan that makes no sense.
 */
export function simulateFluid(plan: FluidPlan, seed: string | number, replication: number = 0): FluidOutcome {
  return runFluid(plan, seed, replication, null);
}

/** A run that is steered: the steering decides instead of the plan's interval and pause, and hears of failures. */
export function simulateSteered(
  plan: FluidPlan,
  steering: Steering,
  { seed, replication }: { readonly seed: string | number; readonly replication: number },
): FluidOutcome {
  return runFluid(plan, seed, replication, steering);
}

function runFluid(
  plan: FluidPlan,
  seed: string | number,
  replication: number,
  steering: Steering | null,
): FluidOutcome {
  checkFluidPlan(plan);
  const job = new FluidJob(plan, randomStreams(seed, replication), steering);
  const horizon = plan.end.kind === 'time' ? plan.end.micros : Infinity;
  while (!job.isDone) {
    const next = job.nextEvent();
    if (next > horizon) break;
    job.advance(next);
    job.apply();
  }
  if (!job.isDone && horizon < Infinity) job.advance(horizon);
  return job.outcome();
}
