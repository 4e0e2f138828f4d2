// The pipeline of the reference programs (workload D) through the real protocol code: sources, maps and sinks, all to all, a
// thousand records a second and source, an aligned checkpoint each second, all digests and ledgers on. What is counted are
// records read and processed: a message between two tasks is one event of the reference programs, whatever ours needs.
//
//   as-is            digests and ledgers on, as in every run
//   no-digests       the same, without what feeds the digests
//   long-delays      delays long against the gap: long alignment, thousands of records in flight
//   unaligned        under `flink-unaligned`
//   no-trace         the program without the places at which a trace may be asked for
//   traced           every event described
//   laws             every event described, and the laws Q1 and Q2 asked of it
//
// Run from the compiled program: `npm run build`, then `node test/bench/flow-job.mjs as-is`.
import { medianRate, print } from './measure.mjs';
import { checkEmpty, programWithout } from './program-without.mjs';

const [variant = 'as-is'] = process.argv.slice(2);
const WITHOUT = { 'no-trace': 'trace', 'no-digests': 'digests' };
const program = variant in WITHOUT ? programWithout(WITHOUT[variant]) : new URL('../../dist/', import.meta.url);
const load = async (path) => import(new URL(path, program).href);
const { DEFAULT_COSTS, NO_FAULTS, pipelineGraph, PROTOCOLS, RESTART_AT_ONCE, runFlowJob } =
  await load('models/index.js');
const { BudgetWatch } = await load('models/flow-job/laws/q1-budget.js');
const { RollingDigest } = await load('sim/digest.js');
const { DefinitionWatch } = await load('models/flow-job/laws/q2-definition.js');

/** As often as the reference programs run it. */
const REPEATS = 7;

function plan({ parallelism = 8, meanMicros = 5_000, seconds = 100 } = {}) {
  const stage = { parallelism };
  return {
    name: 'pipeline',
    seed: 'pipeline',
    replication: 0,
    horizonMicros: seconds * 1_000_000,
    ...pipelineGraph([stage, stage, stage]),
    capacity: 2 ** 30,
    routing: 'keyed',
    hops: 0,
    sink: 'plain',
    load: { records: 2 ** 31 - 1, intervalMicros: 1_000, arrivals: 'poisson' },
    costs: { ...DEFAULT_COSTS, channelDelay: { kind: 'exponential', leastMicros: 1_000, meanMicros } },
    checkpoints: {
      intervalMicros: 1_000_000,
      timeoutMicros: 10_000_000,
      minPauseMicros: 0,
      maxConcurrent: 1,
      alignedTimeoutMicros: 20_000,
      tolerableFailures: null,
    },
    restart: RESTART_AT_ONCE,
    faults: NO_FAULTS,
  };
}

const SHORT = 'P=8 rate=1000 mean=0.005';

const variants = {
  'as-is': () => measure(SHORT, plan()),
  'no-trace': () => measure(SHORT, plan()),
  'no-digests': () =>
    measure(SHORT, plan(), { after: ({ digests }) => checkEmpty(digests, new RollingDigest().hex()) }),
  'long-delays': () => measure('P=8 rate=1000 mean=0.5', plan({ meanMicros: 500_000 })),
  unaligned: () => measure(SHORT, plan(), { protocol: 'flink-unaligned' }),
  traced: () => measure(SHORT, plan(), { watch: countEntries }),
  laws: () => measure(SHORT, plan(), { watch: askLaws }),
};

const unwatched = () => ({ options: {}, close: () => {} });

function measure(name, of, { protocol = 'flink-aligned', watch = unwatched, after = () => {} } = {}) {
  let digests;
  const run = () => {
    const { options, close } = watch(of);
    const outcome = runFlowJob(of, PROTOCOLS[protocol], options);
    close(outcome);
    after(outcome);
    digests = outcome.digests;
    return outcome.records.read + outcome.records.processed;
  };
  const mops = medianRate(REPEATS, run);
  return { name, mops, facts: digests };
}

function countEntries() {
  let entries = 0;
  const close = () => {
    if (entries === 0) throw new Error('nothing was described');
  };
  return { options: { onTrace: () => void entries++ }, close };
}

/** The laws that can be asked while a run goes on, of every entry. */
function askLaws(of) {
  const [budget, definitions] = [new BudgetWatch(of.tasks.length), new DefinitionWatch(of)];
  const onTrace = (entry) => {
    budget.add(entry);
    definitions.add(entry);
  };
  const close = (outcome) => {
    const breach = budget.close(outcome) ?? definitions.close(outcome);
    if (breach !== null) throw new Error(`${breach.law} is broken: ${JSON.stringify(breach.facts)}`);
  };
  return { options: { onTrace, recordIds: false }, close };
}

const { name, mops, facts } = variants[variant]();
print('flow-job', { impl: `tidemark-${variant}`, name, mops }, facts);
