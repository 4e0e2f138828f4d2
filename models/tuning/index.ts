/** Which interval to run: objectives, bounds, the search, and the closed forms beside it. */
export { type ClosedForm, type PlanFigures, closedFormFor, figuresOf } from './closed-form.ts';
export type { ConstraintFinding, ConstraintName, Constraints } from './constraints.ts';
export {
  type Engine,
  type Measurement,
  type ObjectiveName,
  PRICES_ASSUMED,
  type StreamJob,
  type Weights,
} from './stream-job.ts';
export { MTBF_ASSUMED_S, profiledJob, profilePlan } from './samza-profile.ts';
export { objectiveByName } from './objective-by-name.ts';
export { type LatencyView, type Objective, type Prices, type WeightedTerm, costOf, planFor } from './objective.ts';
export { type TuneJob, type TuneSample, runTuneJob, withInterval } from './tune-job.ts';
export type { TuneOptions, TunePoint, TuneResult } from './tune-result.ts';
export { driven, type Rounds, tune, tuning } from './tune.ts';
export { sensibleInterval } from './sensible.ts';
export { paretoFront, type ParetoPoint, type ParetoResult } from './pareto.ts';
export { runsOf, runSweepJob, type SweepJob, sweepJobs, type SweepRange, type SweepRow } from './sweep.ts';
export {
  type AdaptiveJob,
  type AdaptiveResult,
  type AdaptiveSample,
  adaptiveStudy,
  type Estimator,
  ESTIMATOR,
  type Policy,
  type RegimeChange,
  runAdaptiveJob,
} from './adaptive.ts';
