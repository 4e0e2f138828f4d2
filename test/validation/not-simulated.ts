/** Closed forms that no experiment simulates, and why. */
export const NOT_SIMULATED: ReadonlyMap<string, string> = new Map([
  ['daly_first_order_compute_interval', 'an approximation of exact_exponential_optimal_compute_interval, which is'],
  ['daly_higher_order_compute_interval', 'an approximation of exact_exponential_optimal_compute_interval, which is'],
  ['first_order_overhead_ratio', 'an approximation of exact_exponential_waste_fraction, which is'],
  ['first_order_waste_fraction', 'an approximation of exact_exponential_waste_fraction, which is'],
  ['first_order_waste_optimal_period', 'an approximation of stream_optimal_checkpoint_period, which is'],
  ['young_compute_interval', 'an approximation of exact_exponential_optimal_compute_interval, which is'],
  ['two_level_optimal_segments_per_pattern', 'first order; the exact two_level_expected_pattern_time is simulated'],
  ['two_level_optimal_pattern_work', 'first order; the exact two_level_expected_pattern_time is simulated'],
  ['multi_level_minimum_overhead_ratio', 'first order; the exact two_level_expected_pattern_time is simulated'],
  ['khaos_objective', 'arithmetic on two ratios'],
  ['aligned_barrier_travel_time', 'a sum of quotients; a fluid job has no channels'],
  ['input_gate_buffer_bytes', 'arithmetic on a configuration'],
  ['full_snapshot_duration', 'a fluid job writes at one rate; the slope against state is measured below'],
  [
    'barrier_count_all_to_all_pipeline',
    'counted, exactly, in jobs with channels: test/validation/message-counts.test.ts',
  ],
  ['communication_induced_piggyback_bytes', 'arithmetic on the size of a message; no such protocol is simulated'],
]);
