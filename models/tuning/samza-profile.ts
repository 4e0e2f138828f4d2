/**
 * A Samza job as a stream job to be tuned: what its commits, its processing and its recovery take is measured in a run of the
 * simulated job, with one crash on purpose, as one would on a test cluster. The plan is of one container: containers of Samza
 * fail and restart on their own, and each commits its tasks one after the other.
 */
import { type FluidPlan, PLAIN_FLUID_PLAN } from '../fluid-job/index.ts';
import type { Outcome, Recovery } from '../outcome.ts';
import type { RunPlan } from '../plan.ts';
import { PRICES_ASSUMED, type StreamJob } from './stream-job.ts';

/** Commits of each task that a profile sees, and how long it lasts at least and at most. */
const COMMITS = 10;
const PROFILE_MICROS_MIN = 600_000_000;
const PROFILE_MICROS_MAX = 3_600_000_000;
/** The crash comes after this share of the profile, half-way between two commits. */
const CRASH_AFTER = 0.6;

/** A failure of a container a day: our assumption, since no run can tell. */
export const MTBF_ASSUMED_S = 86_400;

/** The run that measures: the job for a while, with no fault but one crash of the first container. Null: it never commits. */
export function profilePlan(plan: RunPlan): RunPlan | null {
  const commitMicros = plan.job.samza.commitMicros;
  if (commitMicros <= 0) return null;
  const wanted = Math.min(PROFILE_MICROS_MAX, Math.max(PROFILE_MICROS_MIN, COMMITS * commitMicros));
  const commits = Math.max(1, Math.floor((wanted * CRASH_AFTER) / commitMicros));
  return {
    ...plan,
    horizonMicros: wanted,
    faults: [
      {
        kind: 'container-crash',
        container: 0,
        exitCode: 1,
        trigger: { on: 'time', atMicros: Math.round((commits + 0.5) * commitMicros) },
      },
    ],
    faultTrace: null,
  };
}

/** The job, from what its profile came to; a sentence where that measured too little. */
export function profiledJob(plan: RunPlan, profile: Outcome): StreamJob | { readonly problem: string } {
  const { containers } = plan.job;
  const { completed, sync_us_total: sync, async_us_total: async } = profile.checkpoint_detail;
  const recovery = profile.recoveries.find(({ finished }) => finished);
  const busy = profile.budgets.reduce((sum, { useful_us, replay_us }) => sum + useful_us + replay_us, 0);
  const processings = profile.records.processed + profile.records.duplicated;
  if (completed === 0) return { problem: 'no commit was completed in its profile run' };
  if (recovery === undefined) return { problem: 'its container did not come back in its profile run' };
  if (processings === 0) return { problem: 'no record was processed in its profile run' };
  const tasks = Math.ceil(profile.budgets.length / containers);
  const pauseMicros = Math.round((tasks * sync) / completed);
  const delayMicros = Math.round(async / completed);
  const capacity = Math.max(1, Math.round((1e6 * processings) / busy));
  const input = Math.max(1, Math.round(profile.records.offered / profile.simulated_s / containers));
  if (input >= capacity)
    return { problem: `it cannot keep up: ${input} records/s for ${capacity} a container can take` };
  const stateBytes = Math.round(profile.storage.local_disk_bytes_end / containers);
  const commits = { n: completed, unit: 's' } as const;
  const crash = { n: 1, unit: 's' } as const;
  return {
    name: plan.name,
    title: plan.title,
    engine: 'samza',
    seed: plan.seed,
    plan: fluidPlan(plan, { pauseMicros, delayMicros, capacity, input, stateBytes, recovery }),
    scope: 'container',
    objective: 'utilisation',
    weights: {},
    bounds: {},
    prices: PRICES_ASSUMED,
    assumed: ['mtbf', 'prices'],
    measured: [
      { what: `commits of the ${tasks} tasks of a container, synchronous part`, value: pauseMicros / 1e6, ...commits },
      { what: 'a commit, asynchronous part', value: delayMicros / 1e6, ...commits },
      { what: 'input of a container', value: input, unit: 'records/s', n: profile.records.offered },
      { what: 'capacity of a container', value: capacity, unit: 'records/s', n: processings },
      { what: 'state of a container', value: stateBytes, unit: 'B', n: containers },
      { what: 'detecting that a container has died', value: recovery.detect_us / 1e6, ...crash },
      { what: 'starting it anew', value: recovery.restart_us / 1e6, ...crash },
      { what: 'restoring its state', value: recovery.restore_us / 1e6, ...crash },
    ],
  };
}

interface Profiled {
  readonly pauseMicros: number;
  readonly delayMicros: number;
  readonly capacity: number;
  readonly input: number;
  readonly stateBytes: number;
  readonly recovery: Recovery;
}

function fluidPlan({ job, costs }: RunPlan, seen: Profiled): FluidPlan {
  const { pauseMicros, delayMicros, recovery } = seen;
  const constant = (micros: number) => ({ kind: 'constant', micros }) as const;
  return {
    ...PLAIN_FLUID_PLAN,
    load: {
      kind: 'constant',
      inputPerSecond: seen.input,
      capacityPerSecond: seen.capacity,
      recordBytes: costs.recordBytes,
    },
    checkpoint: {
      ...PLAIN_FLUID_PLAN.checkpoint,
      intervalMicros: job.samza.commitMicros,
      firstTriggerMicros: job.samza.commitMicros,
      pauseMicros,
      delay: constant(delayMicros),
    },
    snapshot: { kind: 'full', stateBytes: seen.stateBytes },
    failures: [{ name: 'job', law: { kind: 'exponential', meanMicros: MTBF_ASSUMED_S * 1e6 }, level: 1 }],
    recovery: {
      ...PLAIN_FLUID_PLAN.recovery,
      detect: constant(recovery.detect_us),
      restart: constant(recovery.restart_us),
      // Reading the state is in it, as it was measured.
      restore: constant(recovery.restore_us),
    },
  };
}
