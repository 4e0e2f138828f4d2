/** What `tidemark sweep` does: the runs on worker threads, a table of means, files of rows. */
import { sweepRows } from '../../reports/export/rows/sweep-rows.ts';
import { jsonText } from '../../reports/json.ts';
import { sweepDocument, sweepReport } from '../../reports/sweep.ts';
import { runsOf, sweepJobs, type SweepRange } from '../../models/tuning/sweep.ts';
import type { StreamJob } from '../../models/tuning/stream-job.ts';
import { commandText } from '../command-text.ts';
import type { SweepArgs } from '../commands/sweep.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { packageVersion } from '../home.ts';
import { stoppable } from '../jobs/stoppable.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { loadStreamJob } from '../stream-source.ts';
import { whole } from '../whole-number.ts';
import { rowFiles } from './row-files.ts';

/** Runs, tells the means, and keeps the rows. */
export async function sweep(args: SweepArgs): Promise<ExitCode> {
  const given = args.intervals === undefined ? null : rangeOf(args.intervals);
  const replications = whole('replications', args.replications, { least: 1, most: 10_000 });
  const horizon_s = args['horizon-s'];
  if (!(horizon_s >= 1 && horizon_s <= 1e9))
    throw new UsageError('--horizon-s must be a number of seconds from 1 to 1000000000');
  const { job, notes } = await loadStreamJob(args);
  const range = given ?? rangeAround(job);
  const files = rowFiles(args, { save: args.save });
  try {
    const jobs = sweepJobs(job.plan, range, { replications, horizon_s });
    const words = wordsOf(args, job.seed);
    const rows = await stoppable({
      kind: 'sweep',
      rounds: runsOf(jobs),
      dependsOn: ['sweep', jobs.length, range, job, horizon_s],
      what: job.name,
      seed: job.seed,
      args,
      words,
    });
    if (rows === null) return exitCode.interrupted;
    await files.write(sweepRows(rows, { scenario: job.name, seed: job.seed }), commandText(words));
    const context = { version: packageVersion(), command: commandText(words), job, notes, horizon_s };
    if (args.json) writeOut(jsonText(sweepDocument(rows, context)));
    else writeOut(sweepReport(rows, context, terminalStyle(process.stdout)));
    return exitCode.done;
  } finally {
    files.drop();
  }
}

const POINTS = 40;
const POINTS_MAX = 10_000;

function rangeAround({ plan }: StreamJob): SweepRange {
  const now = plan.checkpoint.intervalMicros / 1e6;
  return { from_s: now / 10, to_s: now * 10, points: POINTS };
}

/** `10..600/40`; the number may be left out. */
function rangeOf(text: string): SweepRange {
  const [, from = '', to = '', points = String(POINTS)] =
    /^\s*([\d.]+(?:e-?\d+)?)\s*\.\.\s*([\d.]+(?:e\d+)?)\s*(?:\/\s*(\d+))?\s*$/.exec(text) ?? [];
  const range = { from_s: Number(from), to_s: Number(to), points: Number(points) };
  const isRange = from !== '' && range.from_s >= 0.001 && range.to_s > range.from_s && range.to_s <= 1e9;
  if (isRange && range.points >= 2 && range.points <= POINTS_MAX) return range;
  throw new UsageError(
    `--intervals ${text}: should be from..to/how many, in seconds, such as 10..600/40, with from at least 0.001 and less than to`,
  );
}

function wordsOf(args: SweepArgs, seed: string): readonly string[] {
  return [
    'sweep',
    args.scenario,
    ...args.set.flatMap((value) => ['--set', value]),
    ...(args.mtbf === undefined ? [] : ['--mtbf', String(args.mtbf)]),
    ...(args.intervals === undefined ? [] : ['--intervals', args.intervals]),
    ...(args.replications === 20 ? [] : ['--replications', String(args.replications)]),
    ...(args['horizon-s'] === 86_400 ? [] : ['--horizon-s', String(args['horizon-s'])]),
    ...(args.ndjson === undefined ? [] : ['--ndjson', args.ndjson]),
    ...(args.parquet === undefined ? [] : ['--parquet', args.parquet]),
    '--seed',
    seed,
    ...(args.json ? ['--json'] : []),
  ];
}
