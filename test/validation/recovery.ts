/** Recovery of a loaded stream (models.md §5.1) and the latency that pauses and failures add (§5.2-§5.4). */
import type { FluidOutcome, FluidPlan, LatencyView } from '../../models/fluid-job/index.ts';
import { type Experiment, failuresOf, type Lab, modelled, type Row } from './experiment.ts';
import { exponential, loadedJob, micros, withMeasure } from './jobs.ts';

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

interface Loaded {
  readonly T: number;
  readonly Cd: number;
  readonly D: number;
  readonly M: number;
  readonly load: readonly [number, number];
}

/** models.md §11.7: how far overlapping failures may take a simulation from forms that know none. */
function overlap({ T, Cd, D, M, load: [input, capacity] }: Loaded): number {
  const recovery = modelled('expected_total_recovery_time', {
    checkpoint_period_s: T,
    checkpoint_duration_s: Cd,
    outage_s: D,
    utilization: input / capacity,
  });
  return (3 * (T + recovery)) / M;
}

function underFailures({ T, Cd, D, M, load }: Loaded, failures: number): FluidPlan {
  return loadedJob({ period_s: T, delay_s: Cd, failures: exponential(M), restart_s: D }, failures * M, load);
}

const randomFailures: Experiment = {
  name: 'recovery-and-latency',
  section: '5.1-5.4, 6.1',
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

/** Latency per record: pauses, and the area of a failure averaged over ages from Cd to Cd + T (quadratic in the age: Simpson). */
function meanLatency(view: 'first_output' | 'replay', T: number, fixed: typeof LATENCY): number {
  const { pause, D, M, load } = fixed;
  const area = (age: number): number =>
    modelled(`failure_latency_area_${view}_view`, {
      input_rate_per_s: load[0],
      capacity_per_s: load[1],
      checkpoint_age_s: age,
      outage_s: D,
    });
  const perFailure = (area(pause) + 4 * area(pause + T / 2) + area(pause + T)) / 6;
  const inputs = { pause_s: pause, checkpoint_period_s: T, utilization: load[0] / load[1] };
  return modelled('mean_latency_from_checkpoint_pauses', inputs) + perFailure / (load[0] * M);
}

const LATENCY = { pause: 1, D: 20, M: 20_000, load: [1, 2] } as const;

function latencySweep(
  lab: Lab,
  view: 'first_output' | 'replay',
  best: number,
  of: (outcome: FluidOutcome) => LatencyView,
): Row[] {
  const { pause, D, M, load } = LATENCY;
  const ratios = [0.25, 0.5, 1, 2, 4];
  const points = ratios.map((ratio) => {
    const T = Math.round(ratio * best * 1e6) / 1e6;
    const job = { period_s: T, pause_s: pause, failures: exponential(M), restart_s: D };
    const outcomes = lab.runs(loadedJob(job, lab.size(300, 60) * M, load));
    return { T, ratio, outcomes };
  });
  const at = `pause ${pause}, D ${D}, M ${M} s, load ${load.join('/')}`;
  const modelOf = `failure_latency_area_${view}_view`;
  const rows = points.map(({ T, ratio, outcomes }) =>
    lab.row({
      what: `mean latency at ${ratio} of the best period, s; T ${T}, ${at}`,
      model: modelOf,
      inputs: { input_rate_per_s: load[0], capacity_per_s: load[1], checkpoint_age_s: T, outage_s: D },
      of: () => meanLatency(view, T, LATENCY),
      samples: outcomes.map((outcome) => addedLatency(outcome, of)),
      bias: overlap({ T, Cd: pause, D, M, load }) + pause / (T * (1 - load[0] / load[1])),
      failures: failuresOf(outcomes),
    }),
  );
  const expected = rows.map((row) => row.expected);
  const simulated = rows.map((row) => row.simulated);
  let pairs = 0;
  let alike = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) {
      pairs++;
      if (Math.sign(expected[i]! - expected[j]!) === Math.sign(simulated[i]! - simulated[j]!)) alike++;
    }
  }
  const optimum = simulated.indexOf(Math.min(...simulated));
  return [
    ...rows,
    lab.row({
      what: `period with the least latency, of 0.25, 0.5, 1, 2, 4 times the best, s; ${at}`,
      model: `latency_optimal_interval_${view}_view`,
      inputs: optimumInputs(view),
      samples: [points[optimum]!.T],
      tolerance: 1e-6,
      failures: failuresOf(points.flatMap(({ outcomes }) => outcomes)),
    }),
    lab.row({
      what: `pairs of these periods in the order of the model, of ${pairs}; ${at}`,
      model: modelOf,
      inputs: { input_rate_per_s: 1, capacity_per_s: 2, checkpoint_age_s: 1, outage_s: 1 },
      of: () => pairs,
      samples: [alike],
    }),
  ];
}

/** Latency over records that arrived: in the replay view a record counts once, with the latencies of all its outputs. */
function addedLatency(outcome: FluidOutcome, of: (outcome: FluidOutcome) => LatencyView): number {
  return of(outcome).area_record_s / outcome.latency!.firstOutput.records;
}

function optimumInputs(view: 'first_output' | 'replay'): Readonly<Record<string, number>> {
  const { pause, D, M, load } = LATENCY;
  const utilization = load[0] / load[1];
  const common = { pause_s: pause, mtbf_s: M, utilization };
  return view === 'first_output'
    ? { ...common, outage_s: D, checkpoint_duration_s: pause }
    : { ...common, outage_s: D + pause, recovery_utilization: utilization };
}

const optimalLatency: Experiment = {
  name: 'latency-optimal-interval',
  section: '5.2',
  run: (lab) =>
    (
      [
        ['first_output', (outcome: FluidOutcome) => outcome.latency!.firstOutput],
        ['replay', (outcome: FluidOutcome) => outcome.latency!.replay],
      ] as const
    ).flatMap(([view, of]) =>
      latencySweep(lab, view, modelled(`latency_optimal_interval_${view}_view`, optimumInputs(view)), of),
    ),
};

export const RECOVERY: readonly Experiment[] = [single, randomFailures, sink, pauses, optimalLatency];
