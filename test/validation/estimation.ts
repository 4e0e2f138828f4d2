/** What it costs not to know (models.md §6.4), how long a simulation must be (§9), and money (§6.5). */
import { money, type FluidOutcome, type FluidPlan, type Prices, simulateFluid } from '../../models/fluid-job/index.ts';
import { Moments, randomStreams } from '../../sim/index.ts';
import { type Experiment, failuresOf, type Lab, modelled, REPLICATIONS } from './experiment.ts';
import { exponential, loadedJob, saturatedJob, withMeasure } from './jobs.ts';

const ewma: Experiment = {
  name: 'ewma',
  section: '6.4',
  run: (lab) =>
    [0.1, 0.25, 0.5].map((alpha) =>
      lab.row({
        what: `standard deviation of the average over that of its input; alpha ${alpha}`,
        model: 'ewma_stationary_std_ratio',
        inputs: { smoothing_factor: alpha },
        samples: Array.from({ length: REPLICATIONS }, (_, replication) => {
          const stream = randomStreams(lab.seed, replication)('input');
          const [input, smoothed] = [new Moments(), new Moments()];
          let average = 1;
          for (let i = 0; i < lab.size(50_000, 5_000); i++) {
            const x = stream.exponential(1);
            average += alpha * (x - average);
            if (i < 200) continue; // the start is forgotten by 0.9^200
            input.add(x);
            smoothed.add(average);
          }
          return Math.sqrt(smoothed.variance / input.variance);
        }),
      }),
    ),
};

/** Gaps between the failures that a run saw. */
function gapsOf({ recoveries }: FluidOutcome): number[] {
  return recoveries.list.slice(1).map(({ failedAt_us }, i) => failedAt_us - recoveries.list[i]!.failedAt_us);
}

const estimatedMtbf: Experiment = {
  name: 'estimated-mtbf',
  section: '6.4',
  run(lab) {
    const M = 1000;
    const plan = withMeasure(saturatedJob({ period_s: 100, failures: exponential(M) }, lab.size(20_000, 3_000) * M), {
      recoveriesMax: 1e6,
    });
    const outcomes = lab.runs(plan);
    return [1, 2, 5, 10].map((count) =>
      lab.row({
        what: `overhead with M from ${count} gaps, over the least`,
        model: 'mtbf_estimation_overhead_factor',
        inputs: { observed_failure_count: count },
        samples: outcomes.map((outcome) => {
          const gaps = gapsOf(outcome);
          const factors = new Moments();
          for (let from = 0; from + count <= gaps.length; from += count) {
            const estimate = gaps.slice(from, from + count).reduce((sum, gap) => sum + gap, 0) / count;
            const ratio = Math.sqrt(estimate / (M * 1e6));
            factors.add(modelled('interval_misestimation_overhead_factor', { interval_ratio_to_optimum: ratio }));
          }
          return factors.mean;
        }),
        failures: failuresOf(outcomes),
      }),
    );
  },
};

const misestimated: Experiment = {
  name: 'misestimated-interval',
  section: '6.4',
  run(lab) {
    const [C, M] = [0.5, 36_000];
    const best = modelled('young_compute_interval', { checkpoint_cost_s: C, mtbf_s: M });
    const at = (ratio: number): FluidOutcome[] =>
      lab.runs(
        saturatedJob({ period_s: ratio * best, pause_s: C, failures: exponential(M) }, lab.size(2_000, 300) * M),
      );
    const least = at(1);
    return [0.5, 1.5, 2, 4].map((ratio) => {
      const outcomes = at(ratio);
      return lab.row({
        what: `overhead at ${ratio} of the best interval, over the least; C ${C}, M ${M} s`,
        model: 'interval_misestimation_overhead_factor',
        inputs: { interval_ratio_to_optimum: ratio },
        samples: outcomes.map(({ utilization }, i) => (1 / utilization - 1) / (1 / least[i]!.utilization - 1)),
        bias: (3 * ratio * best) / M,
        failures: failuresOf(outcomes),
      });
    });
  },
};

const runLength: Experiment = {
  name: 'run-length',
  section: '9',
  finding:
    'The form is of first order and too large by a share of the order of (T + R) / M: some failures strike in a recovery and lose less.',
  run(lab) {
    const [T, R, M] = [60, 30, 3600];
    const failures = 200;
    const perBatch = lab.size(400, 25);
    const samples = Array.from({ length: REPLICATIONS }, (_, batch) => {
      const utilizations = new Moments();
      for (let i = 0; i < perBatch; i++) {
        const plan = saturatedJob({ period_s: T, failures: exponential(M), restart_s: R }, failures * M);
        utilizations.add(simulateFluid(plan, lab.seed, batch * perBatch + i).utilization);
      }
      return Math.sqrt(utilizations.variance);
    });
    return [
      lab.row({
        what: `standard deviation of the utilization of runs with ${failures} failures; T ${T}, R ${R}, M ${M} s`,
        model: 'waste_estimate_standard_error',
        inputs: { period_s: T, recovery_s: R, mtbf_s: M, simulated_time_s: failures * M },
        samples,
        // Small waste; and the root of a variance from n values is too small by 1/(4n).
        bias: (T + R) / M + 1 / (4 * perBatch),
        failures: failures * perBatch * REPLICATIONS,
      }),
    ];
  },
};

const PRICES: Prices = {
  cores: 16,
  coreHourUsd: 0.04,
  putUsd: 5e-6,
  getUsd: 4e-7,
  transferUsdPerGb: 0.01,
  storageUsdPerGbMonth: 0.023,
};

const BILL = { C: 0.2, bytes: 1e8, objects: 50, perRestore: 60, kept: 3, M: 43_200, D: 60, load: [1, 2] } as const;

function billed(T: number, months: number): FluidPlan {
  const { C, bytes, objects, perRestore, kept, M, D, load } = BILL;
  const plan = loadedJob({ period_s: T, pause_s: C, failures: exponential(M), restart_s: D }, months * 2_592_000, load);
  return withMeasure(
    { ...plan, snapshot: { kind: 'full', stateBytes: bytes } },
    { objectsPerCheckpoint: objects, objectsPerRestore: perRestore, retainedSnapshots: kept },
  );
}

const common = {
  blocking_cost_s: BILL.C,
  bytes_per_checkpoint: BILL.bytes,
  objects_per_checkpoint: BILL.objects,
  mtbf_s: BILL.M,
  utilization: BILL.load[0] / BILL.load[1],
  cores: PRICES.cores,
  core_hour_price_usd: PRICES.coreHourUsd,
  put_price_usd: PRICES.putUsd,
  transfer_price_usd_per_gb: PRICES.transferUsdPerGb,
  storage_price_usd_per_gb_month: PRICES.storageUsdPerGbMonth,
};

const bill: Experiment = {
  name: 'money',
  section: '6.5',
  finding:
    'Simulated months are cheaper by about (D + T/2) / M of the checkpoints: none is taken in an outage, and the first after it a whole period later.',
  run(lab: Lab) {
    const { C, bytes, kept, M, D, load, perRestore } = BILL;
    const utilization = load[0] / load[1];
    const T = 300;
    const months = lab.size(50, 4);
    const outcomes = lab.runs(billed(T, months));
    const recovery = (D + utilization * (T / 2 + C)) / (1 - utilization);
    const ingest_bytes_per_s = load[0] * 1000;
    const optimum = { ...common, ingest_bytes_per_s };
    const best = modelled('cost_optimal_checkpoint_period', optimum);
    const runs = Array.from({ length: 15 }, (_, i) => {
      const period = Math.round(1e6 * best * Math.pow(1.15, i - 7)) / 1e6;
      const cost = money(simulateFluid(billed(period, 20 * months), lab.seed), PRICES);
      return { period, usd: cost.totalUsd - cost.snapshotsUsd };
    });
    const found = runs.reduce((a, b) => (b.usd < a.usd ? b : a));
    return [
      lab.row({
        what: `money per month, USD; T ${T}, M ${M} s`,
        model: 'cloud_monthly_cost',
        inputs: {
          ...common,
          checkpoint_period_s: T,
          retained_bytes: kept * bytes,
          outage_s: D,
          checkpoint_duration_s: C,
          get_price_usd: PRICES.getUsd,
          objects_per_restore: perRestore,
        },
        // The form has no replay log.
        samples: outcomes.map((outcome) => {
          const cost = money(outcome, PRICES);
          return (cost.totalUsd - cost.replayLogUsd) / months;
        }),
        bias: (3 * (T + recovery)) / M,
        failures: failuresOf(outcomes),
      }),
      lab.row({
        what: 'period with the least cost of checkpoints, replay and log, of 15 in steps of 1.15, s',
        model: 'cost_optimal_checkpoint_period',
        inputs: optimum,
        samples: [found.period],
        tolerance: 0.2,
      }),
    ];
  },
};

export const ESTIMATION: readonly Experiment[] = [ewma, estimatedMtbf, misestimated, runLength, bill];
