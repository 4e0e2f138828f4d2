/** One run of a search: an interval, a replication, and what is to be measured of it. */
import type { FluidOutcome, FluidPlan } from '../fluid-job/index.ts';
import { simulateCalm } from './calm.ts';
import { figuresOf } from './closed-form.ts';
import { recoveryTimes } from './constraints.ts';
import { costOf, type Objective, planFor } from './objective.ts';

/** One run that a search asks for. */
export interface TuneJob {
  readonly interval_s: number;
  readonly replication: number;
  /** With the interval, and under the load the job has. */
  readonly plan: FluidPlan;
  /** One after the other, of the same runs; none: only the recoveries are wanted. */
  readonly objectives: readonly Objective[];
}

/** What a run came to. */
export interface TuneSample {
  /** One per objective. */
  readonly costs: readonly number[];
  /** Only without objectives: they are many. */
  readonly recoveries_s: readonly number[];
  readonly failures: number;
}

/** Makes a run. The same (job, seed) gives the same sample, wherever it is made. */
export function runTuneJob({ plan, replication, objectives }: TuneJob, seed: string | number): TuneSample {
  if (objectives.length === 0) {
    const outcome = simulateCalm(plan, seed, replication);
    return { costs: [], recoveries_s: recoveryTimes(outcome), failures: outcome.failures.count };
  }
  // All objectives share runs, and so do the terms of a weighted sum: by load there are two at most.
  const runs = new Map<FluidPlan['load']['kind'], FluidOutcome>();
  const runFor = (of: Objective): FluidOutcome => {
    const asRun = planFor(of, plan);
    const run = runs.get(asRun.load.kind) ?? simulateCalm(asRun, seed, replication);
    runs.set(asRun.load.kind, run);
    return run;
  };
  const costs = objectives.map((objective) => {
    const terms = objective.kind === 'weighted' ? objective.terms : [{ objective, weight: 1, scale: 1 }];
    return terms.reduce(
      (sum, term) => sum + (term.weight * costOf(runFor(term.objective), term.objective, plan)) / term.scale,
      0,
    );
  });
  const [run] = runs.values();
  return { costs, recoveries_s: [], failures: run!.failures.count };
}

/** The plan with another interval, long enough for so many failures. */
export function withInterval(plan: FluidPlan, interval_s: number, failures: number): FluidPlan {
  const intervalMicros = Math.max(1, Math.round(interval_s * 1e6));
  const changed = { ...plan, checkpoint: { ...plan.checkpoint, intervalMicros } };
  const { pause_s, failuresPerSecond } = figuresOf(changed);
  // As the closed forms count: a period after a restart ends with the pause of its checkpoint, like every other.
  const firstTriggerMicros = Math.max(1, intervalMicros - Math.round(pause_s * 1e6));
  return {
    ...changed,
    end: { kind: 'time', micros: Math.round((failures / failuresPerSecond) * 1e6) },
    checkpoint: { ...changed.checkpoint, firstTriggerMicros },
    measure: { ...plan.measure, recoveriesMax: failures },
  };
}
