/** What is kept so that a failure can be undone (models.md §6.1): logs, snapshots, histories. */
import { fitPowerLaw, type FluidOutcome, simulateFluid } from '../../models/fluid-job/index.ts';
import { type Experiment, modelled, type Row } from './experiment.ts';
import { INCREMENTS } from './increments.ts';
import { LOAD, micros, peacefulJob } from './jobs.ts';

const INGEST = LOAD[0] * 1000;

const retention: Experiment = {
  name: 'log-retention',
  section: '6.1',
  run(lab) {
    const [T, Cd] = [600, 30];
    const snapshot = { kind: 'full', stateBytes: 1e8 } as const;
    const [outcome] = lab.runs(peacefulJob({ T, Cd, length_s: 1_000 * T, snapshot, measure: {} }), 1);
    const inputs = { ingest_bytes_per_s: INGEST, checkpoint_period_s: T, checkpoint_duration_s: Cd };
    const row = (what: string, model: string, sample: number, tolerance: number): Row =>
      lab.row({ what: `${what}, bytes; T ${T}, Cd ${Cd} s`, model, inputs, samples: [sample], tolerance });
    return [
      row('replay log', 'log_retention_mean_bytes', outcome!.space.replayLogMeanBytes!, 1e-3),
      row('peak of the replay log', 'log_retention_peak_bytes', outcome!.space.replayLogPeakBytes!, 1e-9),
    ];
  },
};

const slopes: Experiment = {
  name: 'space-against-period',
  section: '6.1',
  run(lab) {
    const [Cd, H, S] = [0.1, 21_600, 1e9];
    const periods = [10, 20, 40, 80, 160, 320, 640];
    const outcomes = periods.map((T) => {
      const snapshot = { kind: 'full', stateBytes: S } as const;
      const measure = { historyMicros: micros(H), retainedSnapshots: 3 };
      return simulateFluid(peacefulJob({ T, Cd, length_s: 500 * H, snapshot, measure }), lab.seed);
    });
    const history = { state_bytes: S, retention_horizon_s: H };
    const log = { ingest_bytes_per_s: INGEST, checkpoint_duration_s: Cd };
    const slope = (
      what: string,
      model: string,
      fixed: Readonly<Record<string, number>>,
      of: (outcome: FluidOutcome) => number,
    ): Row[] => {
      const fit = fitPowerLaw(periods.map((T, i) => [T, of(outcomes[i]!)] as const));
      const inputs = { ...fixed, checkpoint_period_s: periods[0]! };
      const expected = fitPowerLaw(
        periods.map((T) => [T, modelled(model, { ...fixed, checkpoint_period_s: T })] as const),
      );
      const at = `T ${periods[0]} to ${periods.at(-1)} s`;
      return [
        lab.row({
          what: `exponent of ${what} against the period; ${at}`,
          model,
          inputs,
          of: () => expected.exponent,
          samples: [fit.exponent],
          tolerance: 0.01,
        }),
        lab.row({
          what: `R2 of that fit; ${at}`,
          model,
          inputs,
          of: () => expected.rSquared,
          samples: [fit.rSquared],
          tolerance: 0.001,
        }),
      ];
    };
    const kept = outcomes.map(({ space }) => space.retainedMeanBytes / (3 * S));
    return [
      ...slope('the replay log', 'log_retention_mean_bytes', log, ({ space }) => space.replayLogMeanBytes!),
      ...slope('the history', 'retained_full_snapshot_bytes', history, ({ space }) => space.historyMeanBytes),
      ...slope('what is written', 'retained_full_snapshot_bytes', history, ({ io }) => io.writtenBytes),
      lab.row({
        what: `the last 3 snapshots over 3 S, the farthest from 1 of all periods; ${periods[0]} to ${periods.at(-1)} s`,
        model: 'retained_full_snapshot_bytes',
        inputs: { ...history, checkpoint_period_s: 1 },
        of: () => 1,
        samples: [kept.reduce((a, b) => (Math.abs(b - 1) > Math.abs(a - 1) ? b : a))],
        tolerance: 1e-3,
      }),
    ];
  },
};

const leastSpace: Experiment = {
  name: 'least-space',
  section: '6.1',
  run(lab) {
    const [S, H] = [1e8, 6000];
    const inputs = { state_bytes: S, retention_horizon_s: H, ingest_bytes_per_s: INGEST };
    const best = modelled('space_minimizing_checkpoint_period', inputs);
    const snapshot = { kind: 'full', stateBytes: S } as const;
    const runs = Array.from({ length: 41 }, (_, i) => {
      const T = best * Math.pow(2, (i - 20) / 20);
      const plan = peacefulJob({ T, Cd: 0, length_s: 2_000 * H, snapshot, measure: { historyMicros: micros(H) } });
      const { space } = simulateFluid(plan, lab.seed);
      return { T, bytes: space.historyMeanBytes + space.replayLogMeanBytes! };
    });
    const found = runs.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    return [
      lab.row({
        what: 'period with the least history and log together, of 41 from half to twice the stated one, s',
        model: 'space_minimizing_checkpoint_period',
        inputs,
        samples: [found.T],
        tolerance: 0.05,
      }),
    ];
  },
};

export const SPACE: readonly Experiment[] = [retention, slopes, leastSpace, ...INCREMENTS];
