/** What `tidemark report` does: load, run and vary the interval on worker threads, then write each form that was asked for. */
import type { RunPlan } from '../../models/plan.ts';
import type { StreamJob } from '../../models/tuning/stream-job.ts';
import type { FlowIntervalRun, IntervalRun } from '../../models/what-if/index.ts';
import { reportRows } from '../../reports/export/rows/report-rows.ts';
import { jsonText } from '../../reports/json.ts';
import { flowPart, type ReportData, reportHtml, reportMarkdown, runPart } from '../../reports/report-page/index.ts';
import { commandText } from '../command-text.ts';
import type { ReportArgs } from '../commands/report.ts';
import { exitCode, exitCodeOfVerdict, UsageError, type ExitCode } from '../exit.ts';
import { createPending, dropPending, keepPending, type PendingFile, refuseSameFile, writePending } from '../files.ts';
import { pathOfFlowJob } from '../flow-job-path.ts';
import { loadFlow } from '../flow-source.ts';
import { packageVersion } from '../home.ts';
import type { FlowReportJob, ReportResult } from '../jobs/job.ts';
import type { FlowJobScenario } from '../../scenarios/flow-plan.ts';
import { recorded } from '../jobs/recorded.ts';
import { reportRounds } from '../jobs/report-rounds.ts';
import { stoppable } from '../jobs/stoppable.ts';
import { writeErr, writeOut } from '../output.ts';
import { flowHash, scenarioHash, valueHash } from '../scenario-hash.ts';
import { loadPlan } from '../scenario-source.ts';
import { rowFiles } from './row-files.ts';
import { loadStreamJob, streamPath } from '../stream-source.ts';

/** Writes the report; the exit code is that of the run's verdict. On Ctrl-C nothing is written but what is finished. */
export async function report(args: ReportArgs): Promise<ExitCode> {
  checkHorizon(args);
  const { html, markdown, save } = args;
  refuseSameFile({ html, markdown, save });
  const subject = await loadSubject(args);
  const pending: [PendingFile, (data: ReportData) => string][] = [];
  const files = rowFiles(args, { html, markdown, save });
  try {
    if (html !== undefined) pending.push([createPending(html), reportHtml]);
    if (markdown !== undefined) pending.push([createPending(markdown), reportMarkdown]);
    const { plan, stream, flow } = subject;
    const seed = seedOf(subject);
    const runs: (IntervalRun | FlowIntervalRun)[] = [];
    const result = await stoppable({
      kind: 'report',
      rounds: recorded(reportRounds(subject), (_part, sample) => {
        if (sample.kind === 'interval' || sample.kind === 'flow-interval') runs.push(sample);
      }),
      dependsOn: ['report', plan, stream, flow],
      what: subject.name,
      horizonMicros: (plan ?? flow?.plan)?.horizonMicros ?? null,
      // The draws of the study are those of the stream job.
      seed: stream?.seed ?? seed,
      args,
      words: wordsOf(args, seed),
    });
    if (result === null) return exitCode.interrupted;
    const data = dataOf(args, subject, result);
    for (const [file, form] of pending) writePending(file, form(data));
    for (const [file] of pending) {
      keepPending(file);
      writeErr(`wrote ${file.path}\n`);
    }
    await files.write(reportRows({ data, runs, interval_s: intervalOf(subject) }), data.command);
    if (args.json) writeOut(jsonText(data));
    else if (pending.length === 0) writeOut(reportMarkdown(data));
    return data.run === null ? exitCode.done : exitCodeOfVerdict(data.run.verdict.kind);
  } finally {
    for (const [file] of pending) dropPending(file);
    files.drop();
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
  /** Null for anything but a dataflow job. */
  readonly flow: (FlowReportJob & Pick<FlowJobScenario, 'title' | 'teaches'>) | null;
  readonly notes: readonly string[];
}

async function loadSubject(args: ReportArgs): Promise<Subject> {
  const { scenario, set, seed, mtbf, 'horizon-s': horizonSeconds } = args;
  const flowPath = await pathOfFlowJob(scenario);
  if (flowPath !== null) return flowSubject(flowPath, args);
  if (args.protocol !== undefined) throw new UsageError(`--protocol: ${scenario} is not a dataflow job`);
  if ((await streamPath(scenario)) !== null) {
    if (horizonSeconds !== undefined)
      throw new UsageError(`--horizon-s: ${scenario} is a stream job, of which no run is made`);
    const { job, notes } = await loadStreamJob({ scenario, set, seed, mtbf });
    return { name: job.name, plan: null, stream: job, whyNot: null, flow: null, notes };
  }
  const { plan, notes } = await loadPlan(scenario, { set, seed, ties: undefined, horizonSeconds });
  try {
    const { job } = await loadStreamJob({ scenario, set, seed, mtbf });
    return { name: plan.name, plan, stream: job, whyNot: null, flow: null, notes };
  } catch (error) {
    // The run can be reported all the same; a mistake in the scenario has been found before.
    if (!(error instanceof UsageError) || mtbf !== undefined) throw error;
    const [whyNot = ''] = error.message.split('\n');
    return { name: plan.name, plan, stream: null, whyNot, flow: null, notes };
  }
}

async function flowSubject(path: string, args: ReportArgs): Promise<Subject> {
  const { set, seed, protocol, mtbf, 'horizon-s': horizon } = args;
  if (mtbf !== undefined || horizon !== undefined)
    throw new UsageError(`--${mtbf === undefined ? 'horizon-s' : 'mtbf'}: set it in a dataflow job with --set`);
  const flow = await loadFlow(path, { set, seed, protocol, horizonSeconds: undefined });
  return { name: flow.name, plan: null, stream: null, whyNot: null, flow, notes: [] };
}

function dataOf(args: ReportArgs, subject: Subject, result: ReportResult): ReportData {
  const { plan, stream, flow } = subject;
  const told = plan ?? flow ?? stream!;
  const seed = seedOf(subject);
  return {
    tidemark: packageVersion(),
    command: commandText(wordsOf(args, seed)),
    scenario: subject.name,
    title: told.title,
    teaches: 'teaches' in told ? told.teaches : '',
    engine: plan?.protocol ?? flow?.protocol ?? stream!.engine,
    seed,
    scenario_hash: hashOf(subject),
    notes: [...subject.notes, ...assumptions(stream)],
    run: runOf(subject, result),
    what_if: result.whatIf,
    what_if_why_not: result.whatIf === null ? (subject.whyNot ?? result.whyNot) : null,
  };
}

/** Between checkpoints, in seconds; null where there is no timer. */
function intervalOf({ plan, flow }: Subject): number | null {
  const micros = plan?.job.samza.commitMicros ?? flow?.plan.checkpoints.intervalMicros ?? 0;
  return micros > 0 ? micros / 1e6 : null;
}

const seedOf = ({ plan, flow, stream }: Subject): string => plan?.seed ?? flow?.plan.seed ?? stream!.seed;

function runOf({ plan, flow }: Subject, result: ReportResult): ReportData['run'] {
  if (result.run !== null && plan !== null) return runPart(result.run.outcome, result.run.history, plan.expect);
  if (result.flow === null || flow === null) return null;
  return flowPart(result.flow.judged, result.flow.history, flow);
}

function hashOf({ plan, flow, stream }: Subject): string {
  if (plan !== null) return scenarioHash(plan);
  if (flow !== null) return flowHash(flow);
  const { seed: _seed, ...job } = stream!;
  return valueHash(job);
}

function assumptions(stream: StreamJob | null): string[] {
  if (stream === null || stream.assumed.length === 0) return [];
  return [`Assumed, not measured, for the intervals: ${stream.assumed.join(', ')}.`];
}

/** The command that gives this report again; the files are named, too, but do not change it. */
function wordsOf(
  { scenario, set, mtbf, protocol, html, markdown, ndjson, parquet, json, 'horizon-s': horizon }: ReportArgs,
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
    ...option('protocol', protocol),
    ...option('html', html),
    ...option('markdown', markdown),
    ...option('ndjson', ndjson),
    ...option('parquet', parquet),
    ...(json ? ['--json'] : []),
  ];
}
