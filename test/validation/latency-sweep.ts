/** The period with the least latency (models.md §5.2): a sweep around it in each view, with the mean at each point. */
import type { FluidOutcome, LatencyView } from '../../models/fluid-job/index.ts';
import { type Experiment, failuresOf, type Lab, modelled, type Row } from './experiment.ts';
import { exponential, loadedJob } from './jobs.ts';
import { overlap } from './overlap.ts';

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
    const outcomes = lab.runs(loadedJob(job, lab.size(300, 30) * M, load));
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

export const OPTIMAL_LATENCY: Experiment = {
  name: 'latency-optimal-interval',
  section: '5.2',
  finding:
    'Short periods show 1 to 2.5 % more latency than the form: their pauses slow the catching up, which the form leaves out. ' +
    'The band that models.md §5.2 gives for it, pause / (T (1 - rho)), is ten times as wide as the effect, so these rows are weak; ' +
    'the order of the periods and the place of the least are not.',
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
