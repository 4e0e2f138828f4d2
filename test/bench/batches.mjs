// One simulated day of a job of 100 tasks at 10^6 records a second, a checkpoint each minute, 20 failures: the same in batches
// and in batches a hundred times finer. Prints a JSON line for each, and one with the relative differences.
//
// Run from the compiled program: `npm run build`, then `node test/bench/batches.mjs [BATCH_MILLIS [SECONDS]]`: how long a batch
// of the coarse run takes to arrive (divisible by 100 in records), and how long the day is.
import { runFlowJob } from '../../dist/models/flow-job/run.js';
import { flinkAligned } from '../../dist/models/protocols/flink-aligned.js';
import { forwardGraph, forwardPlan } from './forward-pipelines.mjs';

const PIPELINES = 25;
const FAILURES = 20;
const MICROS_PER_RECORD = PIPELINES; // of one source: all together read a million a second
const FINER = 100;

const [batchMillis = 700, seconds = 86_400] = process.argv.slice(2).map(Number);

/** The same twenty crashes at whatever granularity, at times and tasks that have nothing to do with each other. */
function crashes() {
  const apart = (seconds * 1e6) / FAILURES;
  return Array.from({ length: FAILURES }, (_, i) => ({
    target: (i * 37) % (PIPELINES * 4),
    atMicros: Math.round((i + 0.2 + 0.5 * ((i * 0.618034) % 1)) * apart),
  }));
}

function run(batchRecords) {
  const graph = forwardGraph(PIPELINES, { length: 4, serviceMicros: 15, stateBytes: 200_000_000 });
  const usual = forwardPlan(graph, {});
  const plan = {
    ...usual,
    horizonMicros: seconds * 1_000_000,
    capacity: 400_000,
    load: {
      records: Math.ceil((seconds * 1e6) / MICROS_PER_RECORD / batchRecords + 1) * batchRecords,
      intervalMicros: MICROS_PER_RECORD,
      arrivals: 'regular',
      batchRecords,
    },
    costs: {
      ...usual.costs,
      channelDelay: { kind: 'constant', micros: 5_000 },
      detectionMicros: 10_000_000,
      restartMicros: 20_000_000,
    },
    checkpoints: { ...usual.checkpoints, intervalMicros: 60_000_000 },
    faults: { ...usual.faults, crashes: crashes() },
  };
  const before = process.cpuUsage();
  const outcome = runFlowJob(plan, flinkAligned);
  const { user, system } = process.cpuUsage(before);
  const recovered = outcome.recoveries.filter(({ downtime_us, catchup_us }) => downtime_us >= 0 && catchup_us >= 0);
  const mean = (of) => recovered.reduce((sum, each) => sum + of(each), 0) / recovered.length;
  const { output_latency: latency } = outcome;
  return {
    batch_records: batchRecords,
    events: outcome.events,
    cpu_s: (user + system) / 1e6,
    recoveries: recovered.length,
    checkpoints: outcome.checkpoints.filter(({ status }) => status === 'completed').length,
    downtime_s: mean(({ downtime_us }) => downtime_us / 1e6),
    catchup_s: mean(({ catchup_us }) => catchup_us / 1e6),
    replayed_records: mean(({ replayed_records }) => replayed_records),
    reread: outcome.records.reread,
    duplicated: outcome.records.duplicated,
    latency_mean_s: latency.mean_us / 1e6,
    latency_p50_s: latency.p50_us / 1e6,
    latency_p99_s: latency.p99_us / 1e6,
    latency_max_s: latency.max_us / 1e6,
  };
}

const compared = ['checkpoints', 'recoveries', 'downtime_s', 'catchup_s', 'replayed_records', 'reread', 'duplicated'];
compared.push('latency_mean_s', 'latency_p50_s', 'latency_p99_s', 'latency_max_s');

const records = Math.max(1, Math.round((batchMillis * 1_000) / MICROS_PER_RECORD / FINER)) * FINER;
const print = (values) => process.stdout.write(`${JSON.stringify({ bench: 'batches', ...values })}\n`);
const coarse = run(records);
print(coarse);
const fine = run(records / FINER);
print(fine);
const differences = compared.map((name) => [name, Number((coarse[name] / fine[name] - 1).toPrecision(3))]);
print({ differences: Object.fromEntries(differences) });
