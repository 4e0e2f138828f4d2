/** Models fitted to measurements, in the order a newcomer should learn them. */
export {
  type AgedRun,
  fitRecovery,
  modelRecoverySeconds,
  type RecoveryFit,
  type RecoveryParameters,
  type RecoveryRun,
} from './recovery-model.ts';
export {
  calibrateRecovery,
  type CalibrationProblem,
  OVERLOADED_FROM,
  type PredictionErrors,
  type RecoveryCalibration,
  type RecoveryComparison,
  type SingleInterval,
} from './recovery.ts';
export { recoveryPlan, SIMULATED_RECOVERY_SECONDS_MAX, simulatedRecoverySeconds } from './simulated-recovery.ts';
export {
  calibrateFailures,
  type DurationStudy,
  type FailureCalibration,
  type FailureGenerator,
  type FittedLaw,
} from './failures.ts';
export type { LifetimeLaw } from './lifetime-laws.ts';
