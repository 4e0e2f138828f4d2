/** Broken protocols, and the matrix that shows which law and which search finds each. */
export { type Expectation, type Mutant } from './mutant.ts';
export { ALL_MUTANTS, FLINK_DEFECTS, FLINK_SURROUNDINGS, MUTANTS } from './catalogue.ts';
export { TIMED_MUTANTS } from './timed-catalogue.ts';
export { type TimedMutant, type TimedRun } from './timed-mutant.ts';
export { type MatrixOptions, type MutantResult, runMutants } from './run-matrix.ts';
export { type EffectSurroundings, effectMutants } from './effect-mutants.ts';
export { NOT_DONE } from './not-done.ts';
export { SOLE_MUTANTS } from './sole-mutants.ts';
export {
  FAULTS,
  type FaultRow,
  type LawRow,
  type PairRow,
  type TransposedMatrix,
  type TransposedOptions,
  transpose,
} from './transposed.ts';
