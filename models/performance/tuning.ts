/** What it costs not to know: errors of the interval, of the failure rate, of a simulated mean (models.md §6.4, §9). */
import { gammaHalfStepRatio } from './numerics.ts';
import { type PerformanceModel, aboveZero, atLeastZero, count, shareAboveZero } from './performance-model.ts';

export const intervalMisestimationOverheadFactor: PerformanceModel<{ readonly interval_ratio_to_optimum: number }> = {
  name: 'interval_misestimation_overhead_factor',
  unit: '1',
  what: 'overhead at a multiple of the best interval, over the least overhead',
  assumes: 'overhead C/T + T/(2M)',
  valid: 'first order; a factor 2 costs 25 %, 1.41 costs 6 %',
  source: 'derived',
  status: 'V',
  inputs: { interval_ratio_to_optimum: aboveZero('1', 'interval over the best interval') },
  evaluate: ({ interval_ratio_to_optimum: x }) => (x + 1 / x) / 2,
};

export const mtbfEstimationOverheadFactor: PerformanceModel<{ readonly observed_failure_count: number }> = {
  name: 'mtbf_estimation_overhead_factor',
  unit: '1',
  what: 'expected overhead when M is the mean of so many observed gaps, over the least overhead',
  assumes: 'overhead C/T + T/(2M), exponential failures',
  valid: 'first order; 33 % for one gap, 9.7 % for two, 3 % for five, 1.4 % for ten',
  source: 'derived',
  status: 'V',
  inputs: { observed_failure_count: count('gaps between failures seen') },
  evaluate({ observed_failure_count: k }) {
    const ratio = gammaHalfStepRatio(k);
    const root = Math.sqrt(k);
    return (ratio / root + (root * ratio) / (k - 0.5)) / 2;
  },
};

export const ewmaStationaryStdRatio: PerformanceModel<{ readonly smoothing_factor: number }> = {
  name: 'ewma_stationary_std_ratio',
  unit: '1',
  what: 'standard deviation of an exponentially weighted mean over that of its input',
  assumes: 'independent inputs, long after the start',
  valid: 'exact; alpha behaves like (2 - alpha)/alpha samples',
  source: 'derived',
  status: 'V',
  inputs: { smoothing_factor: shareAboveZero('weight of the newest value') },
  evaluate: ({ smoothing_factor: alpha }) => Math.sqrt(alpha / (2 - alpha)),
};

export const khaosObjective: PerformanceModel<{ readonly latency_ratio: number; readonly recovery_ratio: number }> = {
  name: 'khaos_objective',
  unit: '1',
  what: 'l + r + |l - r|, which is twice the larger: a minimax rule; feasible while both ratios are below 1',
  assumes: 'ratios of predicted latency and recovery to their bounds',
  valid: 'exact',
  source: 'code of Khaos (FedCSIS 2022)',
  status: 'S',
  inputs: {
    latency_ratio: atLeastZero('1', 'predicted latency over its bound'),
    recovery_ratio: atLeastZero('1', 'predicted recovery time over its bound'),
  },
  evaluate: ({ latency_ratio: l, recovery_ratio: r }) => 2 * Math.max(l, r),
};

export const wasteEstimateStandardError: PerformanceModel<{
  readonly period_s: number;
  readonly recovery_s: number;
  readonly mtbf_s: number;
  readonly simulated_time_s: number;
}> = {
  name: 'waste_estimate_standard_error',
  unit: '1',
  what: 'standard error of the utilization that a simulation of this length measures',
  assumes: 'exponential failures, small waste',
  valid: 'within 1 %; 12/e^2 failures for a relative error e of the failure part at 3 sigma',
  source: 'derived',
  status: 'V',
  inputs: {
    period_s: aboveZero('s', 'from checkpoint to checkpoint'),
    recovery_s: atLeastZero('s', 'detection, restart and restore'),
    mtbf_s: aboveZero('s', 'mean time between failures'),
    simulated_time_s: aboveZero('s', 'length of the simulation'),
  },
  evaluate: ({ period_s: T, recovery_s: R, mtbf_s: M, simulated_time_s: H }) =>
    (Math.sqrt((T * T) / 3 + T * R + R * R) / M) * Math.sqrt(M / H),
};
