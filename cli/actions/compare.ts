/** What `tidemark compare` does: finds the job, runs every protocol on it on worker threads, reports. */
import { availableParallelism } from 'node:os';
import {
  compareRuns,
  type ComparedJob,
  type ComparedRun,
  CONTENDERS,
  type Contender,
  NOT_SAMZAS,
  flowTwinOf,
  promiseOf,
  unfitFor,
} from '../../models/comparison/index.ts';
import { compareDocument } from '../../reports/compare-document.ts';
import { type CompareContext, compareReport } from '../../reports/compare.ts';
import { compareRows } from '../../reports/export/rows/compare-rows.ts';
import { jsonText } from '../../reports/json.ts';
import { catalog } from '../../scenarios/catalog.ts';
import { flowJobCatalog } from '../../scenarios/flow-catalog.ts';
import { renderInputErrors } from '../../scenarios/input-error.ts';
import { loadFlowJob } from '../../scenarios/load-flow.ts';
import { commandText } from '../command-text.ts';
import type { CompareArgs } from '../commands/compare.ts';
import { exitCode, type ExitCode, UsageError } from '../exit.ts';
import { readFile } from '../files.ts';
import { pathOfFlowJob } from '../flow-job-path.ts';
import { packageVersion } from '../home.ts';
import { compareOnWorkers } from '../jobs/compare-pool.ts';
import { terminalStyle, writeErr, writeOut } from '../output.ts';
import { didYouMean } from '../protocol-source.ts';
import { loadPlan } from '../scenario-source.ts';
import { whole } from '../whole-number.ts';
import { type RowFiles, rowFiles } from './row-files.ts';

const WORKERS_MAX = 64;
const REPLICATIONS_MAX = 100_000;
/** Of a Samza job, whose file does not say. */
const SAMZA_REPLICATIONS = 10;
const SAMZA_PROTOCOLS: readonly string[] = ['samza', 'samza-coordinated-timed', 'samza-coordinated-barrier'];
const CONTROL_BYTES = 32;

/** A job to be compared on, and what its file says about the comparison. */
interface Subject {
  readonly title: string;
  readonly job: ComparedJob;
  readonly protocols: readonly string[];
  readonly replications: number;
  readonly notes: readonly string[];
}

/** Compares and reports; on Ctrl-C, what is finished. */
export async function compare(args: CompareArgs): Promise<ExitCode> {
  if (args.seed === '') throw new UsageError('--seed must not be empty');
  const subject = await subjectOf(args);
  const contenders = await contendersOf(args.protocols?.split(',') ?? subject.protocols, subject.job);
  const asked = whole('replications', args.replications ?? subject.replications, { least: 1, most: REPLICATIONS_MAX });
  const first = whole('first-replication', args['first-replication'], { least: 0, most: REPLICATIONS_MAX });
  const most = Math.min(availableParallelism(), WORKERS_MAX);
  const workers = whole('workers', args.workers ?? most, { least: 1, most: WORKERS_MAX });
  const files = rowFiles(args);
  try {
    const { plan } = subject.job;
    const protocols = contenders.map(({ name }) => name);
    const runs: ComparedRun[] = [];
    const isDone = await compareOnWorkers(
      { job: subject.job, protocols },
      {
        what: `compare ${plan.name}`,
        workers,
        from: first,
        to: first + asked,
        onRun: (run) => runs.push(run),
      },
    );
    const replications = Math.floor(runs.length / protocols.length);
    const ofWhole = runs.slice(0, replications * protocols.length);
    const context: CompareContext = {
      version: packageVersion(),
      scenario: plan.name,
      seed: plan.seed,
      horizonMicros: plan.horizonMicros,
      title: subject.title,
      sink: plan.sink,
      first,
      replications,
      asked,
      promises: contenders.map((contender) => promiseOf(contender, plan)),
      notes: notesOf(protocols, subject),
      command: commandOf(args, protocols, { first, count: asked }),
    };
    if (replications > 0) await report(ofWhole, { args, protocols, context, files });
    if (isDone) return exitCode.done;
    const rest = { first: first + replications, count: asked - replications };
    writeErr(
      `interrupted after ${replications} of ${asked} replications\n   to go on: ${commandOf(args, protocols, rest)}\n`,
    );
    return exitCode.interrupted;
  } finally {
    files.drop();
  }
}

interface Reporting {
  readonly args: CompareArgs;
  readonly protocols: readonly string[];
  readonly context: CompareContext;
  readonly files: RowFiles;
}

/** The runs of whole replications: files first, then stdout. */
async function report(runs: readonly ComparedRun[], { args, protocols, context, files }: Reporting): Promise<void> {
  await files.write(compareRows(runs, context), context.command);
  const compared = compareRuns(runs, protocols);
  if (args.json) writeOut(jsonText(compareDocument(compared, context)));
  else writeOut(compareReport(compared, context, terminalStyle(process.stdout)));
}

function notesOf(protocols: readonly string[], { job, notes }: Subject): readonly string[] {
  const onCycle =
    job.plan.hops > 0
      ? ['on a cycle a record owes no fixed number of outputs: latency, duplicated and lost are not counted']
      : [];
  const withoutCheckpoints = protocols.includes('none')
    ? ['none: no checkpoints; sinks show outputs at once, and a restart begins at the beginning']
    : [];
  if (!protocols.includes('samza')) return [...withoutCheckpoints, ...onCycle, ...notes];
  const missing = NOT_SAMZAS.map(({ what, why }) => `samza has no ${what}: ${why}`);
  const draws =
    'samza draws from streams of its own: pairs with it share a replication and the planned faults, no more';
  return [...withoutCheckpoints, ...notes, ...missing, draws];
}

async function subjectOf(args: CompareArgs): Promise<Subject> {
  const path = await pathOfFlowJob(args.scenario);
  if (path === null) return samzaSubject(args);
  const sets = [...args.set, ...(args.seed === undefined ? [] : [`seed=${JSON.stringify(args.seed)}`])];
  const loaded = loadFlowJob({ path, text: readFile(path) }, sets);
  if (loaded.kind === 'errors') throw new UsageError(renderInputErrors(loaded.errors));
  const { title, plan, controlBytes, protocols, replications } = loaded.scenario;
  return { title, job: { plan, controlBytes, samza: null }, protocols, replications, notes: [] };
}

async function samzaSubject(args: CompareArgs): Promise<Subject> {
  const isWord = !/[/\\]|\.(ya?ml|properties)$/i.test(args.scenario);
  if (isWord && !catalog.some(({ name }) => name === args.scenario)) {
    const names = [...flowJobCatalog, ...catalog].map(({ name }) => name);
    throw new UsageError(
      `there is no scenario "${args.scenario}" to compare on${await didYouMean(args.scenario, names)}\n   remedy: dataflow jobs are ${flowJobCatalog.map(({ name }) => name).join(', ')}`,
    );
  }
  const overrides = { set: args.set, seed: args.seed, ties: undefined, horizonSeconds: undefined };
  const { plan: samza } = await loadPlan(args.scenario, overrides);
  const { plan, tasks, notes } = flowTwinOf(samza);
  return {
    title: samza.title,
    job: { plan, controlBytes: CONTROL_BYTES, samza: { plan: samza, tasks } },
    protocols: SAMZA_PROTOCOLS,
    replications: SAMZA_REPLICATIONS,
    notes,
  };
}

async function contendersOf(names: readonly string[], job: ComparedJob): Promise<readonly Contender[]> {
  const known = CONTENDERS.map(({ name }) => name);
  const contenders: Contender[] = [];
  for (const name of names.map((each) => each.trim())) {
    const contender = CONTENDERS.find((each) => each.name === name);
    if (contender === undefined) {
      const near = await didYouMean(name, known);
      throw new UsageError(`--protocols: there is no "${name}"${near}\n   remedy: one or more of ${known.join(', ')}`);
    }
    if (contenders.includes(contender)) throw new UsageError(`--protocols: ${name} is named twice`);
    const why = unfitFor(contender, job);
    if (why !== null) throw new UsageError(`--protocols: ${name} ${why}; ${job.plan.name} is no job for it`);
    contenders.push(contender);
  }
  return contenders;
}

/** Without the number of workers, which changes nothing. */
function commandOf(
  args: CompareArgs,
  protocols: readonly string[],
  replications: { readonly first: number; readonly count: number },
): string {
  return commandText([
    'compare',
    args.scenario,
    '--protocols',
    protocols.join(','),
    '--replications',
    String(replications.count),
    ...(replications.first === 0 ? [] : ['--first-replication', String(replications.first)]),
    ...(args.seed === undefined ? [] : ['--seed', args.seed]),
    ...args.set.flatMap((each) => ['--set', each]),
    ...(args.ndjson === undefined ? [] : ['--ndjson', args.ndjson]),
    ...(args.parquet === undefined ? [] : ['--parquet', args.parquet]),
    ...(args.json ? ['--json'] : []),
  ]);
}
