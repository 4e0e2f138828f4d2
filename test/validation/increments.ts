/** Checkpoints that write what changed (models.md §6.2, §6.3): chains of increments, dirty bytes, changelogs. */
import { type FluidPlan, simulateFluid, type Snapshot } from '../../models/fluid-job/index.ts';
import { randomStreams } from '../../sim/index.ts';
import { type Experiment, failuresOf, type Lab, modelled, REPLICATIONS } from './experiment.ts';
import { constant, exponential, LOAD, loadedJob, micros, peacefulJob } from './jobs.ts';

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

export const INCREMENTS: readonly Experiment[] = [chains, dirty, changelog];
