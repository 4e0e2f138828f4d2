/**
 * Latency that checkpoints and failures add (models.md §5.2-§5.4). First-output view: the delay of a record's first
 * processing. Replay view: every processing counts, also of records that had been output before.
 */
import { increasingRoot } from './numerics.ts';
import {
  type PerformanceModel,
  aboveZero,
  atLeastZero,
  share,
  shareBelowOne,
  utilization,
} from './performance-model.ts';

const FLUID = 'constant input and capacity, failures that do not overlap';
const period = aboveZero('s', 'from trigger to trigger');
const duration = atLeastZero('s', 'from trigger to durable');
const outage = atLeastZero('s', 'detection, restart and restore');
const mtbf = aboveZero('s', 'mean time between failures');
const pause = atLeastZero('s', 'pause of the processing per checkpoint');

interface Episode {
  readonly input_rate_per_s: number;
  readonly capacity_per_s: number;
  readonly checkpoint_age_s: number;
  readonly outage_s: number;
}

const episode = {
  input_rate_per_s: aboveZero('1/s', 'records per second that arrive'),
  capacity_per_s: aboveZero('1/s', 'records per second the job can process'),
  checkpoint_age_s: atLeastZero('s', 'time since the trigger of the newest completed checkpoint, at the failure'),
  outage_s: outage,
};

function keepsUp({ input_rate_per_s: input, capacity_per_s: capacity }: Episode): void {
  if (input < capacity) return;
  throw new RangeError(`input_rate_per_s ${input} is not below capacity_per_s ${capacity}: the backlog never ends`);
}

export const failureLatencyAreaReplayView: PerformanceModel<Episode> = {
  name: 'failure_latency_area_replay_view',
  unit: 'record*s',
  what: 'latency that one failure adds, summed over all processings',
  assumes: FLUID,
  valid: 'measured on Flink: R2 0.996 with slope 1.107 over 30 episodes, median ratio 1.21 over 218',
  source: 'derived; draft manuscript on latency-sensitive intervals (Dankook University, 2026)',
  status: 'V',
  inputs: episode,
  evaluate(inputs) {
    keepsUp(inputs);
    const { input_rate_per_s: input, capacity_per_s: mu, checkpoint_age_s: a, outage_s: D } = inputs;
    return (mu * input * (a + D) * (a + D)) / (2 * (mu - input));
  },
};

export const failureLatencyAreaFirstOutputView: PerformanceModel<Episode> = {
  name: 'failure_latency_area_first_output_view',
  unit: 'record*s',
  what: 'latency that one failure adds, summed over the first processings',
  assumes: FLUID,
  valid: 'exact in the fluid model',
  source: 'derived',
  status: 'V',
  inputs: episode,
  evaluate(inputs) {
    keepsUp(inputs);
    const { input_rate_per_s: input, capacity_per_s: mu, checkpoint_age_s: a, outage_s: D } = inputs;
    const rho = input / mu;
    const peak = D + a * rho;
    return (input * peak * peak) / (2 * (1 - rho));
  },
};

export const meanLatencyFromCheckpointPauses: PerformanceModel<{
  readonly pause_s: number;
  readonly checkpoint_period_s: number;
  readonly utilization: number;
}> = {
  name: 'mean_latency_from_checkpoint_pauses',
  unit: 's',
  what: 'latency that pauses add to a record, on average',
  assumes: FLUID,
  valid:
    'exact in the fluid model while the backlog of a pause is gone before the next; it also delays the tail by up to the pause',
  source: 'derived',
  status: 'V',
  inputs: { pause_s: pause, checkpoint_period_s: period, utilization },
  evaluate: ({ pause_s: delta, checkpoint_period_s: T, utilization: rho }) => (delta * delta) / (2 * (1 - rho) * T),
  caution: ({ pause_s: delta, checkpoint_period_s: T, utilization: rho }) =>
    delta / (1 - rho) <= T ? null : 'the backlog of one pause is not gone before the next',
};

export const latencyOptimalIntervalReplayView: PerformanceModel<{
  readonly pause_s: number;
  readonly outage_s: number;
  readonly mtbf_s: number;
  readonly utilization: number;
  readonly recovery_utilization: number;
}> = {
  name: 'latency_optimal_interval_replay_view',
  unit: 's',
  what: 'checkpoint period with the least mean latency, replays counted',
  assumes: `${FLUID}; ages counted from the completion of a checkpoint`,
  valid: 'grows like M^(1/3) for short outages and M^(1/2) for long ones',
  source: 'draft manuscript (Dankook University, 2026); its printed intervals agree within 2.5 %',
  status: 'V',
  inputs: {
    pause_s: aboveZero('s', 'pause of the processing per checkpoint'),
    outage_s: outage,
    mtbf_s: mtbf,
    utilization,
    recovery_utilization: shareBelowOne('input rate over capacity during recovery'),
  },
  evaluate({ pause_s: delta, outage_s: D, mtbf_s: M, utilization: rho, recovery_utilization: recovering }) {
    const gain = (delta * delta * M * (1 - recovering)) / (1 - rho);
    return increasingRoot((T) => T * T * ((2 * T) / 3 + D) - gain);
  },
};

export const latencyOptimalIntervalFirstOutputView: PerformanceModel<{
  readonly pause_s: number;
  readonly outage_s: number;
  readonly mtbf_s: number;
  readonly utilization: number;
  readonly checkpoint_duration_s: number;
}> = {
  name: 'latency_optimal_interval_first_output_view',
  unit: 's',
  what: 'checkpoint period with the least mean latency of first outputs',
  assumes: FLUID,
  valid: 'simulated means within 1 to 2.3 % around the optimum at M = 80 to 210 times T + TRT',
  source: 'derived',
  status: 'V',
  inputs: {
    pause_s: aboveZero('s', 'pause of the processing per checkpoint'),
    outage_s: outage,
    mtbf_s: mtbf,
    utilization,
    checkpoint_duration_s: duration,
  },
  evaluate({ pause_s: delta, outage_s: D, mtbf_s: M, utilization: rho, checkpoint_duration_s: Cd }) {
    const gain = delta * delta * M;
    return increasingRoot((T) => T * T * ((2 * rho * rho * T) / 3 + rho * (D + rho * Cd)) - gain);
  },
};

export const sloViolationFraction: PerformanceModel<{
  readonly checkpoint_period_s: number;
  readonly checkpoint_duration_s: number;
  readonly outage_s: number;
  readonly utilization: number;
  readonly latency_bound_s: number;
  readonly mtbf_s: number;
}> = {
  name: 'slo_violation_fraction',
  unit: '1',
  what: 'share of records whose first output is later than the bound',
  assumes: FLUID,
  valid: 'bias up to 3 (T + TRT) / M; zero up to T = (L - D)/rho - Cd, then quadratic, then linear in T',
  source: 'derived',
  status: 'V',
  inputs: {
    checkpoint_period_s: period,
    checkpoint_duration_s: duration,
    outage_s: outage,
    utilization,
    latency_bound_s: atLeastZero('s', 'latency that is still within bounds'),
    mtbf_s: mtbf,
  },
  evaluate(inputs) {
    const { checkpoint_period_s: T, checkpoint_duration_s: Cd, outage_s: D, utilization: rho, mtbf_s: M } = inputs;
    const youngest = Math.max(0, D + rho * Cd - inputs.latency_bound_s);
    const oldest = Math.max(0, D + rho * (Cd + T) - inputs.latency_bound_s);
    return (oldest * oldest - youngest * youngest) / (2 * rho * T * (1 - rho) * M);
  },
};

export const transactionalSinkLatencyQuantile: PerformanceModel<{
  readonly checkpoint_period_s: number;
  readonly checkpoint_duration_s: number;
  readonly quantile: number;
}> = {
  name: 'transactional_sink_latency_quantile',
  unit: 's',
  what: 'from the output of a record to its visibility when the covering checkpoint completes',
  assumes: 'outputs uniform over the period, no failures; the commit itself takes no time',
  valid: 'exact; mean T/2 + Cd; failures add about (T + TRT)/M of it',
  source: 'derived',
  status: 'V',
  inputs: {
    checkpoint_period_s: period,
    checkpoint_duration_s: duration,
    quantile: share('the quantile'),
  },
  evaluate: ({ checkpoint_period_s: T, checkpoint_duration_s: Cd, quantile: q }) => q * T + Cd,
};
