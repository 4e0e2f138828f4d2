// Plans for tests of the tuner: blocking full snapshots and exponential failures, as the closed forms have it.
import { type FluidPlan, PLAIN_FLUID_PLAN } from '../../../models/fluid-job/index.ts';

/** Pause, mean time between failures and restart, in seconds. */
export interface Costs {
  readonly C: number;
  readonly M: number;
  readonly R: number;
}

/** A saturated job; configured now at the first-order optimum. */
export function blockingPlan({ C, M, R }: Costs): FluidPlan {
  const interval = Math.round(Math.sqrt(2 * C * M) * 1e6);
  return {
    ...PLAIN_FLUID_PLAN,
    checkpoint: {
      ...PLAIN_FLUID_PLAN.checkpoint,
      intervalMicros: interval,
      firstTriggerMicros: interval,
      pauseMicros: Math.round(C * 1e6),
    },
    failures: [{ name: 'job', law: { kind: 'exponential', meanMicros: Math.round(M * 1e6) }, level: 1 }],
    recovery: { ...PLAIN_FLUID_PLAN.recovery, restart: { kind: 'constant', micros: Math.round(R * 1e6) } },
  };
}

/** The same under a load, in records per second. */
export function loadedPlan(costs: Costs, input: number, capacity: number): FluidPlan {
  const load = { kind: 'constant', inputPerSecond: input, capacityPerSecond: capacity, recordBytes: 100 } as const;
  return { ...blockingPlan(costs), load };
}
