/** What is kept so that a failure can be undone (models.md §6.1-§6.3): logs, snapshots, chains, changelogs. */
import {
  fitPowerLaw,
  type FluidOutcome,
  type FluidPlan,
  type Measure,
  simulateFluid,
  type Snapshot,
} from '../../models/fluid-job/index.ts';
import { randomStreams } from '../../sim/index.ts';
import { type Experiment, failuresOf, type Lab, modelled, REPLICATIONS, type Row } from './experiment.ts';
import { constant, exponential, loadedJob, micros, withMeasure } from './jobs.ts';

const LOAD = [1000, 2000] as const;
const INGEST = LOAD[0] * 1000;

interface Kept {
  readonly T: number;
  readonly Cd: number;
  readonly length_s: number;
  readonly snapshot: Snapshot;
  readonly measure: Partial<Measure>;
}

function peacefulJob({ T, Cd, length_s, snapshot, measure }: Kept): FluidPlan {
  return withMeasure({ ...loadedJob({ period_s: T, delay_s: Cd, failures: null }, length_s, LOAD), snapshot }, measure);
}

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

const CHAIN = { S: 1e9, delta: 3e7, T: 60, M: 6000, w: 1, r: 1 } as const;

function chainPlan(lab: Lab, length: number): FluidPlan {
  const { S, delta, T, M } = CHAIN;
  const failures = lab.size(3_000, 250);
  return {
    ...loadedJob({ period_s: T, failures: exponential(M), restart_s: 10 }, failures * M, LOAD),
    snapshot: { kind: 'chain', stateBytes: S, delta: { kind: 'constant', bytes: delta }, length },
  };
}

const chains: Experiment = {
  name: 'chains',
  section: '6.2',
  run(lab) {
    const { S, delta, T, M, w, r } = CHAIN;
    const inputs = { state_bytes: S, delta_bytes: delta };
    const rows = [1, 4, 20, 80].flatMap((length) => {
      const outcomes = lab.runs(chainPlan(lab, length));
      const failures = failuresOf(outcomes);
      const at = `S ${S}, delta ${delta}, K ${length}`;
      return [
        lab.row({
          what: `bytes read per restore; ${at}`,
          model: 'chain_mean_bytes_read_on_restore',
          inputs: { ...inputs, chain_length: length },
          samples: outcomes.map(({ recoveries }) => recoveries.readBytes.mean),
          failures,
          // A failure before the first checkpoint reads nothing; one restore in as many as there are failures.
          bias: REPLICATIONS / failures,
        }),
        lab.row({
          what: `bytes written per checkpoint; ${at}`,
          model: 'chain_mean_bytes_written_per_checkpoint',
          inputs: { ...inputs, chain_length: length },
          samples: [
            outcomes.reduce((all, { io }) => all + io.writtenBytes, 0) /
              outcomes.reduce((all, { checkpoints }) => all + checkpoints.completed, 0),
          ],
          // The last chain of a run is not complete.
          tolerance:
            (REPLICATIONS * length) / outcomes.reduce((all, { checkpoints }) => all + checkpoints.completed, 0),
          failures,
        }),
      ];
    });
    const best = { ...inputs, checkpoint_period_s: T, mtbf_s: M, write_cost_per_byte: w, read_cost_per_byte: r };
    const optimum = modelled('optimal_full_snapshot_chain_length', best);
    const step = 1.25;
    const costs = Array.from({ length: 13 }, (_, i) => {
      const length = Math.round(optimum * Math.pow(step, i - 6));
      const { io } = simulateFluid(chainPlan(lab, length), lab.seed);
      return { length, cost: w * io.writtenBytes + r * io.readBytes };
    });
    const found = costs.reduce((a, b) => (b.cost < a.cost ? b : a));
    return [
      ...rows,
      lab.row({
        what: `chain with the least cost, of 13 in steps of ${step}, checkpoints; T ${T}, M ${M} s`,
        model: 'optimal_full_snapshot_chain_length',
        inputs: best,
        samples: [found.length],
        tolerance: step - 1,
        failures: lab.size(3_000, 250) * costs.length,
      }),
    ];
  },
};

/** Entries touched by updates that fall on them at random, counted one by one. */
const dirty: Experiment = {
  name: 'dirty-bytes',
  section: '6.2',
  run: (lab) =>
    [0.05, 0.5, 3].map((updatesPerEntry) => {
      const [entries, entryBytes, interval_s] = [2_000, 100, 10];
      const updates_per_s = (updatesPerEntry * entries) / interval_s;
      const samples = Array.from({ length: REPLICATIONS }, (_, replication) => {
        const stream = randomStreams(lab.seed, replication)('updates');
        let bytes = 0;
        const rounds = lab.size(100, 20);
        for (let round = 0; round < rounds; round++) {
          const touched = new Set<number>();
          for (let at = stream.exponential(1 / updates_per_s); at < interval_s;) {
            touched.add(stream.int(entries));
            at += stream.exponential(1 / updates_per_s);
          }
          bytes += touched.size * entryBytes;
        }
        return bytes / rounds;
      });
      return lab.row({
        what: `bytes touched; ${updatesPerEntry} updates per entry`,
        model: 'dirty_bytes_uniform_updates',
        inputs: { state_bytes: entries * entryBytes, entry_bytes: entryBytes, updates_per_s, interval_s },
        samples,
      });
    }),
};

const CHANGELOG = { S: 3e9, g: 3e6, m: 20 } as const;

const changelogOf = (period_s: number, m: number): Snapshot => ({
  kind: 'changelog',
  stateBytes: CHANGELOG.S,
  logBytesPerSecond: CHANGELOG.g,
  materializationPeriodMicros: micros(period_s),
  materializationMicros: micros(m),
});

const changelog: Experiment = {
  name: 'changelog',
  section: '6.3',
  run(lab) {
    const { S, g, m } = CHANGELOG;
    const job = (P: number, duration: number, length_s: number): FluidPlan =>
      peacefulJob({ T: 5, Cd: 1, length_s, snapshot: changelogOf(P, duration), measure: {} });
    const [peaceful] = lab.runs(job(180, m, 1_000 * 180), 1);
    // One failure, 100 s after a materialisation began: the log behind the snapshot is 100 s of changes.
    const failing = job(180, m, 10_000);
    const [restored] = lab.runs(
      {
        ...failing,
        failures: [{ name: 'node', law: { kind: 'at', micros: [micros(180 * 20 + 100)] }, level: 1 }],
        recovery: {
          ...failing.recovery,
          restart: constant(8),
          readBytesPerSecond: 1e9,
          replayBytesPerSecond: 2e7,
        },
      },
      1,
    );
    const costs = { state_bytes: S, log_bytes_per_s: g, write_cost_per_byte: 3, hold_cost_per_byte_s: 0.02 };
    const best = modelled('changelog_optimal_materialization_period', costs);
    const step = 1.1;
    const runs = Array.from({ length: 15 }, (_, i) => {
      const P = best * Math.pow(step, i - 7);
      const length_s = 400 * P;
      const { space, io } = simulateFluid(job(P, 0, length_s), lab.seed);
      // The log itself is written whatever the period.
      const materialised = io.writtenBytes - g * length_s;
      return { P, cost: (3 * materialised) / length_s + 0.02 * space.changelogMeanBytes! };
    });
    const found = runs.reduce((a, b) => (b.cost < a.cost ? b : a));
    return [
      lab.row({
        what: 'snapshot and log alive, bytes; P 180, m 20 s',
        model: 'changelog_mean_live_bytes',
        inputs: {
          state_bytes: S,
          log_bytes_per_s: g,
          materialization_period_s: 180,
          materialization_duration_s: m,
        },
        samples: [peaceful!.space.changelogMeanBytes!],
        tolerance: 1e-3,
      }),
      lab.row({
        what: 'outage of one failure, s; 100 s of log behind the snapshot',
        model: 'changelog_restore_time',
        inputs: {
          restart_s: 8,
          state_bytes: S,
          read_bytes_per_s: 1e9,
          log_bytes_to_replay: 100 * g,
          replay_bytes_per_s: 2e7,
        },
        samples: [restored!.recoveries.outage_us.mean / 1e6],
        tolerance: 1e-6,
        failures: 1,
      }),
      lab.row({
        what: `period of materialisation with the least cost, of 15 in steps of ${step}, s`,
        model: 'changelog_optimal_materialization_period',
        inputs: costs,
        samples: [found.P],
        tolerance: step - 1,
      }),
    ];
  },
};

export const SPACE: readonly Experiment[] = [retention, slopes, leastSpace, chains, dirty, changelog];
