// Calibration on recoveries: what is held back has no say, what is overloaded is left out, and what is simulated is the model.
import { describe, expect, test } from 'vitest';

import {
  calibrateRecovery,
  modelRecoverySeconds,
  type RecoveryCalibration,
  recoveryPlan,
  type RecoveryRun,
  simulatedRecoverySeconds,
} from '../../../models/calibration/index.ts';
import { simulateFluid } from '../../../models/fluid-job/index.ts';
import { INTERVALS, syntheticRuns, TRUTH } from './synthetic.ts';

function calibrated(
  runs: readonly RecoveryRun[],
  fitIntervalSeconds: number | null = null,
  beforeCheckpointSeconds: number = 0,
): RecoveryCalibration {
  const result = calibrateRecovery(runs, { fitIntervalSeconds, beforeCheckpointSeconds });
  if ('problem' in result) throw new Error(result.problem);
  return result;
}

describe('a simulated recovery', () => {
  test.each([0, 3, 14.5])('strikes a checkpoint of the age it had, %s s before the next', (before) => {
    const run = { intervalSeconds: 15, recordsPerSecond: 9_000, ageSeconds: 15 - before };
    const { recoveries, checkpoints } = simulateFluid(recoveryPlan(TRUTH, run), 0);
    expect(recoveries.age_us.n).toBe(1);
    expect(recoveries.age_us.mean).toBe(before === 0 ? 15e6 - 1 : (15 - before) * 1e6);
    expect(recoveries.outage_us.mean).toBe(40e6);
    expect(checkpoints.completed).toBeGreaterThan(1);
  });

  test('takes what the model says, to the rounding of rates', () => {
    for (const ageSeconds of [1, 44, 89.5])
      for (const recordsPerSecond of [17, 5_000, 19_500]) {
        const run = { intervalSeconds: 90, recordsPerSecond, ageSeconds };
        const simulated = simulatedRecoverySeconds(TRUTH, run)!;
        expect(simulated / modelRecoverySeconds(TRUTH, run)).toBeCloseTo(1, 6);
      }
  });

  test('does not end when the load is not below the capacity', () => {
    expect(simulatedRecoverySeconds(TRUTH, { intervalSeconds: 9, recordsPerSecond: 20_000, ageSeconds: 9 })).toBeNull();
  });
});

describe('calibration on one interval', () => {
  test('predicts exact recoveries at the others, if the age is right', () => {
    const runs = syntheticRuns(0, 1, 5);
    for (const interval of INTERVALS) {
      expect(calibrated(runs, interval, 5).heldBack.meanAbsoluteError).toBeLessThan(1e-4);
      expect(calibrated(runs, interval, 0).heldBack.meanAbsoluteError).toBeGreaterThan(0.01);
    }
  });

  test('lets held-back recoveries have no say in the fit', () => {
    const runs = syntheticRuns(0.2, 7);
    const others = runs.map((run) =>
      run.intervalSeconds === 45 ? run : { ...run, recoverySeconds: run.recoverySeconds * 1.3 },
    );
    expect(calibrated(others, 45).fit).toEqual(calibrated(runs, 45).fit);
    expect(calibrated(others, 45).heldBack).not.toEqual(calibrated(runs, 45).heldBack);
  });

  test('chooses the interval whose own runs lie closest to the model', () => {
    const exact = syntheticRuns(0, 1);
    const noisy = syntheticRuns(0.3, 1);
    const runs = exact.map((run, i) => (run.intervalSeconds === 45 ? run : noisy[i]!));
    expect(calibrated(runs).fitIntervalSeconds).toBe(45);
  });

  test('counts errors and shares as they are', () => {
    const runs = syntheticRuns(0, 1).map((run) =>
      run.intervalSeconds === 90 ? { ...run, recoverySeconds: run.recoverySeconds / 1.25 } : run,
    );
    const { byInterval, heldBack } = calibrated(runs, 45);
    expect(byInterval.find(({ intervalSeconds }) => intervalSeconds === 90)).toMatchObject({
      n: 10,
      meanAbsoluteError: expect.closeTo(0.25, 4) as number,
      bias: expect.closeTo(0.25, 4) as number,
      within20Percent: 0,
      within30Percent: 1,
    });
    expect(heldBack).toMatchObject({
      n: 20,
      within20Percent: 0.5,
      meanAbsoluteError: expect.closeTo(0.125, 4) as number,
    });
  });

  test('counts a run of more load than the fitted capacity as a miss', () => {
    const slower = { outageSeconds: 40, capacityPerSecond: 12_500 };
    const runs = syntheticRuns(0, 1).flatMap((run): RecoveryRun[] => {
      if (run.intervalSeconds !== 15) return [run];
      const aged = { ...run, ageSeconds: 15 };
      return run.recordsPerSecond < 11_000 ? [{ ...run, recoverySeconds: modelRecoverySeconds(slower, aged) }] : [];
    });
    const { heldBack, points } = calibrated(runs, 15);
    expect(heldBack.neverRecovers).toBe(6);
    const met = points.filter(({ role, error }) => role === 'heldBack' && error !== null && Math.abs(error) <= 0.3);
    expect(heldBack.within30Percent).toBe(met.length / 20);
    expect(met.length).toBeGreaterThan(0);
    expect(points.filter(({ error }) => error === null)).toHaveLength(6);
  });

  test('leaves an interval out by fitting the others', () => {
    const runs = syntheticRuns(0.2, 11);
    const { together } = calibrated(runs);
    const errors = INTERVALS.flatMap((left) => {
      const rest = runs.filter(({ intervalSeconds }) => intervalSeconds !== left);
      const { fit } = calibrated(rest).together;
      return runs
        .filter(({ intervalSeconds }) => intervalSeconds === left)
        .map((run) => Math.abs(modelRecoverySeconds(fit, { ...run, ageSeconds: left }) / run.recoverySeconds - 1));
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(together.leaveOneIntervalOut!.meanAbsoluteError).toBeCloseTo(mean, 4);
    expect(mean).toBeGreaterThan(together.errors.meanAbsoluteError);
  });
});

describe('an overloaded run', () => {
  const runs = syntheticRuns(0.1, 5);
  const overloaded = { intervalSeconds: 45, recordsPerSecond: 17_000, recoverySeconds: 5_000 };

  test('is left out and said so, and changes nothing', () => {
    const { points, ...without } = calibrated(runs, 45);
    const { points: pointsWith, ...withIt } = calibrated([...runs, overloaded], 45);
    expect(pointsWith.filter(({ role }) => role === 'overloaded')).toMatchObject([overloaded]);
    expect(withIt).toEqual(without);
    expect(points).toEqual(pointsWith.slice(0, -1));
  });

  test('is one by its recovery time and not by its distance from the model', () => {
    const short = { ...overloaded, recoverySeconds: 300 };
    expect(calibrated([...runs, short], 45).points.every(({ role }) => role !== 'overloaded')).toBe(true);
  });
});

describe('calibration is refused', () => {
  const refusal = (
    runs: readonly RecoveryRun[],
    fitIntervalSeconds: number | null = null,
    before: number = 0,
  ): unknown => calibrateRecovery(runs, { fitIntervalSeconds, beforeCheckpointSeconds: before });

  test('with one interval, an interval that is not there, or too few runs at it', () => {
    const runs = syntheticRuns(0.1, 1);
    const one = runs.filter(({ intervalSeconds }) => intervalSeconds === 15);
    expect(refusal(one)).toMatchObject({ problem: expect.stringContaining('one checkpoint interval only') as string });
    expect(refusal(runs, 60)).toMatchObject({ remedy: 'it has 15, 45, 90 s' });
    expect(refusal([...one, ...runs.slice(10, 12)], 45)).toMatchObject({
      problem: expect.stringContaining('the 2 usable runs at 45 s are too few') as string,
    });
    expect(refusal(runs.slice(0, 2))).toMatchObject({ problem: expect.stringContaining('too few') as string });
  });

  test('when every run is overloaded', () => {
    const runs = syntheticRuns(0, 1).map((run, i) => {
      const near = { ...run, recordsPerSecond: 19_200 + 70 * (i % 10) };
      return { ...near, recoverySeconds: modelRecoverySeconds(TRUTH, { ...near, ageSeconds: run.intervalSeconds }) };
    });
    expect(refusal(runs)).toMatchObject({ problem: expect.stringContaining('of which 30 are overloaded') as string });
  });

  test('when failures would have struck before the checkpoint they are counted from', () => {
    expect(refusal(syntheticRuns(0, 1), null, 16)).toMatchObject({
      problem: expect.stringContaining('16 s before the next checkpoint at an interval of 15 s') as string,
    });
  });
});
