/** The share of its capacity that a stream job can use: renewal forms under failures (models.md §2.5, §3). */
import { portableExp, portablePow } from '../../sim/portable-math.ts';
import { expMinusOne, gamma, optimalFraction } from './numerics.ts';
import { type PerformanceModel, aboveZero, atLeastZero, count, shareBelowOne } from './performance-model.ts';

interface WeibullInputs {
  readonly weibull_shape: number;
  readonly mtbf_s: number;
  readonly compute_interval_s: number;
  readonly checkpoint_cost_s: number;
  readonly downtime_s: number;
  readonly recovery_s: number;
}

/** Below this a term of the sum can no longer change it. */
const NEGLIGIBLE = 1e-18;
const TERMS_MAX = 100_000_000;

export const weibullRenewalUtilization: PerformanceModel<WeibullInputs> = {
  name: 'weibull_renewal_utilization',
  unit: '1',
  what: 'share of time that is useful work, with Weibull times between failures',
  assumes: 'each failure renews the platform; a checkpoint blocks; failures strike in work, checkpoint and recovery',
  valid:
    "exact for any law that renews at a failure; with Young's interval the waste is within 0.8 % of the best for shapes 0.5 to 3",
  source: 'derived',
  status: 'V',
  inputs: {
    weibull_shape: aboveZero('1', 'shape of the distribution; 1 is exponential'),
    mtbf_s: aboveZero('s', 'mean time between failures'),
    compute_interval_s: aboveZero('s', 'compute time between checkpoints'),
    checkpoint_cost_s: atLeastZero('s', 'blocking cost of one checkpoint'),
    downtime_s: atLeastZero('s', 'time after a failure in which no other can strike'),
    recovery_s: atLeastZero('s', 'restart and restore, in which failures can strike'),
  },
  evaluate(inputs) {
    const {
      weibull_shape: k,
      mtbf_s: M,
      compute_interval_s: tau,
      checkpoint_cost_s: C,
      downtime_s: D,
      recovery_s: R,
    } = inputs;
    const scale = M / gamma(1 + 1 / k);
    let segments = 0;
    for (let j = 1; j <= TERMS_MAX; j++) {
      const survival = portableExp(-portablePow((R + j * (tau + C)) / scale, k));
      segments += survival;
      if (survival < NEGLIGIBLE * segments || survival === 0) return (tau * segments) / (M + D);
    }
    throw new RangeError(`after ${TERMS_MAX} segments the sum has not settled: the shape ${k} is too small`);
  },
};

interface StreamUtilizationInputs {
  readonly checkpoint_period_s: number;
  readonly blocking_cost_s: number;
  readonly failure_rate_per_s: number;
  readonly detect_and_restart_s: number;
  readonly pipeline_depth: number;
  readonly per_hop_delay_s: number;
}

export const streamUtilization: PerformanceModel<StreamUtilizationInputs> = {
  name: 'stream_utilization',
  unit: '1',
  what: 'share of its failure-free capacity that a saturated stream job reaches; it keeps up while its load is below',
  assumes:
    'exponential failures that strike in recovery too; a checkpoint counts once its barrier has crossed the pipeline',
  valid: 'exact; holds also when the delay is longer than a period (several barriers in flight)',
  source: 'derived; the parameters are those of Jayasekara et al. (arXiv 1911.11915), whose print was not readable',
  status: 'V',
  inputs: {
    checkpoint_period_s: aboveZero('s', 'from trigger to trigger'),
    blocking_cost_s: atLeastZero('s', 'pause of the processing per checkpoint'),
    failure_rate_per_s: aboveZero('1/s', 'failures per second'),
    detect_and_restart_s: atLeastZero('s', 'from a failure to processing again'),
    pipeline_depth: count('operators a barrier crosses'),
    per_hop_delay_s: atLeastZero('s', 'time a barrier takes for one hop'),
  },
  evaluate(inputs) {
    const { checkpoint_period_s: T, blocking_cost_s: c, failure_rate_per_s: rate, detect_and_restart_s: R } = inputs;
    const delay = (inputs.pipeline_depth - 1) * inputs.per_hop_delay_s;
    return (rate * (T - c) * portableExp(-rate * (R + delay))) / expMinusOne(rate * T);
  },
  caution: ({ checkpoint_period_s: T, blocking_cost_s: c }) =>
    T > c ? null : 'the period is no longer than the pause',
};

export const streamOptimalCheckpointPeriod: PerformanceModel<{
  readonly blocking_cost_s: number;
  readonly failure_rate_per_s: number;
}> = {
  name: 'stream_optimal_checkpoint_period',
  unit: 's',
  what: 'checkpoint period, trigger to trigger, with the highest utilization',
  assumes: 'exponential failures, a constant pause per checkpoint',
  valid: 'exact; independent of recovery time, depth and delay',
  source: 'derived: the maximum of stream_utilization',
  status: 'V',
  inputs: {
    blocking_cost_s: aboveZero('s', 'pause of the processing per checkpoint'),
    failure_rate_per_s: aboveZero('1/s', 'failures per second'),
  },
  evaluate: ({ blocking_cost_s: c, failure_rate_per_s: rate }) => c + optimalFraction(rate * c) / rate,
};

export const expectedCheckpointAgeWithFailedCheckpoints: PerformanceModel<{
  readonly checkpoint_period_s: number;
  readonly checkpoint_duration_s: number;
  readonly checkpoint_failure_probability: number;
}> = {
  name: 'expected_checkpoint_age_with_failed_checkpoints',
  unit: 's',
  what: 'expected time between the trigger of the newest completed checkpoint and now',
  assumes: 'checkpoints fail or expire independently; the moment is uniform',
  valid: 'exact; without failures it is T/2 + Cd, not T/2',
  source: 'derived',
  status: 'V',
  inputs: {
    checkpoint_period_s: aboveZero('s', 'from trigger to trigger'),
    checkpoint_duration_s: atLeastZero('s', 'from trigger to durable'),
    checkpoint_failure_probability: shareBelowOne('checkpoints that fail or expire'),
  },
  evaluate: ({ checkpoint_period_s: T, checkpoint_duration_s: Cd, checkpoint_failure_probability: f }) =>
    T * (0.5 + f / (1 - f)) + Cd,
};

export const effectiveCheckpointPeriod: PerformanceModel<{
  readonly configured_interval_s: number;
  readonly checkpoint_duration_s: number;
  readonly minimum_pause_s: number;
}> = {
  name: 'effective_checkpoint_period',
  unit: 's',
  what: 'period that results when one checkpoint at a time takes longer than its interval',
  assumes: 'one checkpoint at a time, all of the same duration',
  valid:
    'optimistic where durations vary: the observed cadence of the FLIP-158 benchmark is 1.5 to 2.2 median durations',
  source: 'derived; FLIP-158 benchmark',
  status: 'V',
  inputs: {
    configured_interval_s: aboveZero('s', 'interval as configured'),
    checkpoint_duration_s: atLeastZero('s', 'from trigger to durable'),
    minimum_pause_s: atLeastZero('s', 'pause between a completion and the next trigger'),
  },
  evaluate: ({ configured_interval_s: T, checkpoint_duration_s: Cd, minimum_pause_s: pause }) =>
    Math.max(T, Cd + pause),
};
