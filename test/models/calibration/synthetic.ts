// Measurements with known truth: recoveries that follow the two-parameter model with a multiplicative error, and failures
// that renew by a law.
import {
  type AgedRun,
  type LifetimeLaw,
  modelRecoverySeconds,
  type RecoveryRun,
} from '../../../models/calibration/index.ts';
import { drawLifetime } from '../../../models/calibration/lifetime-laws.ts';
import type { FaultTrace } from '../../../models/plan.ts';
import { randomStreams } from '../../../sim/index.ts';

/** Outage and capacity of the synthetic job. */
export const TRUTH = { outageSeconds: 40, capacityPerSecond: 20_000 } as const;

export const INTERVALS: readonly number[] = [15, 45, 90];
const LOADS: readonly number[] = [500, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 13_500, 15_000, 16_000];

/** Thirty runs at three intervals; each recovery is off by up to `spread` of itself, evenly. */
export function syntheticRuns(spread: number, seed: number, beforeCheckpointSeconds: number = 0): RecoveryRun[] {
  const stream = randomStreams(seed)('recoveries');
  return INTERVALS.flatMap((intervalSeconds) =>
    LOADS.map((recordsPerSecond) => {
      const ageSeconds = intervalSeconds - beforeCheckpointSeconds;
      const exact = modelRecoverySeconds(TRUTH, { recordsPerSecond, ageSeconds });
      return { intervalSeconds, recordsPerSecond, recoverySeconds: exact * (1 + spread * (2 * stream.double() - 1)) };
    }),
  );
}

/** The runs as if failures had struck just before the next checkpoint. */
export function aged(runs: readonly RecoveryRun[]): AgedRun[] {
  return runs.map((run) => ({ ...run, ageSeconds: run.intervalSeconds }));
}

/** Values by a law whose scale is in seconds. */
export function drawn(law: LifetimeLaw, n: number, seed: number | string): number[] {
  const stream = randomStreams(seed)('values');
  return Array.from({ length: n }, () => drawLifetime(law, stream));
}

/** Failures of ten nodes in turn, with these gaps and repairs, in whole minutes. */
export function traceOf(gapsSeconds: readonly number[], repairsSeconds: readonly number[]): FaultTrace {
  const minute = 60_000_000;
  const atMicros = [0];
  for (const gap of gapsSeconds) atMicros.push(atMicros.at(-1)! + Math.round(gap / 60) * minute);
  return {
    atMicros,
    node: atMicros.map((_, i) => i % 10),
    downMicros: atMicros.map((_, i) => Math.round(repairsSeconds[i]! / 60) * minute),
  };
}
