/** Which interval to run: objectives, bounds, the search, and the closed forms beside it. */
export { type ClosedForm, type PlanFigures, closedFormFor, figuresOf } from './closed-form.ts';
export type { ConstraintFinding, ConstraintName, Constraints } from './constraints.ts';
export { type Objective, type Prices, type WeightedTerm, costOf, planFor } from './objective.ts';
export {
  type TuneJob,
  type TuneOptions,
  type TunePoint,
  type TuneResult,
  type TuneSample,
  runTuneJob,
  tune,
  tuning,
  withInterval,
} from './tune.ts';
