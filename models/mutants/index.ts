/** Broken protocols, and the matrix that shows which law and which search finds each. */
export type { Mutant } from './mutant.ts';
export { ALL_MUTANTS, FLINK_DEFECTS, FLINK_SURROUNDINGS, MUTANTS } from './catalogue.ts';
export { TIMED_MUTANTS } from './timed-catalogue.ts';
export { type MutantResult, runMutants } from './run-matrix.ts';
export { effectMutants } from './effect-mutants.ts';
export { SOLE_MUTANTS } from './sole-mutants.ts';
export { FAULTS, type TransposedMatrix, transpose } from './transposed.ts';
