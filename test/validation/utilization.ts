/** Utilization of a saturated stream, ages and periods (models.md §3), and two levels of checkpoints (§4). */
import { type FluidPlan, PLAIN_FLUID_PLAN, simulateFluid } from '../../models/fluid-job/index.ts';
import { type Experiment, failuresOf, modelled } from './experiment.ts';
import { constant, exponential, loadedJob, micros, saturatedJob } from './jobs.ts';

const pipelineDelay: Experiment = {
  name: 'stream-utilization',
  section: '3.1',
  run: (lab) =>
    [
      { T: 60, c: 1, R: 20, d: 0, M: 600 },
      { T: 45, c: 0.1, R: 15, d: 0.01, M: 10_000 },
      { T: 300, c: 10, R: 60, d: 30, M: 900 },
      { T: 60, c: 1, R: 20, d: 90, M: 600 },
    ].map(({ T, c, R, d, M }) => {
      const failures = lab.size(6_000, 600);
      const job = { period_s: T, pause_s: c, delay_s: d, failures: exponential(M), restart_s: R, concurrent: 64 };
      const outcomes = lab.runs(saturatedJob(job, failures * M));
      return lab.row({
        what: `utilization; T ${T}, c ${c}, R ${R}, d ${d}, M ${M} s`,
        model: 'stream_utilization',
        inputs: {
          checkpoint_period_s: T,
          blocking_cost_s: c,
          failure_rate_per_s: 1 / M,
          detect_and_restart_s: R,
          pipeline_depth: 2,
          per_hop_delay_s: d,
        },
        samples: outcomes.map(({ utilization }) => utilization),
        failures: failuresOf(outcomes),
      });
    }),
};

/** Of every search for an optimum on a grid. */
export const FLAT =
  'The optimum is flat: 20 % beside it costs 1.7 % of the overhead. The place of the least on a grid is a weak check of the form; ' +
  'that utilizations agree along the way (above) is the strong one.';

const optimalPeriod: Experiment = {
  name: 'stream-optimal-period',
  section: '3.1',
  finding: FLAT,
  run(lab) {
    const [c, M, R, d] = [2, 1800, 30, 40];
    const best = modelled('stream_optimal_checkpoint_period', { blocking_cost_s: c, failure_rate_per_s: 1 / M });
    const failures = lab.size(30_000, 6_000);
    const runs = Array.from({ length: 25 }, (_, i) => {
      const T = 0.3 * Math.pow(10, i / 24) * best;
      const job = { period_s: T, pause_s: c, delay_s: d, failures: exponential(M), restart_s: R, concurrent: 64 };
      return { T, utilization: simulateFluid(saturatedJob(job, failures * M), lab.seed).utilization };
    });
    const found = runs.reduce((a, b) => (b.utilization > a.utilization ? b : a));
    return [
      lab.row({
        what: `period of most utilization, of 25 from 0.3 to 3 of the exact one, s; c ${c}, M ${M}, R ${R}, d ${d} s`,
        model: 'stream_optimal_checkpoint_period',
        inputs: { blocking_cost_s: c, failure_rate_per_s: 1 / M },
        samples: [found.T],
        tolerance: 0.2,
        failures: failures * runs.length,
      }),
    ];
  },
};

const ages: Experiment = {
  name: 'checkpoint-age',
  section: '3.2',
  finding:
    'Ages are above the form by about (T + Cd) (D + T/2 + Cd/2) / M: a failure soon after a failure falls back to the same checkpoint.',
  run: (lab) =>
    [0, 0.3, 0.75].map((probability) => {
      const [T, Cd, D, M] = [30, 8, 5, 30_000];
      const failures = lab.size(600, 120);
      const plan = loadedJob(
        { period_s: T, delay_s: Cd, failures: exponential(M), restart_s: D },
        failures * M,
        [1000, 2000],
      );
      const outcomes = lab.runs({
        ...plan,
        checkpoint: { ...plan.checkpoint, failureProbability: probability },
      });
      const inputs = {
        checkpoint_period_s: T,
        checkpoint_duration_s: Cd,
        checkpoint_failure_probability: probability,
      };
      const recovery = (D + 0.5 * modelled('expected_checkpoint_age_with_failed_checkpoints', inputs)) / 0.5;
      return lab.row({
        what: `age of the checkpoint a failure falls back to, s; f ${probability}, T ${T}, Cd ${Cd}, M ${M} s`,
        model: 'expected_checkpoint_age_with_failed_checkpoints',
        inputs,
        samples: outcomes.map(({ recoveries }) => recoveries.age_us.mean / 1e6),
        bias: (3 * (T / (1 - probability) + recovery)) / M,
        failures: failuresOf(outcomes),
      });
    }),
};

const periods: Experiment = {
  name: 'effective-period',
  section: '3.2',
  run: (lab) =>
    [
      { T: 0.01, Cd: 0.311, pause: 0 },
      { T: 60, Cd: 75, pause: 5 },
      { T: 60, Cd: 20, pause: 5 },
    ].map(({ T, Cd, pause }) => {
      const plan = loadedJob({ period_s: T, delay_s: Cd, failures: null }, 86_400, [1000, 2000]);
      const [outcome] = lab.runs({ ...plan, checkpoint: { ...plan.checkpoint, minPauseMicros: micros(pause) } }, 1);
      return lab.row({
        what: `period of checkpoints, s; interval ${T}, duration ${Cd}, least pause ${pause} s`,
        model: 'effective_checkpoint_period',
        inputs: { configured_interval_s: T, checkpoint_duration_s: Cd, minimum_pause_s: pause },
        samples: [outcome!.checkpoints.period.mean / 1e6],
        tolerance: 1e-9,
      });
    }),
};

interface TwoLevels {
  readonly w: number;
  readonly K: number;
  readonly C1: number;
  readonly C2: number;
  readonly M1: number;
  readonly M2: number;
  readonly R1: number;
  readonly R2: number;
}

function twoLevelJob(levels: FluidPlan['checkpoint']['levels'], t: TwoLevels, length_s: number): FluidPlan {
  return {
    ...saturatedJob({ period_s: t.w + t.C1, pause_s: t.C1, failures: null }, length_s),
    checkpoint: {
      ...PLAIN_FLUID_PLAN.checkpoint,
      // Each period ends with the pause of its checkpoint, so that a longer pause makes a longer period.
      intervalMicros: 1,
      minPauseMicros: micros(t.w),
      firstTriggerMicros: micros(t.w),
      pauseMicros: micros(t.C1),
      levels,
    },
    failures: [
      { name: 'process', law: exponential(t.M1), level: 1 },
      { name: 'node', law: exponential(t.M2), level: 2 },
    ],
    recovery: {
      ...PLAIN_FLUID_PLAN.recovery,
      downMicros: [micros(t.R1), micros(t.R2)],
      restart: constant(0),
    },
  };
}

const twoLevelCases: readonly TwoLevels[] = [
  { w: 600, K: 5, C1: 5, C2: 60, M1: 3600, M2: 86_400, R1: 30, R2: 300 },
  { w: 200, K: 17, C1: 5, C2: 60, M1: 3600, M2: 86_400, R1: 30, R2: 300 },
  { w: 100, K: 4, C1: 2, C2: 20, M1: 1000, M2: 3000, R1: 10, R2: 60 },
];

const twoLevels: Experiment = {
  name: 'two-levels',
  section: '4',
  run: (lab) =>
    twoLevelCases.flatMap((each) => {
      const { w, K, C1, C2, M1, M2, R1, R2 } = each;
      const length_s = lab.size(600, 60) * M2;
      const rates = { level1_failure_rate_per_s: 1 / M1, level2_failure_rate_per_s: 1 / M2 };
      const recoveries = { level1_recovery_s: R1, level2_recovery_s: R2 };
      const at = `K ${K}, w ${w}, C ${C1}/${C2}, M ${M1}/${M2}, R ${R1}/${R2} s`;
      const nested = lab.runs(
        twoLevelJob({ kind: 'nested', segments: K, remotePauseMicros: micros(C1 + C2) }, each, length_s),
      );
      const stochastic = lab.runs(
        twoLevelJob(
          { kind: 'stochastic', remoteProbability: 1 / K, remotePauseMicros: micros(C1 + C2) },
          each,
          length_s,
        ),
      );
      return [
        lab.row({
          what: `utilization, nested; ${at}`,
          model: 'two_level_expected_pattern_time',
          inputs: {
            segments_per_pattern: K,
            pattern_work_s: K * w,
            level1_cost_s: C1,
            level2_extra_cost_s: C2,
            ...rates,
            ...recoveries,
          },
          of: (pattern) => (K * w) / pattern,
          samples: nested.map(({ utilization }) => utilization),
          failures: failuresOf(nested),
        }),
        lab.row({
          what: `utilization, stochastic with q = 1/K; ${at}`,
          model: 'stochastic_two_level_utilization',
          inputs: {
            work_per_interval_s: w,
            level2_probability: 1 / K,
            level1_cost_s: C1,
            level2_cost_s: C1 + C2,
            ...rates,
            ...recoveries,
          },
          samples: stochastic.map(({ utilization }) => utilization),
          failures: failuresOf(stochastic),
        }),
      ];
    }),
};

export const UTILIZATION: readonly Experiment[] = [pipelineDelay, optimalPeriod, ages, periods, twoLevels];
