/** What `tidemark tune` does: the job, the search on worker threads, the answer. */
import { adaptiveRows, type RoundRun, tuneRows } from '../../reports/export/rows/tune-rows.ts';
import { jsonText } from '../../reports/json.ts';
import { adaptiveDocument, adaptiveReport } from '../../reports/tune-adaptive.ts';
import { paretoDocument, paretoReport } from '../../reports/tune-pareto.ts';
import { tuneDocument, tuneReport } from '../../reports/tune.ts';
import {
  type AdaptiveJob,
  type AdaptiveSample,
  adaptiveStudy,
  ESTIMATOR,
  type RegimeChange,
} from '../../models/tuning/adaptive.ts';
import { objectiveByName } from '../../models/tuning/objective-by-name.ts';
import { paretoFront, type ParetoResult } from '../../models/tuning/pareto.ts';
import type { LatencyView } from '../../models/tuning/objective.ts';
import type { ObjectiveName, StreamJob, Weights } from '../../models/tuning/stream-job.ts';
import type { TuneJob, TuneSample } from '../../models/tuning/tune-job.ts';
import type { TuneOptions, TuneResult } from '../../models/tuning/tune-result.ts';
import { type Rounds, tuning } from '../../models/tuning/tune.ts';
import { commandText } from '../command-text.ts';
import { OBJECTIVES, type TuneArgs } from '../commands/tune.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { packageVersion } from '../home.ts';
import { recorded } from '../jobs/recorded.ts';
import { stoppable } from '../jobs/stoppable.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { loadStreamJob } from '../stream-source.ts';
import { type RowFiles, rowFiles } from './row-files.ts';

/** Searches and answers; exit code 1 when no interval keeps the bounds. */
export async function tuneAction(args: TuneArgs): Promise<ExitCode> {
  const pair = args.pareto === undefined ? null : paretoPair(args.pareto);
  const weights = args.weights === undefined ? null : weightsOf(args.weights);
  const change = args.adaptive === undefined ? null : changeOf(args.adaptive);
  checkNumbers(args);
  if (pair !== null && args.objective !== undefined) throw new UsageError('--pareto and --objective: give one of them');
  const { job: loaded, notes } = await loadStreamJob(args);
  const job = withOptions(loaded, args, weights);
  const files = rowFiles(args, { save: args.save });
  try {
    return change === null
      ? await searched(pair, { args, job, notes, files })
      : await adapt(change, { args, job, notes, files });
  } finally {
    files.drop();
  }
}

interface Loaded {
  readonly args: TuneArgs;
  readonly job: StreamJob;
  readonly notes: readonly string[];
  readonly files: RowFiles;
}

async function searched(
  pair: ReturnType<typeof paretoPair> | null,
  { args, job, notes, files }: Loaded,
): Promise<ExitCode> {
  const wanted = pair ?? [job.objective];
  checkObjectives(wanted, job);
  checkLatencyView(args, wanted, job);
  const options: TuneOptions = { seed: job.seed, precision: args.precision, constraints: job.bounds };
  const words = wordsOf(args, job.seed);
  const runs: RoundRun<TuneJob, TuneSample>[] = [];
  const found = await stoppable({
    kind: 'tune',
    rounds: recorded(inItsWords(search(wanted, job, options), job), (run, sample, round) =>
      runs.push({ round, job: run, sample }),
    ),
    dependsOn: [wanted, job, options],
    what: job.name,
    seed: job.seed,
    args,
    words,
  });
  if (found === null) return exitCode.interrupted;
  const context = { version: packageVersion(), command: commandText(words), job, notes };
  await files.write(tuneRows(runs, { scenario: job.name, seed: job.seed }), context.command);
  const style = terminalStyle(process.stdout);
  if ('optima' in found) {
    writeOut(args.json ? jsonText(paretoDocument(found, context)) : paretoReport(found, context, style));
    return exitCode.done;
  }
  writeOut(args.json ? jsonText(tuneDocument(found, context)) : tuneReport(found, context, style));
  return found.recommendation === null ? exitCode.violated : exitCode.done;
}

async function adapt(change: RegimeChange, { args, job, notes, files }: Loaded): Promise<ExitCode> {
  const words = wordsOf(args, job.seed);
  const runs: RoundRun<AdaptiveJob, AdaptiveSample>[] = [];
  const found = await stoppable({
    kind: 'adaptive',
    rounds: recorded(inItsWords(adaptiveStudy(job.plan, change), job), (run, sample, round) =>
      runs.push({ round, job: run, sample }),
    ),
    dependsOn: ['adaptive', job, change, ESTIMATOR],
    what: job.name,
    seed: job.seed,
    args,
    words,
  });
  if (found === null) return exitCode.interrupted;
  const context = { version: packageVersion(), command: commandText(words), job, notes };
  await files.write(adaptiveRows(runs, { scenario: job.name, seed: job.seed }), context.command);
  if (args.json) writeOut(jsonText(adaptiveDocument(found, context)));
  else writeOut(adaptiveReport(found, context, terminalStyle(process.stdout)));
  return exitCode.done;
}

/** What a plan cannot be asked is the user's mistake. */
function* inItsWords<R, J, S>(rounds: Rounds<R, J, S>, { name }: StreamJob): Rounds<R, J, S> {
  try {
    return yield* rounds;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}

function changeOf(text: string): RegimeChange {
  const [, what, factor] = /^\s*(mtbf|pause)\s*=\s*([\d.]+)\s*$/.exec(text) ?? [];
  const value = Number(factor);
  if (what !== undefined && value >= 0.001 && value <= 1000)
    return { what: what as RegimeChange['what'], factor: value };
  throw new UsageError(`--adaptive ${text}: should be mtbf=factor or pause=factor, a factor from 0.001 to 1000`);
}

/** One search, or the front between two. */
function* search(
  wanted: readonly ObjectiveName[],
  job: StreamJob,
  options: TuneOptions,
): Rounds<TuneResult | ParetoResult> {
  const [one, other] = wanted as readonly [ObjectiveName, ObjectiveName?];
  const first = yield* objectiveByName(one, job);
  if (other === undefined) return yield* tuning(first, job.plan, options);
  const second = yield* objectiveByName(other, job);
  return yield* paretoFront([first, second], job.plan, options);
}

function withOptions(job: StreamJob, args: TuneArgs, weights: Weights | null): StreamJob {
  const recovery = args['recovery-p99'];
  const output = args['output-latency'];
  const transaction = args['transaction-timeout'];
  const view = args['latency-view'];
  return {
    ...job,
    ...(view === undefined ? {} : { latencyView: view as LatencyView }),
    objective: (args.objective as ObjectiveName | undefined) ?? (weights === null ? job.objective : 'weighted'),
    weights: weights ?? job.weights,
    bounds: {
      ...job.bounds,
      ...(recovery === undefined ? {} : { recovery_p99_s: recovery }),
      ...(output === undefined ? {} : { output_latency_s: output }),
      ...(transaction === undefined ? {} : { transaction_timeout_s: transaction }),
    },
  };
}

function checkNumbers(args: TuneArgs): void {
  for (const name of ['recovery-p99', 'output-latency', 'transaction-timeout'] as const) {
    const value = args[name];
    if (value !== undefined && !(value >= 0.001 && value <= 1e9))
      throw new UsageError(`--${name} must be a number of seconds from 0.001 to 1000000000`);
  }
  if (!(args.precision >= 0.005 && args.precision <= 0.5))
    throw new UsageError('--precision must be a number from 0.005 to 0.5');
}

function checkObjectives(wanted: readonly ObjectiveName[], job: StreamJob): void {
  if (wanted.includes('recovery-slo') && job.bounds.recovery_p99_s === undefined)
    throw new UsageError('objective recovery-slo needs a bound\n   remedy: --recovery-p99 60');
  if (wanted.includes('weighted') && Object.keys(job.weights).length === 0)
    throw new UsageError('objective weighted needs weights\n   remedy: --weights utilisation=1,storage=1');
}

function checkLatencyView(args: TuneArgs, wanted: readonly ObjectiveName[], { weights }: StreamJob): void {
  if (args['latency-view'] === undefined) return;
  const isWeighed = wanted.includes('weighted') && weights.latency !== undefined;
  if (wanted.includes('latency') || isWeighed) return;
  throw new UsageError(
    '--latency-view: latency is not what the interval is to be best for\n   remedy: --objective latency, or a weight for it',
  );
}

function paretoPair(text: string): readonly [ObjectiveName, ObjectiveName] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !isObjective(name));
  if (wrong !== undefined) throw new UsageError(`--pareto ${text}: "${wrong}" is not one of ${OBJECTIVES.join(', ')}`);
  const [one, other] = names as ObjectiveName[];
  if (names.length !== 2 || one === other)
    throw new UsageError(`--pareto ${text}: give two different objectives, such as money,latency`);
  return [one!, other!];
}

function isObjective(name: string): name is ObjectiveName {
  return (OBJECTIVES as readonly string[]).includes(name);
}

function weightsOf(text: string): Weights {
  const known = OBJECTIVES.filter((name) => name !== 'weighted');
  const weights = text.split(',').map((part): [string, number] => {
    const [name = '', value = '', ...rest] = part.split('=').map((each) => each.trim());
    if (!(known as readonly string[]).includes(name))
      throw new UsageError(`--weights: "${name}" is not one of ${known.join(', ')}`);
    const weight = value === '' ? NaN : Number(value);
    if (rest.length > 0 || !(weight > 0 && weight <= 1_000_000))
      throw new UsageError(`--weights: "${part}" should be name=weight, a weight above 0`);
    return [name, weight];
  });
  const names = weights.map(([name]) => name);
  if (new Set(names).size < names.length) throw new UsageError(`--weights ${text}: a name is given twice`);
  return Object.fromEntries(weights);
}

function wordsOf(args: TuneArgs, seed: string): readonly string[] {
  const given = (name: keyof TuneArgs): readonly string[] =>
    args[name] === undefined ? [] : [`--${name}`, String(args[name])];
  return [
    'tune',
    args.scenario,
    ...args.set.flatMap((value) => ['--set', value]),
    ...(
      [
        'mtbf',
        'objective',
        'latency-view',
        'weights',
        'recovery-p99',
        'output-latency',
        'transaction-timeout',
        'pareto',
        'adaptive',
        'ndjson',
        'parquet',
      ] as const
    ).flatMap(given),
    ...(args.precision === 0.05 ? [] : ['--precision', String(args.precision)]),
    '--seed',
    seed,
    ...(args.json ? ['--json'] : []),
  ];
}
