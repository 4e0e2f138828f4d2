/**
 * Finds the interval with the least cost by simulation. The search is a generator of rounds of runs, so whoever drives it may
 * make the runs of a round in any order, on any number of cores, and keep them: the answer is the same.
 */
import type { FluidPlan } from '../fluid-job/index.ts';
import type { Objective } from './objective.ts';
import { Search } from './search.ts';
import { runTuneJob, type TuneJob, type TuneSample } from './tune-job.ts';
import type { TuneOptions, TuneResult } from './tune-result.ts';

/** Yields rounds of runs to make, and takes their samples in the same order. */
export type Rounds<Result, Job = TuneJob, Sample = TuneSample> = Generator<readonly Job[], Result, readonly Sample[]>;

/** The search. Throws RangeError for a plan in which nothing fails, or which cannot keep up with its input. */
export function* tuning(objective: Objective, plan: FluidPlan, options: TuneOptions): Rounds<TuneResult> {
  const search = new Search(objective, plan, options);
  search.takeCoarse(yield search.coarseJobs());
  while (!search.isDone) search.take(yield search.nextJobs());
  const now = search.nowJobs();
  if (now.length > 0) search.takeNow(yield now);
  for (let jobs = search.recoveryJobs(); jobs.length > 0; jobs = search.recoveryJobs()) {
    search.takeRecoveries(yield jobs);
  }
  const bound = search.boundJobs();
  if (bound.length > 0) search.takeBound(yield bound);
  return search.result();
}

/** Makes all runs of some rounds on one core. */
export function driven<Result>(rounds: Rounds<Result>, seed: string | number): Result {
  for (let step = rounds.next(); ;) {
    if (step.done === true) return step.value;
    step = rounds.next(step.value.map((job) => runTuneJob(job, seed)));
  }
}

/** The search on one core. */
export function tune(objective: Objective, plan: FluidPlan, options: TuneOptions): TuneResult {
  return driven(tuning(objective, plan, options), options.seed);
}
