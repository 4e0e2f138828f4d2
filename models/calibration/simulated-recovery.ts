/**
 * One measured recovery, simulated: the job of the fit under the load of the run, checkpoints at its interval, and one failure
 * at the age the measurement had.
 */
import { type FluidPlan, PLAIN_FLUID_PLAN, simulateFluid } from '../fluid-job/index.ts';
import { type AgedRun, modelRecoverySeconds, type RecoveryParameters } from './recovery-model.ts';

/** A recovery that takes longer has not ended when the simulation does. */
export const SIMULATED_RECOVERY_SECONDS_MAX: number = 43_200;

/** The failure strikes before the checkpoint of this number is due. */
const STRUCK_BEFORE = 3;

/** The plan of such a run, which goes on for twice as long as the model says. Rates are rounded to whole records per second. */
export function recoveryPlan(parameters: RecoveryParameters, run: Omit<AgedRun, 'recoverySeconds'>): FluidPlan {
  const { outageSeconds, capacityPerSecond } = parameters;
  const { intervalSeconds, recordsPerSecond, ageSeconds } = run;
  const intervalMicros = micros(intervalSeconds);
  // At the moment of the trigger itself the checkpoint would still complete.
  const ageMicros = Math.min(micros(ageSeconds), intervalMicros - 1);
  const failsAt = (STRUCK_BEFORE - 1) * intervalMicros + ageMicros;
  const watched = Math.min(SIMULATED_RECOVERY_SECONDS_MAX, 2 * modelRecoverySeconds(parameters, run) + 1);
  return {
    ...PLAIN_FLUID_PLAN,
    end: { kind: 'time', micros: failsAt + micros(watched) },
    load: {
      kind: 'constant',
      inputPerSecond: Math.max(1, Math.round(recordsPerSecond)),
      capacityPerSecond: Math.round(capacityPerSecond),
      recordBytes: 0,
    },
    checkpoint: { ...PLAIN_FLUID_PLAN.checkpoint, intervalMicros, firstTriggerMicros: intervalMicros },
    failures: [{ name: 'injected', law: { kind: 'at', micros: [failsAt] }, level: 1 }],
    recovery: { ...PLAIN_FLUID_PLAN.recovery, restart: { kind: 'constant', micros: micros(outageSeconds) } },
    measure: { ...PLAIN_FLUID_PLAN.measure, recoveriesMax: 1 },
  };
}

/** Seconds from the failure to no backlog as simulated; null if that takes more than half a day. */
export function simulatedRecoverySeconds(
  parameters: RecoveryParameters,
  run: Omit<AgedRun, 'recoverySeconds'>,
): number | null {
  // Nothing in the plan is random.
  const [recovery] = simulateFluid(recoveryPlan(parameters, run), 0).recoveries.list;
  if (recovery === undefined || recovery.caughtUpAt_us === null) return null;
  return (recovery.caughtUpAt_us - recovery.failedAt_us) / 1e6;
}

function micros(seconds: number): number {
  return Math.round(seconds * 1e6);
}
