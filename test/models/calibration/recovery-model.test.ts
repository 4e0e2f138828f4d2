// The fit of the recovery model against data whose truth is known, and against what a fit has to obey.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type AgedRun,
  fitRecovery,
  modelRecoverySeconds,
  type RecoveryFit,
  type RecoveryParameters,
} from '../../../models/calibration/index.ts';
import { evaluateModel, PERFORMANCE_MODELS } from '../../../models/performance/index.ts';
import { aged, syntheticRuns, TRUTH } from './synthetic.ts';

function fitOf(runs: readonly AgedRun[]): RecoveryFit {
  const fit = fitRecovery(runs);
  if (typeof fit === 'string') throw new Error(fit);
  return fit;
}

function squares(runs: readonly AgedRun[], parameters: RecoveryParameters): number {
  return runs.reduce((sum, run) => sum + (modelRecoverySeconds(parameters, run) / run.recoverySeconds - 1) ** 2, 0);
}

describe('the recovery model', () => {
  test('is the closed form of the performance model', () => {
    const run = { recordsPerSecond: 9_000, ageSeconds: 57 };
    const inputs = { outage_s: 40, checkpoint_age_s: 57, utilization: 0.45 };
    const answer = evaluateModel(PERFORMANCE_MODELS.get('total_recovery_time')!, inputs);
    expect(answer).toMatchObject({ output: expect.closeTo(modelRecoverySeconds(TRUTH, run), 10) as number });
  });

  test('never recovers from a load that capacity does not exceed', () => {
    expect(modelRecoverySeconds(TRUTH, { recordsPerSecond: 20_000, ageSeconds: 1 })).toBe(Infinity);
  });
});

describe('its fit', () => {
  test('finds outage and capacity of exact recoveries, whatever they are', () => {
    const seconds = fc.double({ min: 1, max: 600, noNaN: true });
    fc.assert(
      fc.property(seconds, fc.double({ min: 0.2, max: 0.95, noNaN: true }), (outageSeconds, busiest) => {
        const truth = { outageSeconds, capacityPerSecond: 16_000 / busiest };
        const runs = aged(syntheticRuns(0, 1)).map((run) => ({
          ...run,
          recoverySeconds: modelRecoverySeconds(truth, run),
        }));
        const fit = fitOf(runs);
        expect(fit.outageSeconds / outageSeconds).toBeCloseTo(1, 8);
        expect(fit.capacityPerSecond / truth.capacityPerSecond).toBeCloseTo(1, 8);
      }),
    );
  });

  test('lies lower than anything around it', () => {
    const runs = aged(syntheticRuns(0.3, 3));
    const { outageSeconds, capacityPerSecond } = fitOf(runs);
    const least = squares(runs, { outageSeconds, capacityPerSecond });
    for (const d of [-1e-4, 0, 1e-4])
      for (const m of [-1e-4, 0, 1e-4]) {
        if (d === 0 && m === 0) continue;
        const beside = { outageSeconds: outageSeconds * (1 + d), capacityPerSecond: capacityPerSecond * (1 + m) };
        expect(squares(runs, beside)).toBeGreaterThan(least);
      }
  });

  test('states standard errors that the truth keeps: over 200 samples the squared deviations are 1 on average', () => {
    let [outage, capacity] = [0, 0];
    for (let seed = 1; seed <= 200; seed++) {
      const fit = fitOf(aged(syntheticRuns(0.06, seed)));
      outage += ((fit.outageSeconds - TRUTH.outageSeconds) / fit.outageStandardError) ** 2 / 200;
      capacity += ((fit.capacityPerSecond - TRUTH.capacityPerSecond) / fit.capacityStandardError) ** 2 / 200;
    }
    // The mean of 200 squared standard normal values is 1 ± 0.1; 30 runs make it a little more.
    expect(outage).toBeGreaterThan(0.7);
    expect(outage).toBeLessThan(1.4);
    expect(capacity).toBeGreaterThan(0.7);
    expect(capacity).toBeLessThan(1.4);
  });

  test('finds the outage too short by twice the square of the scatter: what is too short weighs more', () => {
    const fits = Array.from({ length: 400 }, (_, seed) => fitOf(aged(syntheticRuns(0.4, seed))));
    const mean = (of: (fit: RecoveryFit) => number): number =>
      fits.reduce((sum, fit) => sum + of(fit), 0) / fits.length;
    const variance = 0.4 ** 2 / 3;
    const bias = mean(({ outageSeconds }) => outageSeconds / TRUTH.outageSeconds - 1);
    expect(bias).toBeLessThan(-1.4 * variance);
    expect(bias).toBeGreaterThan(-2.6 * variance);
  });

  test('is not led astray by one recovery that never seems to end', () => {
    const runs = aged(syntheticRuns(0, 1));
    const endless = { ...runs.at(-1)!, recoverySeconds: 40_000 };
    expect(fitOf([...runs, endless]).outageSeconds).toBeCloseTo(TRUTH.outageSeconds, -1);
  });

  test('refuses what says nothing: too little, no rise with the load, faster than catching up', () => {
    const runs = aged(syntheticRuns(0, 1));
    expect(fitRecovery(runs.slice(0, 2))).toBe('tooFew');
    expect(fitRecovery(runs.map((run) => ({ ...run, recoverySeconds: 50 })))).toBe('capacityUndetermined');
    const falling = runs.map((run) => ({ ...run, recoverySeconds: 100 - run.recordsPerSecond / 200 }));
    expect(fitRecovery(falling)).toBe('capacityUndetermined');
    const sameLoad = runs.map((run) => ({ ...run, recordsPerSecond: 5_000, ageSeconds: 10 }));
    expect(fitRecovery(sameLoad)).toBe('capacityUndetermined');
    const fast = runs.map((run) => {
      const old = { ...run, ageSeconds: 1_000 };
      return { ...old, recoverySeconds: modelRecoverySeconds({ ...TRUTH, outageSeconds: -10 }, old) };
    });
    expect(fitRecovery(fast)).toBe('outageNegative');
  });
});
