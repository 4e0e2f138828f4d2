// Every closed form against one value computed in high precision elsewhere (the examples of models.md), within 1e-9; all
// values together are run by `tidemark model --batch`. And some by another way: optima by search, sums by their definition.
// Length: a row of values for each of the 62 closed forms.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PERFORMANCE_MODELS, type InputValue, evaluateModel } from '../../../models/performance/index.ts';
import {
  expMinusOne,
  gamma,
  gammaHalfStepRatio,
  increasingRoot,
  logOnePlus,
  optimalFraction,
} from '../../../models/performance/numerics.ts';

type Row = readonly [inputs: Readonly<Record<string, InputValue>>, output: number, unit: string];

const examples: Readonly<Record<string, Row>> = {
  aligned_barrier_travel_time: [
    { inflight_bytes_per_hop: [32768, 65536, 131072], throughput_bytes_per_s_per_hop: [1000000, 1000000, 1000000] },
    0.229376,
    's',
  ],
  barrier_count_all_to_all_pipeline: [{ stages: 4, parallelism: 128 }, 49152, 'messages'],
  catch_up_time_after_resume: [{ outage_s: 10, checkpoint_age_s: 600, utilization: 0.8 }, 2440, 's'],
  chain_mean_bytes_read_on_restore: [
    { state_bytes: 10000000000, delta_bytes: 300000000, chain_length: 10 },
    11350000000,
    'bytes',
  ],
  chain_mean_bytes_written_per_checkpoint: [
    { state_bytes: 20000000000, delta_bytes: 4500000000, chain_length: 4 },
    8375000000,
    'bytes',
  ],
  changelog_mean_live_bytes: [
    {
      state_bytes: 18500000000,
      log_bytes_per_s: 31000000,
      materialization_period_s: 180,
      materialization_duration_s: 93,
    },
    24173000000,
    'bytes',
  ],
  changelog_optimal_materialization_period: [
    { state_bytes: 100000000, log_bytes_per_s: 50000, write_cost_per_byte: 3, hold_cost_per_byte_s: 0.02 },
    774.5966692414834,
    's',
  ],
  changelog_restore_time: [
    {
      restart_s: 8,
      state_bytes: 30000000000,
      read_bytes_per_s: 3000000000,
      log_bytes_to_replay: 3000000000,
      replay_bytes_per_s: 400000000,
    },
    25.5,
    's',
  ],
  cloud_monthly_cost: [
    {
      checkpoint_period_s: 300,
      blocking_cost_s: 2,
      bytes_per_checkpoint: 5000000000,
      objects_per_checkpoint: 300,
      retained_bytes: 300000000000,
      mtbf_s: 43200,
      outage_s: 90,
      checkpoint_duration_s: 20,
      utilization: 0.8,
      cores: 128,
      core_hour_price_usd: 0.06,
      put_price_usd: 5e-6,
      get_price_usd: 4e-7,
      objects_per_restore: 3000,
      storage_price_usd_per_gb_month: 0.023,
      transfer_price_usd_per_gb: 0.02,
    },
    949.724,
    'USD/30d',
  ],
  communication_induced_piggyback_bytes: [
    { workers: 50, operators: 6, bytes_per_integer: 8, bytes_per_flag: 1 },
    3008,
    'bytes',
  ],
  cost_optimal_checkpoint_period: [
    {
      blocking_cost_s: 0.2,
      bytes_per_checkpoint: 100000000,
      objects_per_checkpoint: 50,
      mtbf_s: 604800,
      utilization: 0.5,
      cores: 16,
      core_hour_price_usd: 0.04,
      put_price_usd: 5e-6,
      transfer_price_usd_per_gb: 0,
      ingest_bytes_per_s: 1000000,
      storage_price_usd_per_gb_month: 0.023,
    },
    1914.311980107986,
    's',
  ],
  daly_first_order_compute_interval: [{ checkpoint_cost_s: 2, mtbf_s: 5400, recovery_s: 333 }, 149.43315356948756, 's'],
  daly_higher_order_compute_interval: [{ checkpoint_cost_s: 300, mtbf_s: 86400 }, 7001.388888888889, 's'],
  dirty_bytes_uniform_updates: [
    { state_bytes: 10000000000, entry_bytes: 1000, updates_per_s: 50000, interval_s: 60 },
    2591817793.1828213,
    'bytes',
  ],
  effective_checkpoint_period: [
    { configured_interval_s: 0.01, checkpoint_duration_s: 0.311, minimum_pause_s: 0 },
    0.311,
    's',
  ],
  ewma_stationary_std_ratio: [{ smoothing_factor: 0.25 }, 0.37796447300922725, '1'],
  exact_exponential_expected_completion_time: [
    {
      total_work_s: 86400,
      compute_interval_s: 1800,
      checkpoint_cost_s: 1,
      downtime_s: 0,
      recovery_s: 60,
      mtbf_s: 1641600,
    },
    86498.59985465689,
    's',
  ],
  exact_exponential_optimal_compute_interval: [{ checkpoint_cost_s: 300, mtbf_s: 21600 }, 3402.840119925992, 's'],
  exact_exponential_waste_fraction: [
    { period_s: 240, checkpoint_cost_s: 30, downtime_s: 15, recovery_s: 45, mtbf_s: 1000 },
    0.27080847179111167,
    '1',
  ],
  expected_barrier_spread_iid_exponential: [{ channels: 8, mean_delay_s: 0.05 }, 0.12964285714285714, 's'],
  expected_barrier_spread_iid_uniform: [{ channels: 64, max_delay_s: 0.01 }, 0.009692307692307693, 's'],
  expected_checkpoint_age_with_failed_checkpoints: [
    { checkpoint_period_s: 300, checkpoint_duration_s: 10, checkpoint_failure_probability: 0.75 },
    1060,
    's',
  ],
  expected_elapsed_since_checkpoint_at_failure: [{ period_s: 270, mtbf_s: 1000 }, 128.932368336782, 's'],
  expected_total_recovery_time: [
    { checkpoint_period_s: 1800, checkpoint_duration_s: 60, outage_s: 120, utilization: 0.4 },
    840,
    's',
  ],
  failure_latency_area_first_output_view: [
    { input_rate_per_s: 80000, capacity_per_s: 139600, checkpoint_age_s: 120, outage_s: 66 },
    1701657395.8193111,
    'record*s',
  ],
  failure_latency_area_replay_view: [
    { input_rate_per_s: 80000, capacity_per_s: 139600, checkpoint_age_s: 120, outage_s: 66 },
    3241343355.704698,
    'record*s',
  ],
  first_order_expected_energy: [
    {
      total_work_s: 36000,
      period_s: 1200,
      checkpoint_cost_s: 30,
      downtime_s: 30,
      recovery_s: 60,
      mtbf_s: 86400,
      static_power_w: 100,
      compute_power_w: 50,
      io_power_w: 20,
      down_power_w: 0,
    },
    5553929.619557901,
    'J',
  ],
  first_order_overhead_ratio: [{ period_s: 7200, checkpoint_cost_s: 300, mtbf_s: 86400 }, 0.08333333333333333, '1'],
  first_order_waste_fraction: [
    { period_s: 20, checkpoint_cost_s: 0.25, downtime_s: 5, recovery_s: 15, mtbf_s: 600 },
    0.061875,
    '1',
  ],
  first_order_waste_optimal_period: [
    { checkpoint_cost_s: 12.5, downtime_s: 20, recovery_s: 100, mtbf_s: 7777 },
    437.52142804667295,
    's',
  ],
  full_snapshot_duration: [
    {
      state_bytes: 0,
      tasks: 10,
      hottest_task_share: 0.1,
      task_bandwidth_bytes_per_s: 100000000,
      store_bandwidth_bytes_per_s: 1000000000,
      fixed_latency_s: 0.3,
    },
    0.3,
    's',
  ],
  input_gate_buffer_bytes: [
    { channels: 1000, exclusive_buffers_per_channel: 2, floating_buffers: 8, segment_bytes: 32768 },
    65798144,
    'bytes',
  ],
  interval_misestimation_overhead_factor: [{ interval_ratio_to_optimum: Math.SQRT2 }, 1.0606601717798212, '1'],
  khaos_objective: [{ latency_ratio: 0.5, recovery_ratio: 0.7 }, 1.4, '1'],
  latency_optimal_interval_first_output_view: [
    { pause_s: 1, outage_s: 60, mtbf_s: 604800, utilization: 0.7, checkpoint_duration_s: 20 },
    86.85465885090879,
    's',
  ],
  latency_optimal_interval_replay_view: [
    { pause_s: 1.371, outage_s: 2.76, mtbf_s: 69, utilization: 0.5, recovery_utilization: 0.5 },
    4.693025274482709,
    's',
  ],
  log_retention_mean_bytes: [
    { ingest_bytes_per_s: 1000000, checkpoint_period_s: 600, checkpoint_duration_s: 30 },
    330000000,
    'bytes',
  ],
  log_retention_peak_bytes: [
    { ingest_bytes_per_s: 200000000, checkpoint_period_s: 10, checkpoint_duration_s: 1 },
    2200000000,
    'bytes',
  ],
  md1_mean_waiting_time: [{ arrival_rate_per_s: 20000, service_rate_per_s: 38750 }, 1.3763440860215054e-5, 's'],
  mean_latency_from_checkpoint_pauses: [
    { pause_s: 2, checkpoint_period_s: 60, utilization: 0.9 },
    0.3333333333333333,
    's',
  ],
  mm1_mean_sojourn_time: [{ arrival_rate_per_s: 99, service_rate_per_s: 100 }, 1, 's'],
  mtbf_estimation_overhead_factor: [{ observed_failure_count: 1 }, 1.329340388179137, '1'],
  multi_level_minimum_overhead_ratio: [
    { costs_s: [5, 60], failure_rates_per_s: [0.0002777777777777778, 1.1574074074074073e-5] },
    0.08997242729446948,
    '1',
  ],
  optimal_full_snapshot_chain_length: [
    {
      state_bytes: 10000000000,
      delta_bytes: 300000000,
      checkpoint_period_s: 60,
      mtbf_s: 86400,
      write_cost_per_byte: 1,
      read_cost_per_byte: 1,
    },
    305.15569796417043,
    'checkpoints',
  ],
  peak_latency_first_output: [{ outage_s: 5, checkpoint_age_s: 1, utilization: 0.25 }, 5.25, 's'],
  probability_any_task_slow: [{ tasks: 100, probability_one_task_slow: 0.0001 }, 0.009950661308629184, '1'],
  probability_two_or_more_failures_in_period: [{ period_s: 270, mtbf_s: 1000 }, 0.030508042192196456, '1'],
  retained_full_snapshot_bytes: [
    { state_bytes: 500000000000, retention_horizon_s: 604800, checkpoint_period_s: 3600 },
    84000000000000,
    'bytes',
  ],
  slo_violation_fraction: [
    {
      checkpoint_period_s: 10,
      checkpoint_duration_s: 1,
      outage_s: 5,
      utilization: 0.6,
      latency_bound_s: 1,
      mtbf_s: 3600,
    },
    0.005277777777777778,
    '1',
  ],
  space_minimizing_checkpoint_period: [
    { state_bytes: 100000000, retention_horizon_s: 600, ingest_bytes_per_s: 100000 },
    1095.4451150103323,
    's',
  ],
  stochastic_two_level_utilization: [
    {
      work_per_interval_s: 1000,
      level2_probability: 0.5,
      level1_cost_s: 10,
      level2_cost_s: 20,
      level1_failure_rate_per_s: 5e-5,
      level2_failure_rate_per_s: 2.5e-5,
      level1_recovery_s: 60,
      level2_recovery_s: 120,
    },
    0.9189196868604751,
    '1',
  ],
  stream_optimal_checkpoint_period: [
    { blocking_cost_s: 1, failure_rate_per_s: 6.091617933723197e-7 },
    1812.293659128281,
    's',
  ],
  stream_utilization: [
    {
      checkpoint_period_s: 45,
      blocking_cost_s: 0.1,
      failure_rate_per_s: 0.0001,
      detect_and_restart_s: 15,
      pipeline_depth: 2,
      per_hop_delay_s: 0.01,
    },
    0.9940412852096275,
    '1',
  ],
  system_mtbf: [{ node_mtbf_s: 157680000, node_count: 10 }, 15768000, 's'],
  total_recovery_time: [{ outage_s: 20, checkpoint_age_s: 30, utilization: 0.5 }, 70, 's'],
  transactional_sink_latency_quantile: [{ checkpoint_period_s: 60, checkpoint_duration_s: 5, quantile: 0.95 }, 62, 's'],
  two_level_expected_pattern_time: [
    {
      segments_per_pattern: 5,
      pattern_work_s: 3000,
      level1_cost_s: 5,
      level2_extra_cost_s: 60,
      level1_failure_rate_per_s: 0.0002777777777777778,
      level2_failure_rate_per_s: 1.1574074074074073e-5,
      level1_recovery_s: 30,
      level2_recovery_s: 300,
    },
    3471.7558416796755,
    's',
  ],
  two_level_optimal_pattern_work: [
    {
      level1_cost_s: 5,
      level2_extra_cost_s: 60,
      level1_failure_rate_per_s: 0.0002777777777777778,
      level2_failure_rate_per_s: 1.1574074074074073e-5,
    },
    3219.937887599697,
    's',
  ],
  two_level_optimal_segments_per_pattern: [
    {
      level1_cost_s: 5,
      level2_extra_cost_s: 60,
      level1_failure_rate_per_s: 0.0002777777777777778,
      level2_failure_rate_per_s: 1.1574074074074073e-5,
    },
    16.970562748477143,
    'segments',
  ],
  waste_estimate_standard_error: [
    { period_s: 60, recovery_s: 30, mtbf_s: 3600, simulated_time_s: 720000 },
    0.0012266334536566454,
    '1',
  ],
  weibull_renewal_utilization: [
    { weibull_shape: 3, mtbf_s: 3600, compute_interval_s: 184, checkpoint_cost_s: 5, downtime_s: 0, recovery_s: 30 },
    0.9398765438610385,
    '1',
  ],
  young_compute_interval: [{ checkpoint_cost_s: 300, mtbf_s: 86400 }, 7200, 's'],
};

function evaluate(name: string, inputs: Readonly<Record<string, InputValue>>): number {
  const result = evaluateModel(PERFORMANCE_MODELS.get(name)!, inputs);
  if ('problem' in result) throw new Error(result.problem);
  return result.output;
}

const relative = (one: number, other: number): number => Math.abs(one / other - 1);

test('every model has an example', () => {
  expect([...PERFORMANCE_MODELS.keys()].toSorted()).toEqual(Object.keys(examples).toSorted());
});

test.each(Object.entries(examples))('%s', (name, [inputs, output, unit]) => {
  expect(relative(evaluate(name, inputs), output)).toBeLessThan(1e-9);
  expect(PERFORMANCE_MODELS.get(name)!.unit).toBe(unit);
});

describe('optima are where a search finds them', () => {
  /** Smallest value of a function with one dip, by thirds. */
  function smallest(f: (x: number) => number, from: number, to: number): number {
    let [low, high] = [from, to];
    while (high - low > 1e-9 * high) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
      if (f(a) < f(b)) high = b;
      else low = a;
    }
    return f((low + high) / 2);
  }

  const seconds = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

  test('of the compute interval, from C << M to C >> M', () => {
    fc.assert(
      fc.property(seconds(0.01, 1000), seconds(10, 1e6), (C, M) => {
        const time = (tau: number): number =>
          evaluate('exact_exponential_expected_completion_time', {
            total_work_s: 1,
            compute_interval_s: tau,
            checkpoint_cost_s: C,
            downtime_s: 0,
            recovery_s: 0,
            mtbf_s: M,
          });
        const best = time(evaluate('exact_exponential_optimal_compute_interval', { checkpoint_cost_s: C, mtbf_s: M }));
        expect(best).toBeLessThanOrEqual(smallest(time, 1e-6 * M, 2 * M) * (1 + 1e-9));
      }),
      { numRuns: 200 },
    );
  });

  test('of the stream period', () => {
    fc.assert(
      fc.property(seconds(0.01, 100), seconds(1e-7, 1e-2), (c, rate) => {
        const idle = (T: number): number =>
          1 -
          evaluate('stream_utilization', {
            checkpoint_period_s: T,
            blocking_cost_s: c,
            failure_rate_per_s: rate,
            detect_and_restart_s: 30,
            pipeline_depth: 3,
            per_hop_delay_s: 0.5,
          });
        const period = evaluate('stream_optimal_checkpoint_period', { blocking_cost_s: c, failure_rate_per_s: rate });
        expect(idle(period)).toBeLessThanOrEqual(smallest(idle, c, c + 3 / rate) + 1e-12);
      }),
      { numRuns: 200 },
    );
  });

  test('of the cost of a month', () => {
    const prices = examples['cloud_monthly_cost']![0];
    const optimum = examples['cost_optimal_checkpoint_period']![0];
    const shared = Object.fromEntries(Object.entries(prices).filter(([name]) => Object.hasOwn(optimum, name)));
    const period = evaluate('cost_optimal_checkpoint_period', { ...shared, ingest_bytes_per_s: 0 });
    const cost = (T: number): number => evaluate('cloud_monthly_cost', { ...prices, checkpoint_period_s: T });
    expect(cost(period)).toBeLessThanOrEqual(smallest(cost, 1, 1e6) * (1 + 1e-9));
  });
});

describe('forms agree where one contains the other', () => {
  test('a Weibull shape of 1 is exponential', () => {
    const inputs = { mtbf_s: 3600, checkpoint_cost_s: 5, downtime_s: 10, recovery_s: 30 };
    const weibull = evaluate('weibull_renewal_utilization', { ...inputs, weibull_shape: 1, compute_interval_s: 120 });
    const waste = evaluate('exact_exponential_waste_fraction', { ...inputs, period_s: 125 });
    expect(relative(weibull, 1 - waste)).toBeLessThan(1e-12);
  });

  test('two levels of which the second never fails are one', () => {
    const nested = evaluate('two_level_expected_pattern_time', {
      segments_per_pattern: 1,
      pattern_work_s: 600,
      level1_cost_s: 4,
      level2_extra_cost_s: 6,
      level1_failure_rate_per_s: 1e-3,
      level2_failure_rate_per_s: 1e-12,
      level1_recovery_s: 0,
      level2_recovery_s: 0,
    });
    const single = evaluate('exact_exponential_expected_completion_time', {
      total_work_s: 600,
      compute_interval_s: 600,
      checkpoint_cost_s: 10,
      downtime_s: 0,
      recovery_s: 0,
      mtbf_s: 1000,
    });
    expect(relative(nested, single)).toBeLessThan(1e-8);
  });
});

describe('inputs from outside', () => {
  const young = PERFORMANCE_MODELS.get('young_compute_interval')!;
  test.each([
    [{ checkpoint_cost_s: 1 }, 'young_compute_interval also needs mtbf_s (mean time between failures)'],
    [
      { checkpoint_cost_s: 1, mtbf_s: 1, tau: 2 },
      'young_compute_interval has no input tau: it takes checkpoint_cost_s, mtbf_s',
    ],
    [
      { checkpoint_cost_s: 0, mtbf_s: 1 },
      'checkpoint_cost_s of young_compute_interval should be a number above 0 (s), and is 0',
    ],
    [
      { checkpoint_cost_s: 1, mtbf_s: '5' },
      'mtbf_s of young_compute_interval should be a number above 0 (s), and is "5"',
    ],
  ])('%j', (inputs, problem) => {
    expect(evaluateModel(young, inputs)).toEqual({ problem });
  });

  test('a load that cannot be kept up with, lists of different lengths, a value past all numbers', () => {
    const problemOf = (name: string, inputs: Readonly<Record<string, unknown>>): string => {
      const result = evaluateModel(PERFORMANCE_MODELS.get(name)!, inputs);
      return 'problem' in result ? result.problem : 'none';
    };
    expect(problemOf('mm1_mean_sojourn_time', { arrival_rate_per_s: 2, service_rate_per_s: 2 })).toContain(
      'only grows',
    );
    expect(problemOf('multi_level_minimum_overhead_ratio', { costs_s: [1, 2], failure_rates_per_s: [1] })).toContain(
      'give one each',
    );
    expect(
      problemOf('exact_exponential_expected_completion_time', {
        ...examples['exact_exponential_expected_completion_time']![0],
        mtbf_s: 0.01,
      }),
    ).toContain('no finite value');
    expect(problemOf('catch_up_time_after_resume', { outage_s: 1, checkpoint_age_s: 1, utilization: 1 })).toContain(
      'above 0 and below 1',
    );
  });

  test('a form outside its range says so', () => {
    expect(evaluateModel(young, { checkpoint_cost_s: 50, mtbf_s: 100 })).toMatchObject({
      caution: 'C is at least a tenth of M: use exact_exponential_optimal_compute_interval',
    });
    expect(evaluateModel(young, { checkpoint_cost_s: 1, mtbf_s: 100 })).toMatchObject({ caution: null });
  });
});

describe('numerics', () => {
  test('small arguments do not cancel', () => {
    for (const x of [1e-3, 1e-8, 1e-14, -1e-3, -1e-8]) {
      const series = x + (x * x) / 2 + (x * x * x) / 6 + (x * x * x * x) / 24 + (x * x * x * x * x) / 120;
      expect(relative(expMinusOne(x), series)).toBeLessThan(1e-14);
      const logSeries = x - (x * x) / 2 + (x * x * x) / 3 - (x * x * x * x) / 4 + (x * x * x * x * x) / 5;
      expect(relative(logOnePlus(x), logSeries)).toBeLessThan(1e-14);
    }
  });

  test('the gamma function at whole and half numbers, and its ratio on both sides of the switch', () => {
    expect(relative(gamma(5), 24)).toBeLessThan(1e-14);
    expect(relative(gamma(0.5), 1.772453850905516)).toBeLessThan(1e-13);
    expect(relative(gamma(1.5) / gamma(1), gammaHalfStepRatio(1))).toBeLessThan(1e-13);
    const [below, above] = [gammaHalfStepRatio(64), gammaHalfStepRatio(65)];
    expect(relative(above, (below * 64.5) / 64)).toBeLessThan(1e-13);
  });

  test('the optimal fraction satisfies its equation from tiny to large costs', () => {
    for (const a of [1e-12, 1e-6, 1e-3, 0.1, 0.9, 1.1, 5]) {
      const x = optimalFraction(a);
      if (a >= 0.1) expect(relative(-logOnePlus(-x) - x, a)).toBeLessThan(1e-11);
      else expect(relative(x, Math.sqrt(2 * a))).toBeLessThan(Math.sqrt(a));
    }
    expect(1 - optimalFraction(30)).toBeCloseTo(3.44e-14, 15);
  });

  test('a root is found from either side of 1', () => {
    expect(increasingRoot((x) => x * x - 2)).toBeCloseTo(Math.SQRT2, 15);
    expect(increasingRoot((x) => x * x - 2e-10)).toBeCloseTo(1.4142135623730951e-5, 18);
  });
});
