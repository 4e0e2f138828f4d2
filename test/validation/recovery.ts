/** Recovery of a loaded stream (models.md §5.1) and the latency that pauses and failures add (§5.2-§5.4). */
import type { FluidPlan } from '../../models/fluid-job/index.ts';
import { type Experiment, failuresOf, type Row } from './experiment.ts';
import { exponential, loadedJob, micros, withMeasure } from './jobs.ts';
import { OPTIMAL_LATENCY } from './latency-sweep.ts';
import { type Loaded, overlap } from './overlap.ts';

/** Rounding to the microsecond, of times of some seconds. */
const ROUNDING = 1e-6;

const single: Experiment = {
  name: 'single-failure',
  section: '5.1, 5.2',
  run: (lab) =>
    [
      { load: [1, 2], D: 20, failsAt: 10_000.25 },
      { load: [80_000, 139_600], D: 66, failsAt: 12_345.678 },
      { load: [9, 10], D: 3, failsAt: 10_019.999 },
      { load: [1, 4], D: 0.5, failsAt: 10_007.999_999 },
    ].flatMap(({ load: [input, capacity], D, failsAt }) => {
      const [T, Cd] = [60, 8];
      const law = { kind: 'at', micros: [micros(failsAt)] } as const;
      const plan = loadedJob({ period_s: T, delay_s: Cd, failures: law, restart_s: D }, 40_000, [input!, capacity!]);
      const [outcome] = lab.runs(plan, 1);
      const { recoveries, latency } = outcome!;
      const triggers = Math.floor((failsAt - Cd) / T) * T;
      const age = (micros(failsAt) - micros(triggers)) / 1e6;
      const utilization = input! / capacity!;
      const times = { outage_s: D, checkpoint_age_s: age, utilization };
      const areas = { input_rate_per_s: input!, capacity_per_s: capacity!, checkpoint_age_s: age, outage_s: D };
      const at = `age ${age}, D ${D} s, load ${input}/${capacity}`;
      const exact = (what: string, model: string, inputs: Readonly<Record<string, number>>, sample: number): Row =>
        lab.row({ what: `${what}; ${at}`, model, inputs, samples: [sample], tolerance: ROUNDING, failures: 1 });
      return [
        exact('catch-up, s', 'catch_up_time_after_resume', times, recoveries.catchUp_us.mean / 1e6),
        exact('recovery, s', 'total_recovery_time', times, recoveries.total_us.mean / 1e6),
        exact(
          'peak latency of first outputs, s',
          'peak_latency_first_output',
          times,
          latency!.firstOutput.max_us / 1e6,
        ),
        exact(
          'latency area of first outputs, record s',
          'failure_latency_area_first_output_view',
          areas,
          latency!.firstOutput.area_record_s,
        ),
        exact(
          'latency area of all outputs, record s',
          'failure_latency_area_replay_view',
          areas,
          latency!.replay.area_record_s,
        ),
      ];
    }),
};

function underFailures({ T, Cd, D, M, load }: Loaded, failures: number): FluidPlan {
  return loadedJob({ period_s: T, delay_s: Cd, failures: exponential(M), restart_s: D }, failures * M, load);
}

const randomFailures: Experiment = {
  name: 'recovery-and-latency',
  section: '5.1-5.4, 6.1',
  finding:
    'The log, and with it the latency of the sink, is longer under failures by about (D + T + Cd)^2 / (2M): the log of a ' +
    'failure grows until the first checkpoint after it is durable. That is within the band and many standard errors wide; the ' +
    'experiment log-under-failures has it in the expectation.',
  run: (lab) =>
    (
      [
        { T: 60, Cd: 8, D: 20, M: 20_000, load: [1, 2] },
        { T: 300, Cd: 20, D: 66, M: 100_000, load: [4, 5] },
        { T: 60, Cd: 8, D: 20, M: 200_000, load: [1, 2] },
      ] as const
    ).flatMap((each) => {
      const { T, Cd, D, M, load } = each;
      const utilization = load[0] / load[1];
      const bounds = [D / 2, D + utilization * (Cd + T / 2)];
      const outcomes = lab.runs(
        withMeasure(underFailures(each, lab.size(M > 100_000 ? 300 : 1_500, M > 100_000 ? 15 : 75)), {
          latencyBoundsMicros: bounds.map(micros),
        }),
      );
      const failures = failuresOf(outcomes);
      const bias = overlap(each);
      const at = `T ${T}, Cd ${Cd}, D ${D}, M ${M} s, load ${load.join('/')}`;
      const common = { checkpoint_period_s: T, checkpoint_duration_s: Cd };
      return [
        lab.row({
          what: `recovery, s; ${at}`,
          model: 'expected_total_recovery_time',
          inputs: { ...common, outage_s: D, utilization },
          samples: outcomes.map(({ recoveries }) => recoveries.total_us.mean / 1e6),
          bias,
          failures,
        }),
        ...bounds.map((bound, i) =>
          lab.row({
            what: `records later than ${bound} s; ${at}`,
            model: 'slo_violation_fraction',
            inputs: { ...common, outage_s: D, utilization, latency_bound_s: bound, mtbf_s: M },
            samples: outcomes.map(({ latency }) => latency!.late[i]!.fraction),
            bias,
            failures,
          }),
        ),
        lab.row({
          what: `mean latency of a transactional sink, s; ${at}`,
          model: 'transactional_sink_latency_quantile',
          inputs: { ...common, quantile: 0.5 },
          samples: outcomes.map(({ latency }) => latency!.sink.mean_us / 1e6),
          bias,
          failures,
        }),
        lab.row({
          what: `replay log under failures, bytes; ${at}`,
          model: 'log_retention_mean_bytes',
          inputs: { ...common, ingest_bytes_per_s: load[0] * 1000 },
          samples: outcomes.map(({ space }) => space.replayLogMeanBytes!),
          bias,
          failures,
        }),
      ];
    }),
};

/**
 * The extra log of a failure, where the backlog is gone before the first checkpoint after it: it grows for W = D + T + Cd
 * instead of keeping its mean, which is W^2/2 more, and then begins a period at its least, which is T^2/12 less.
 */
const logUnderFailures: Experiment = {
  name: 'log-under-failures',
  section: '6.1',
  run(lab) {
    const each: Loaded = { T: 60, Cd: 8, D: 20, M: 20_000, load: [1, 5] };
    const { T, Cd, D, M, load } = each;
    const outcomes = lab.runs(underFailures(each, lab.size(1_500, 75)));
    const untilDurable = D + T + Cd;
    return [
      lab.row({
        what: `replay log with ((D + T + Cd)^2 - T^2/6) / (2M) of input more, bytes; T ${T}, Cd ${Cd}, D ${D}, M ${M} s, load ${load.join('/')}`,
        model: 'log_retention_mean_bytes',
        inputs: { checkpoint_period_s: T, checkpoint_duration_s: Cd, ingest_bytes_per_s: load[0] * 1000 },
        of: (mean) => mean + (load[0] * 1000 * (untilDurable * untilDurable - (T * T) / 6)) / (2 * M),
        samples: outcomes.map(({ space }) => space.replayLogMeanBytes!),
        bias: overlap(each) * overlap(each),
        failures: failuresOf(outcomes),
      }),
    ];
  },
};

const sink: Experiment = {
  name: 'transactional-sink',
  section: '5.4',
  run(lab) {
    const [T, Cd] = [60, 5];
    const plan = loadedJob({ period_s: T, delay_s: Cd, failures: null }, 60_005, [1, 2]);
    const [outcome] = lab.runs(withMeasure(plan, { quantiles: true }), 1);
    const { quantiles, mean_us, max_us } = outcome!.latency!.sink;
    const rows = [
      [0.5, quantiles!.p50_us],
      [0.9, quantiles!.p90_us],
      [0.99, quantiles!.p99_us],
      [1, max_us],
    ] as const;
    const row = (what: string, quantile: number, value_us: number, tolerance: number): Row =>
      lab.row({
        what: `${what} of the latency, s; T ${T}, Cd ${Cd} s, no failures`,
        model: 'transactional_sink_latency_quantile',
        inputs: { checkpoint_period_s: T, checkpoint_duration_s: Cd, quantile },
        samples: [value_us / 1e6],
        tolerance,
      });
    return [
      row('mean', 0.5, mean_us, ROUNDING),
      ...rows.map(([share, value]) => row(`quantile ${share}`, share, value, 1 / 4096)),
    ];
  },
};

const pauses: Experiment = {
  name: 'pause-latency',
  section: '5.2',
  run: (lab) =>
    [
      { pause: 2, T: 60, load: [9, 10] },
      { pause: 0.5, T: 10, load: [1, 2] },
    ].map(({ pause, T, load }) => {
      const job = { period_s: T, pause_s: pause, failures: null, firstTrigger_s: T / 2 };
      const [outcome] = lab.runs(loadedJob(job, 1000 * T, [load[0]!, load[1]!]), 1);
      return lab.row({
        what: `mean latency, s; pause ${pause}, T ${T} s, load ${load.join('/')}`,
        model: 'mean_latency_from_checkpoint_pauses',
        inputs: { pause_s: pause, checkpoint_period_s: T, utilization: load[0]! / load[1]! },
        samples: [outcome!.latency!.firstOutput.mean_us / 1e6],
        tolerance: ROUNDING,
      });
    }),
};

export const RECOVERY: readonly Experiment[] = [
  single,
  randomFailures,
  logUnderFailures,
  sink,
  pauses,
  OPTIMAL_LATENCY,
];
