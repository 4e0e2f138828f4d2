/** What `tidemark report` does: load, run and vary the interval on a worker thread, then write each form that was asked for. */
import type { RunPlan } from '../../models/plan.ts';
import type { StreamJob } from '../../models/tuning/stream-job.ts';
import { jsonText, type ReportData, reportHtml, reportMarkdown, runPart } from '../../reports/index.ts';
import { commandText } from '../command-text.ts';
import type { ReportArgs } from '../commands/report.ts';
import { exitCode, exitCodeOfVerdict, UsageError, type ExitCode } from '../exit.ts';
import { createPending, dropPending, keepPending, type PendingFile, refuseSameFile, writePending } from '../files.ts';
import { packageVersion } from '../home.ts';
import type { ReportResult } from '../jobs/job.ts';
import { startJob } from '../jobs/start.ts';
import { writeErr, writeOut } from '../output.ts';
import { scenarioHash, valueHash } from '../scenario-hash.ts';
import { loadPlan } from '../scenario-source.ts';
import { loadStreamJob, streamPath } from '../stream-source.ts';

/** Writes the report; the exit code is that of the run's verdict. */
export async function report(args: ReportArgs): Promise<ExitCode> {
  checkHorizon(args);
  refuseSameFile({ html: args.html, markdown: args.markdown });
  const subject = await loadSubject(args);
  const pending: [PendingFile, (data: ReportData) => string][] = [];
  try {
    if (args.html !== undefined) pending.push([createPending(args.html), reportHtml]);
    if (args.markdown !== undefined) pending.push([createPending(args.markdown), reportMarkdown]);
    const result = await startJob(
      { kind: 'report', plan: subject.plan, stream: subject.stream },
      { what: `${subject.name}, report`, horizonMicros: subject.plan?.horizonMicros ?? null },
    );
    const data = dataOf(args, subject, result);
    for (const [file, form] of pending) writePending(file, form(data));
    for (const [file] of pending) {
      keepPending(file);
      writeErr(`wrote ${file.path}\n`);
    }
    if (args.json) writeOut(jsonText(data));
    else if (pending.length === 0) writeOut(reportMarkdown(data));
    return result.run === null ? exitCode.done : exitCodeOfVerdict(result.run.outcome.verdict.kind);
  } finally {
    for (const [file] of pending) dropPending(file);
  }
}

function checkHorizon({ 'horizon-s': horizon }: ReportArgs): void {
  if (horizon === undefined || (horizon > 0 && Number.isFinite(horizon))) return;
  throw new UsageError('--horizon-s must be a number of seconds above 0');
}

/** What the report is of: a run, a job known by its numbers, or both. */
interface Subject {
  readonly name: string;
  /** Null for a stream job, of which nothing is run as a whole. */
  readonly plan: RunPlan | null;
  /** Null where `whyNot` says why. */
  readonly stream: StreamJob | null;
  readonly whyNot: string | null;
  readonly notes: readonly string[];
}

async function loadSubject(args: ReportArgs): Promise<Subject> {
  const { scenario, set, seed, mtbf, 'horizon-s': horizonSeconds } = args;
  if ((await streamPath(scenario)) !== null) {
    if (horizonSeconds !== undefined)
      throw new UsageError(`--horizon-s: ${scenario} is a stream job, of which no run is made`);
    const { job, notes } = await loadStreamJob({ scenario, set, seed, mtbf });
    return { name: job.name, plan: null, stream: job, whyNot: null, notes };
  }
  const { plan, notes } = await loadPlan(scenario, { set, seed, ties: undefined, horizonSeconds });
  try {
    const { job } = await loadStreamJob({ scenario, set, seed, mtbf });
    return { name: plan.name, plan, stream: job, whyNot: null, notes };
  } catch (error) {
    // The run can be reported all the same; a mistake in the scenario has been found before.
    if (!(error instanceof UsageError) || mtbf !== undefined) throw error;
    const [whyNot = ''] = error.message.split('\n');
    return { name: plan.name, plan, stream: null, whyNot, notes };
  }
}

function dataOf(args: ReportArgs, subject: Subject, { run, whatIf, whyNot }: ReportResult): ReportData {
  const { plan, stream } = subject;
  const seed = plan?.seed ?? stream!.seed;
  return {
    tidemark: packageVersion(),
    command: commandText(wordsOf(args, seed)),
    scenario: subject.name,
    title: plan?.title ?? stream!.title,
    teaches: plan?.teaches ?? '',
    engine: plan?.protocol ?? stream!.engine,
    seed,
    scenario_hash: plan === null ? valueHash(streamValue(stream!)) : scenarioHash(plan),
    notes: [...subject.notes, ...assumptions(stream)],
    run: run === null || plan === null ? null : runPart(run.outcome, run.history, plan.expect),
    what_if: whatIf,
    what_if_why_not: whatIf === null ? (subject.whyNot ?? whyNot) : null,
  };
}

const streamValue = ({ seed: _seed, ...job }: StreamJob): object => job;

function assumptions(stream: StreamJob | null): string[] {
  if (stream === null || stream.assumed.length === 0) return [];
  return [`Assumed, not measured, for the intervals: ${stream.assumed.join(', ')}.`];
}

/** The command that gives this report again; the files are named, too, but do not change it. */
function wordsOf(
  { scenario, set, mtbf, html, markdown, json, 'horizon-s': horizon }: ReportArgs,
  seed: string,
): string[] {
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${name}`, String(value)];
  return [
    'report',
    scenario,
    ...set.flatMap((value) => ['--set', value]),
    ...option('seed', seed),
    ...option('horizon-s', horizon),
    ...option('mtbf', mtbf),
    ...option('html', html),
    ...option('markdown', markdown),
    ...(json ? ['--json'] : []),
  ];
}
