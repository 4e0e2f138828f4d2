/**
 * Bounded work under failures: Young, Daly, the exact optimum, expected completion, waste, energy (models.md §2.1-§2.4).
 * `tau` is the compute time between checkpoints, `T` the period from start to start; mixing them shifts an answer by the
 * cost of a checkpoint.
 */
import { portableExp } from '../../sim/portable-math.ts';
import { expMinusOne, optimalFraction } from './numerics.ts';
import { type PerformanceModel, aboveZero, atLeastZero, count } from './performance-model.ts';

const EXPONENTIAL = 'failures are exponential, a checkpoint blocks and costs the same each time';
const cost = aboveZero('s', 'blocking cost of one checkpoint');
const mtbf = aboveZero('s', 'mean time between failures');
const recovery = atLeastZero('s', 'detection, restart and restore, in which failures can strike');
const downtime = atLeastZero('s', 'time after a failure in which no other can strike');
const period = aboveZero('s', 'from the start of a checkpoint to the start of the next');

interface CostAndMtbf {
  readonly checkpoint_cost_s: number;
  readonly mtbf_s: number;
}

export const youngComputeInterval: PerformanceModel<CostAndMtbf> = {
  name: 'young_compute_interval',
  unit: 's',
  what: "compute time between checkpoints, by Young's first order",
  assumes: EXPONENTIAL,
  valid: 'within 5 % of the exact interval for C < 0.01 M, within 0.5 % of its run time for C < 0.1 M',
  source: 'Young 1974 (abstract); worked example in Distributed GraphLab',
  status: 'A',
  inputs: { checkpoint_cost_s: cost, mtbf_s: mtbf },
  evaluate: ({ checkpoint_cost_s: C, mtbf_s: M }) => Math.sqrt(2 * C * M),
  caution: ({ checkpoint_cost_s: C, mtbf_s: M }) =>
    C < 0.1 * M ? null : 'C is at least a tenth of M: use exact_exponential_optimal_compute_interval',
};

interface CostMtbfRecovery extends CostAndMtbf {
  readonly recovery_s: number;
}

export const dalyFirstOrderComputeInterval: PerformanceModel<CostMtbfRecovery> = {
  name: 'daly_first_order_compute_interval',
  unit: 's',
  what: 'compute time between checkpoints, sqrt(2C(M+R)) - C',
  assumes: EXPONENTIAL,
  valid:
    'worse in run time than sqrt(2CM) once C > 0.76 M, and zero or less at C >= 2(M + R); the exact optimum has no R',
  source: 'attributed to Daly; the exact print was not checked',
  status: 'U',
  inputs: { checkpoint_cost_s: cost, mtbf_s: mtbf, recovery_s: recovery },
  evaluate: ({ checkpoint_cost_s: C, mtbf_s: M, recovery_s: R }) => Math.sqrt(2 * C * (M + R)) - C,
  caution: ({ checkpoint_cost_s: C, mtbf_s: M, recovery_s: R }) =>
    C < 2 * (M + R) ? null : 'the formula gives no positive interval here',
};

export const dalyHigherOrderComputeInterval: PerformanceModel<CostAndMtbf> = {
  name: 'daly_higher_order_compute_interval',
  unit: 's',
  what: "compute time between checkpoints, by Daly's higher order",
  assumes: EXPONENTIAL,
  valid: 'worst error of the interval 6.1 % at C = 2 M, where it jumps; run time within 0.2 % everywhere',
  source: 'Daly 2006; reproduces its three printed optima',
  status: 'S',
  inputs: { checkpoint_cost_s: cost, mtbf_s: mtbf },
  evaluate({ checkpoint_cost_s: C, mtbf_s: M }) {
    if (C >= 2 * M) return M;
    const half = C / (2 * M);
    return Math.sqrt(2 * C * M) * (1 + Math.sqrt(half) / 3 + half / 9) - C;
  },
};

export const exactExponentialOptimalComputeInterval: PerformanceModel<CostAndMtbf> = {
  name: 'exact_exponential_optimal_compute_interval',
  unit: 's',
  what: 'compute time between checkpoints with the shortest expected run time',
  assumes: EXPONENTIAL,
  valid: 'exact; independent of downtime and recovery',
  source: 'derived: the minimum of (e^((tau+C)/M) - 1)/tau',
  status: 'V',
  inputs: { checkpoint_cost_s: cost, mtbf_s: mtbf },
  evaluate: ({ checkpoint_cost_s: C, mtbf_s: M }) => M * optimalFraction(C / M),
};

interface CompletionInputs {
  readonly total_work_s: number;
  readonly compute_interval_s: number;
  readonly checkpoint_cost_s: number;
  readonly downtime_s: number;
  readonly recovery_s: number;
  readonly mtbf_s: number;
}

export const exactExponentialExpectedCompletionTime: PerformanceModel<CompletionInputs> = {
  name: 'exact_exponential_expected_completion_time',
  unit: 's',
  what: 'expected time to finish the work',
  assumes: `${EXPONENTIAL}; a whole number of segments, each with a checkpoint at its end; failures strike in work, checkpoint and recovery`,
  valid: 'exact',
  source: 'derived; the form is attributed to Robert et al.',
  status: 'V',
  inputs: {
    total_work_s: aboveZero('s', 'work to be done'),
    compute_interval_s: aboveZero('s', 'compute time between checkpoints'),
    checkpoint_cost_s: cost,
    downtime_s: downtime,
    recovery_s: recovery,
    mtbf_s: mtbf,
  },
  evaluate({
    total_work_s: W,
    compute_interval_s: tau,
    checkpoint_cost_s: C,
    downtime_s: D,
    recovery_s: R,
    mtbf_s: M,
  }) {
    return (W / tau) * portableExp(R / M) * (M + D) * expMinusOne((tau + C) / M);
  },
  caution({ total_work_s: W, compute_interval_s: tau }) {
    const segments = W / tau;
    return Math.abs(segments - Math.round(segments)) < 1e-9 * segments
      ? null
      : 'the work is no whole number of segments: the form spreads it evenly over them';
  },
};

interface PeriodAndMtbf {
  readonly period_s: number;
  readonly mtbf_s: number;
}

export const expectedElapsedSinceCheckpointAtFailure: PerformanceModel<PeriodAndMtbf> = {
  name: 'expected_elapsed_since_checkpoint_at_failure',
  unit: 's',
  what: 'expected time since the last checkpoint, when a failure strikes',
  assumes: 'failures are exponential; periods follow one another from each failure on',
  valid: 'exact; T/2 is 1.7 % too high at T = 0.1 M and 19 % at T = M',
  source: 'derived',
  status: 'V',
  inputs: { period_s: period, mtbf_s: mtbf },
  evaluate: ({ period_s: T, mtbf_s: M }) => M - T / expMinusOne(T / M),
};

export const probabilityTwoOrMoreFailuresInPeriod: PerformanceModel<PeriodAndMtbf> = {
  name: 'probability_two_or_more_failures_in_period',
  unit: '1',
  what: 'probability that a period sees two failures or more',
  assumes: 'failures are a Poisson process',
  valid: 'exact; T = 0.27 M, the cap commonly put on first-order waste, is 3.05 %',
  source: 'derived; the attribution of the cap to Herault and Robert was not checked',
  status: 'V',
  inputs: { period_s: period, mtbf_s: mtbf },
  evaluate({ period_s: T, mtbf_s: M }) {
    const x = T / M;
    return -expMinusOne(-x) - x * portableExp(-x);
  },
};

export const systemMtbf: PerformanceModel<{ readonly node_mtbf_s: number; readonly node_count: number }> = {
  name: 'system_mtbf',
  unit: 's',
  what: 'mean time between failures of any of the nodes',
  assumes: 'nodes fail independently and exponentially',
  valid: 'exact',
  source: 'derived',
  status: 'V',
  inputs: { node_mtbf_s: aboveZero('s', 'mean time between failures of one node'), node_count: count('nodes') },
  evaluate: ({ node_mtbf_s: M, node_count: n }) => M / n,
};

interface WasteInputs {
  readonly period_s: number;
  readonly checkpoint_cost_s: number;
  readonly downtime_s: number;
  readonly recovery_s: number;
  readonly mtbf_s: number;
}

const wasteInputs = {
  period_s: period,
  checkpoint_cost_s: cost,
  downtime_s: downtime,
  recovery_s: recovery,
  mtbf_s: mtbf,
};

export const firstOrderWasteFraction: PerformanceModel<WasteInputs> = {
  name: 'first_order_waste_fraction',
  unit: '1',
  what: 'share of time that is not useful work, to first order',
  assumes: EXPONENTIAL,
  valid: 'too high by 0.6 % at T = 0.05 M, 3.9 % at 0.27 M, 18 % at M; can exceed 1',
  source: 'in the manner of Herault and Robert; the print was not checked',
  status: 'U',
  inputs: wasteInputs,
  evaluate: ({ period_s: T, checkpoint_cost_s: C, downtime_s: D, recovery_s: R, mtbf_s: M }) =>
    1 - (1 - C / T) * (1 - (D + R + T / 2) / M),
  caution: ({ period_s: T, mtbf_s: M }) =>
    T <= 0.27 * M ? null : 'T is above 0.27 M: use exact_exponential_waste_fraction',
};

export const firstOrderWasteOptimalPeriod: PerformanceModel<Omit<WasteInputs, 'period_s'>> = {
  name: 'first_order_waste_optimal_period',
  unit: 's',
  what: 'period with the least first-order waste, sqrt(2C(M - D - R))',
  assumes: EXPONENTIAL,
  valid:
    'needs D + R < M, and well below: at M = 15 min, C = 5 min, R = 10 min the run is 70 % longer than at the optimum',
  source: 'optimum of first_order_waste_fraction',
  status: 'V',
  inputs: { checkpoint_cost_s: cost, downtime_s: downtime, recovery_s: recovery, mtbf_s: mtbf },
  evaluate: ({ checkpoint_cost_s: C, downtime_s: D, recovery_s: R, mtbf_s: M }) =>
    Math.sqrt(2 * C * Math.max(0, M - D - R)),
  caution: ({ downtime_s: D, recovery_s: R, mtbf_s: M }) =>
    D + R < 0.1 * M ? null : 'D + R is not small against M: use exact_exponential_optimal_compute_interval',
};

export const exactExponentialWasteFraction: PerformanceModel<WasteInputs> = {
  name: 'exact_exponential_waste_fraction',
  unit: '1',
  what: 'share of time that is not useful work',
  assumes: `${EXPONENTIAL}; failures strike in work, checkpoint and recovery`,
  valid: 'exact',
  source: 'derived',
  status: 'V',
  inputs: wasteInputs,
  evaluate: ({ period_s: T, checkpoint_cost_s: C, downtime_s: D, recovery_s: R, mtbf_s: M }) =>
    1 - (T - C) / (portableExp(R / M) * (M + D) * expMinusOne(T / M)),
  caution: ({ period_s: T, checkpoint_cost_s: C }) => (T > C ? null : 'the period is no longer than the checkpoint'),
};

export const firstOrderOverheadRatio: PerformanceModel<Pick<WasteInputs, 'period_s' | 'checkpoint_cost_s' | 'mtbf_s'>> =
  {
    name: 'first_order_overhead_ratio',
    unit: '1',
    what: 'overhead of checkpoints and lost work, C/T + T/(2M)',
    assumes: EXPONENTIAL,
    valid: 'C << T << M',
    source: 'derived',
    status: 'V',
    inputs: { period_s: period, checkpoint_cost_s: cost, mtbf_s: mtbf },
    evaluate: ({ period_s: T, checkpoint_cost_s: C, mtbf_s: M }) => C / T + T / (2 * M),
  };

interface EnergyInputs extends WasteInputs {
  readonly total_work_s: number;
  readonly static_power_w: number;
  readonly compute_power_w: number;
  readonly io_power_w: number;
  readonly down_power_w: number;
}

export const firstOrderExpectedEnergy: PerformanceModel<EnergyInputs> = {
  name: 'first_order_expected_energy',
  unit: 'J',
  what: 'expected energy to finish the work with blocking checkpoints, to first order',
  assumes: EXPONENTIAL,
  valid: 'T << M; within 1e-4 of the exact process at T = 0.015 M',
  source: 'derived in the manner of Aupy et al.',
  status: 'V',
  inputs: {
    total_work_s: aboveZero('s', 'work to be done'),
    ...wasteInputs,
    static_power_w: atLeastZero('W', 'drawn all the time'),
    compute_power_w: atLeastZero('W', 'drawn on top while computing'),
    io_power_w: atLeastZero('W', 'drawn on top while writing or reading a checkpoint'),
    down_power_w: atLeastZero('W', 'drawn on top while down'),
  },
  evaluate(inputs) {
    const { total_work_s: W, period_s: T, checkpoint_cost_s: C, downtime_s: D, recovery_s: R, mtbf_s: M } = inputs;
    const time = (W * T) / (T - C) / (1 - (D + R + T / 2) / M);
    const failures = time / M;
    const computing = W + (failures * (T * T - C * C)) / (2 * T);
    const moving = (W * C) / (T - C) + failures * (R + (C * C) / (2 * T));
    const { static_power_w, compute_power_w, io_power_w, down_power_w } = inputs;
    return static_power_w * time + compute_power_w * computing + io_power_w * moving + down_power_w * failures * D;
  },
};
