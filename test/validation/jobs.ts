/** Plans of fluid jobs in seconds, for experiments that vary one thing at a time. */
import { type FluidPlan, type Measure, PLAIN_FLUID_PLAN } from '../../models/fluid-job/index.ts';
import type { CheckpointPolicy, DurationLaw, FailureLaw, Snapshot } from '../../models/fluid-job/index.ts';

export const micros = (seconds: number): number => Math.round(seconds * 1e6);
export const constant = (seconds: number): DurationLaw => ({ kind: 'constant', micros: micros(seconds) });
export const exponential = (mean_s: number): FailureLaw => ({ kind: 'exponential', meanMicros: micros(mean_s) });

export interface Job {
  readonly period_s: number;
  /** Of processing, per checkpoint. */
  readonly pause_s?: number;
  /** From the end of the pause until durable. */
  readonly delay_s?: number;
  /** Null for none. */
  readonly failures: FailureLaw | null;
  readonly downtime_s?: number;
  readonly restart_s?: number;
  /** From resuming to the first trigger; the compute time of a period if not said. */
  readonly firstTrigger_s?: number;
  readonly concurrent?: number;
}

/** A job whose backlog never ends, for so many seconds. */
export function saturatedJob(job: Job, length_s: number): FluidPlan {
  return {
    ...PLAIN_FLUID_PLAN,
    end: { kind: 'time', micros: micros(length_s) },
    checkpoint: checkpointing(job),
    failures: job.failures === null ? [] : [{ name: 'node', law: job.failures, level: 1 }],
    recovery: {
      ...PLAIN_FLUID_PLAN.recovery,
      downMicros: [micros(job.downtime_s ?? 0), micros(job.downtime_s ?? 0)],
      restart: constant(job.restart_s ?? 0),
    },
  };
}

/** The same under a load of `input` records per second on a capacity of `capacity`, each of a kilobyte. */
export function loadedJob(job: Job, length_s: number, [input, capacity]: readonly [number, number]): FluidPlan {
  return {
    ...saturatedJob({ firstTrigger_s: job.period_s, ...job }, length_s),
    load: { kind: 'constant', inputPerSecond: input, capacityPerSecond: capacity, recordBytes: 1000 },
  };
}

function checkpointing(job: Job): CheckpointPolicy {
  const pause_s = job.pause_s ?? 0;
  return {
    ...PLAIN_FLUID_PLAN.checkpoint,
    intervalMicros: micros(job.period_s),
    firstTriggerMicros: micros(job.firstTrigger_s ?? job.period_s - pause_s),
    pauseMicros: micros(pause_s),
    delay: constant(job.delay_s ?? 0),
    maxConcurrent: job.concurrent ?? 1,
  };
}

export const withMeasure = (plan: FluidPlan, measure: Partial<Measure>): FluidPlan => ({
  ...plan,
  measure: { ...plan.measure, ...measure },
});

/** The load of jobs whose load does not matter. */
export const LOAD = [1000, 2000] as const;

export interface Peaceful {
  readonly T: number;
  readonly Cd: number;
  readonly length_s: number;
  readonly snapshot: Snapshot;
  readonly measure: Partial<Measure>;
}

/** A loaded job in which nothing fails. */
export function peacefulJob({ T, Cd, length_s, snapshot, measure }: Peaceful): FluidPlan {
  return withMeasure({ ...loadedJob({ period_s: T, delay_s: Cd, failures: null }, length_s, LOAD), snapshot }, measure);
}
