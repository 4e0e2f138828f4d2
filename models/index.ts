/** Tidemark as a library, in the order a newcomer should learn it. */
export { simulate, ReplayMismatch, type SimulateOptions, type TraceEvent } from './simulate.ts';
export type * from './plan.ts';
export type * from './outcome.ts';
export type { SamzaConfig, StoreConfig } from './samza/config.ts';
export { COMMIT_STEPS, PROMISE, type CommitStep } from './protocols/samza.ts';
export { SAMZA_LAWS } from './laws/law-book.ts';
export { crashMatrix, type CrashCell, type CrashMatrix, type CrashRow } from './crash-matrix.ts';
export { flowCrashMatrix } from './flow-crash-matrix.ts';
