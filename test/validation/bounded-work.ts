/** Bounded work under failures (models.md §2): completion time, waste, the best interval, energy, other laws of failure. */
import { energyJoules, simulateFluid } from '../../models/fluid-job/index.ts';
import type { FluidPlan } from '../../models/fluid-job/index.ts';
import { type Experiment, failuresOf, modelled } from './experiment.ts';
import { exponential, micros, saturatedJob, withMeasure } from './jobs.ts';
import { FLAT } from './utilization.ts';

interface BoundedCase {
  readonly tau: number;
  readonly C: number;
  readonly D: number;
  readonly R: number;
  readonly M: number;
}

function boundedJob({ tau, C, D, R, M }: BoundedCase, segments: number): FluidPlan {
  const plan = saturatedJob(
    { period_s: tau + C, pause_s: C, failures: exponential(M), downtime_s: D, restart_s: R },
    1,
  );
  return { ...plan, end: { kind: 'work', micros: micros(tau) * segments } };
}

const cases: readonly BoundedCase[] = [
  { tau: 210, C: 30, D: 15, R: 45, M: 1000 },
  { tau: 59, C: 1, D: 0, R: 20, M: 3600 },
  { tau: 500, C: 300, D: 60, R: 600, M: 900 },
];

const completion: Experiment = {
  name: 'bounded-work',
  section: '2.2, 2.3',
  run: (lab) =>
    cases.flatMap((each) => {
      const { tau, C, D, R, M } = each;
      const segments = lab.size(100_000, 8_000);
      const outcomes = lab.runs(boundedJob(each, segments));
      const failures = failuresOf(outcomes);
      const at = `tau ${tau}, C ${C}, D ${D}, R ${R}, M ${M} s`;
      const period_s = tau + C;
      const costs = { checkpoint_cost_s: C, downtime_s: D, recovery_s: R, mtbf_s: M };
      return [
        lab.row({
          what: `completion time of ${segments} segments, s; ${at}`,
          model: 'exact_exponential_expected_completion_time',
          inputs: { total_work_s: tau * segments, compute_interval_s: tau, ...costs },
          samples: outcomes.map(({ elapsedMicros }) => elapsedMicros / 1e6),
          failures,
        }),
        lab.row({
          what: `waste; ${at}`,
          model: 'exact_exponential_waste_fraction',
          inputs: { period_s, ...costs },
          samples: outcomes.map((outcome) => 1 - outcome.committedMicros / outcome.elapsedMicros),
          failures,
        }),
        lab.row({
          what: `time since the last checkpoint at a failure, s; ${at}`,
          model: 'expected_elapsed_since_checkpoint_at_failure',
          inputs: { period_s, mtbf_s: M },
          samples: outcomes.map(({ recoveries }) => recoveries.sinceProgress_us.mean / 1e6),
          failures,
        }),
      ];
    }),
};

/** The generator of failures, seen by the two models that speak of nothing else. */
const generator: Experiment = {
  name: 'failure-generator',
  section: '2.2',
  run(lab) {
    const [nodes, nodeMtbf, window_s] = [10, 10_000, 500];
    const failures = lab.size(6_000, 1_000);
    const plan = withMeasure(
      {
        ...saturatedJob({ period_s: 100, failures: null }, failures * 1000),
        failures: Array.from({ length: nodes }, (_, node) => ({
          name: `node-${node}`,
          law: exponential(nodeMtbf),
          level: 1 as const,
        })),
      },
      { recoveriesMax: 1e6 },
    );
    const outcomes = lab.runs(plan);
    const count = failuresOf(outcomes);
    return [
      lab.row({
        what: `failures per 1000 s of ${nodes} nodes, each every ${nodeMtbf} s`,
        model: 'system_mtbf',
        inputs: { node_mtbf_s: nodeMtbf, node_count: nodes },
        of: (mtbf) => 1000 / mtbf,
        samples: outcomes.map((outcome) => outcome.failures.count / failures),
        failures: count,
      }),
      lab.row({
        what: `windows of ${window_s} s with two failures or more, M 1000 s`,
        model: 'probability_two_or_more_failures_in_period',
        inputs: { period_s: window_s, mtbf_s: nodeMtbf / nodes },
        samples: outcomes.map(({ recoveries, elapsedMicros }) => {
          const perWindow = new Map<number, number>();
          for (const { failedAt_us } of recoveries.list) {
            const window = Math.floor(failedAt_us / micros(window_s));
            perWindow.set(window, (perWindow.get(window) ?? 0) + 1);
          }
          return [...perWindow.values()].filter((n) => n >= 2).length / (elapsedMicros / micros(window_s));
        }),
        failures: count,
      }),
    ];
  },
};

const sweep: Experiment = {
  name: 'interval-sweep',
  section: '2.1',
  finding: FLAT,
  run: (lab) =>
    [
      { C: 10, M: 3600, R: 60 },
      { C: 300, M: 3600, R: 0 },
    ].map(({ C, M, R }) => {
      const best = modelled('exact_exponential_optimal_compute_interval', { checkpoint_cost_s: C, mtbf_s: M });
      const failures = lab.size(30_000, 6_000);
      const runs = Array.from({ length: 25 }, (_, i) => {
        const ratio = 0.3 * Math.pow(10, i / 24);
        const tau = ratio * best;
        const job = { period_s: tau + C, pause_s: C, failures: exponential(M), restart_s: R };
        return { ratio, utilization: simulateFluid(saturatedJob(job, failures * M), lab.seed).utilization };
      });
      const found = runs.reduce((a, b) => (b.utilization > a.utilization ? b : a));
      return lab.row({
        what: `compute interval with the least waste, of 25 from 0.3 to 3 of the exact one, s; C ${C}, M ${M}, R ${R} s`,
        model: 'exact_exponential_optimal_compute_interval',
        inputs: { checkpoint_cost_s: C, mtbf_s: M },
        samples: [found.ratio * best],
        tolerance: 0.2,
        failures: failures * runs.length,
      });
    }),
};

const energy: Experiment = {
  name: 'energy',
  section: '2.4',
  finding:
    'The band of models.md is 3 T / M; the difference is below a hundredth of it, and the standard error a thousandth.',
  run: (lab) =>
    [
      { static_power_w: 100, compute_power_w: 50, io_power_w: 20, down_power_w: 0 },
      { static_power_w: 50, compute_power_w: 50, io_power_w: 300, down_power_w: 10 },
    ].map((powers) => {
      const [T, C, D, R, M] = [1200, 30, 30, 60, 86_400];
      const segments = lab.size(100_000, 10_000);
      const outcomes = lab.runs(boundedJob({ tau: T - C, C, D, R, M }, segments));
      const { static_power_w, compute_power_w, io_power_w, down_power_w } = powers;
      return lab.row({
        what: `energy of ${segments} segments, J; T ${T}, C ${C}, D ${D}, R ${R}, M ${M} s, powers ${Object.values(powers).join('/')} W`,
        model: 'first_order_expected_energy',
        inputs: {
          total_work_s: (T - C) * segments,
          period_s: T,
          checkpoint_cost_s: C,
          downtime_s: D,
          recovery_s: R,
          mtbf_s: M,
          ...powers,
        },
        samples: outcomes.map((outcome) =>
          energyJoules(outcome, {
            staticWatts: static_power_w,
            computeWatts: compute_power_w,
            ioWatts: io_power_w,
            downWatts: down_power_w,
          }),
        ),
        bias: (3 * T) / M,
        failures: failuresOf(outcomes),
      });
    }),
};

const weibull: Experiment = {
  name: 'weibull',
  section: '2.5',
  run: (lab) =>
    [0.5, 0.7, 1, 3].map((shape) => {
      const [tau, C, D, R, M] = [184, 5, 10, 30, 3600];
      const law = { kind: 'weibull', shape, meanMicros: micros(M) } as const;
      const failures = lab.size(6_000, 500);
      const job = { period_s: tau + C, pause_s: C, failures: law, downtime_s: D, restart_s: R };
      const outcomes = lab.runs(saturatedJob(job, failures * (M + D)));
      return lab.row({
        what: `utilization, shape ${shape}; tau ${tau}, C ${C}, D ${D}, R ${R}, M ${M} s`,
        model: 'weibull_renewal_utilization',
        inputs: {
          weibull_shape: shape,
          mtbf_s: M,
          compute_interval_s: tau,
          checkpoint_cost_s: C,
          downtime_s: D,
          recovery_s: R,
        },
        samples: outcomes.map(({ utilization }) => utilization),
        failures: failuresOf(outcomes),
      });
    }),
};

export const BOUNDED_WORK: readonly Experiment[] = [completion, generator, sweep, energy, weibull];
