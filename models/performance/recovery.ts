/** How long a stream job takes to be as if nothing had happened (models.md §5.1): fluid, one outage at a time. */
import { type PerformanceModel, aboveZero, atLeastZero, utilization } from './performance-model.ts';

const FLUID = 'constant input and capacity, one failure at a time, no checkpoint during catch-up';
const outage = atLeastZero('s', 'detection, restart and restore');
const age = atLeastZero('s', 'time since the trigger of the newest completed checkpoint, at the failure');

interface OutageAndAge {
  readonly outage_s: number;
  readonly checkpoint_age_s: number;
  readonly utilization: number;
}

const inputs = { outage_s: outage, checkpoint_age_s: age, utilization };

export const catchUpTimeAfterResume: PerformanceModel<OutageAndAge> = {
  name: 'catch_up_time_after_resume',
  unit: 's',
  what: 'from processing again to no backlog',
  assumes: FLUID,
  valid: 'exact in the fluid model; checkpoints that pause slow it: put 1 - rho - C/T for 1 - rho',
  source: 'derived; the series in the code of Phoebe converges to it',
  status: 'V',
  inputs,
  evaluate: ({ outage_s: D, checkpoint_age_s: a, utilization: rho }) => (rho * (a + D)) / (1 - rho),
};

export const totalRecoveryTime: PerformanceModel<OutageAndAge> = {
  name: 'total_recovery_time',
  unit: 's',
  what: 'from the failure to no backlog',
  assumes: FLUID,
  valid:
    'exact in the fluid model; 11 % and 8 % mean error on the 119 recoveries Khaos measured, with D and capacity fitted',
  source: 'derived; checked against the data of Khaos',
  status: 'V',
  inputs,
  evaluate: ({ outage_s: D, checkpoint_age_s: a, utilization: rho }) => (D + a * rho) / (1 - rho),
};

export const expectedTotalRecoveryTime: PerformanceModel<{
  readonly checkpoint_period_s: number;
  readonly checkpoint_duration_s: number;
  readonly outage_s: number;
  readonly utilization: number;
}> = {
  name: 'expected_total_recovery_time',
  unit: 's',
  what: 'from the failure to no backlog, over failures at uniform moments of the period',
  assumes: FLUID,
  valid: 'bias up to 3 (T + TRT) / M, as failures overlap',
  source: 'derived',
  status: 'V',
  inputs: {
    checkpoint_period_s: aboveZero('s', 'from trigger to trigger'),
    checkpoint_duration_s: atLeastZero('s', 'from trigger to durable'),
    outage_s: outage,
    utilization,
  },
  evaluate: ({ checkpoint_period_s: T, checkpoint_duration_s: Cd, outage_s: D, utilization: rho }) =>
    (D + rho * (T / 2 + Cd)) / (1 - rho),
};

export const peakLatencyFirstOutput: PerformanceModel<OutageAndAge> = {
  name: 'peak_latency_first_output',
  unit: 's',
  what: 'delay of the record that waits longest for its first processing',
  assumes: FLUID,
  valid: 'exact in the fluid model; in the replay view the peak is a + D',
  source: 'derived',
  status: 'V',
  inputs,
  evaluate: ({ outage_s: D, checkpoint_age_s: a, utilization: rho }) => D + a * rho,
};
