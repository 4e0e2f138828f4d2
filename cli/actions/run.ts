/** What `tidemark run` does: plan, simulate on a worker thread, report, keep the files. */
import { divergenceLines } from '../../reports/divergence.ts';
import { jsonText, runDocument } from '../../reports/json.ts';
import { runReport } from '../../reports/run.ts';
import type { RunArgs } from '../commands/run.ts';
import { exitCode, exitCodeOfVerdict, UsageError, type ExitCode } from '../exit.ts';
import { createPending, dropPending, fillPending, keepPending, type PendingFile } from '../files.ts';
import { pathOfFlowJob } from '../flow-job-path.ts';
import { packageVersion } from '../home.ts';
import { ACTIONS_MAX, type RunResult } from '../jobs/job.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeErr, writeOut } from '../output.ts';
import type { ReplayFile } from '../replay-file.ts';
import { scenarioHash } from '../scenario-hash.ts';
import { loadPlan, type LoadedPlan } from '../scenario-source.ts';
import { pictureFiles } from './picture-files.ts';
import { runPicture } from './picture-window.ts';
import { traceOption } from './trace-option.ts';

/** Runs the scenario; the exit code is that of the verdict. */
export async function run(args: RunArgs): Promise<ExitCode> {
  await checkTrace(args.trace);
  const horizonSeconds = args['horizon-s'];
  if (horizonSeconds !== undefined && !(horizonSeconds > 0 && Number.isFinite(horizonSeconds))) {
    throw new UsageError('--horizon-s must be a number of seconds above 0');
  }
  const flowPath = await pathOfFlowJob(args.scenario);
  if (flowPath !== null) return (await import('./run-flow.ts')).runFlow(flowPath, args);
  if (args.protocol !== undefined) throw new UsageError(`--protocol: ${args.scenario} is not a dataflow job`);
  const loaded = await loadPlan(args.scenario, { set: args.set, seed: args.seed, ties: args.ties, horizonSeconds });
  if (args['print-plan']) {
    writeOut(jsonText(loaded.plan));
    for (const note of loaded.notes) writeErr(`note: ${note}\n`);
    return exitCode.done;
  }
  const replayPath = args['save-replay'];
  const picture = runPicture(args, loaded.plan);
  const trace = args.trace === '-' ? undefined : args.trace;
  const pictures = pictureFiles(args, { trace, 'save-replay': replayPath });
  const pending: PendingFile[] = [];
  try {
    const { target, file } = traceOption(args.trace, args.json);
    if (file !== null) pending.push(file);
    const replayFile = replayPath === undefined ? null : createPending(replayPath);
    if (replayFile !== null) pending.push(replayFile);
    const result = await startJob(
      {
        kind: 'run',
        plan: loaded.plan,
        replay: null,
        trace: target,
        keepActions: replayFile !== null,
        twice: args.twice,
        picture: pictures.wanted ? picture : null,
      },
      {
        what: args.twice ? `${loaded.plan.name}, twice` : loaded.plan.name,
        horizonMicros: (args.twice ? 2 : 1) * loaded.plan.horizonMicros,
      },
    );
    if (file !== null) keepPending(file);
    if (replayFile !== null) saveReplay(replayFile, loaded, result);
    if (result.history !== null) {
      const provenance = `scenario ${scenarioHash(loaded.plan)}`;
      await pictures.write(result.history, { command: loaded.command, provenance });
    }
    const { set, seed, ties } = args;
    const asShipped = set.length === 0 && [seed, ties, horizonSeconds].every((each) => each === undefined);
    return report(result, loaded, {
      json: args.json,
      twice: args.twice,
      toStderr: target?.kind === 'stdout',
      asShipped,
    });
  } finally {
    pending.forEach(dropPending);
    pictures.drop();
  }
}

/** `--trace page-views` takes the scenario for a file; nobody wants a trace of that name. */
async function checkTrace(trace: string | undefined): Promise<void> {
  const { catalog } = await import('../../scenarios/catalog.ts');
  if (trace === undefined || !catalog.some(({ name }) => name === trace)) return;
  throw new UsageError(
    `--trace ${trace}: this is a scenario, not a file to write\n   remedy: \`tidemark run ${trace} --trace -\``,
  );
}

interface ReportOptions {
  readonly json: boolean;
  readonly twice: boolean;
  readonly toStderr: boolean;
  /** Nothing was changed on the command line: the scenario's own expectation has to be met. */
  readonly asShipped: boolean;
}

function report(result: RunResult, loaded: LoadedPlan, { json, twice, toStderr, asShipped }: ReportOptions): ExitCode {
  const { outcome, divergence } = result;
  const context = {
    version: packageVersion(),
    command: loaded.command,
    scenarioHash: scenarioHash(loaded.plan),
    notes: loaded.notes,
  };
  const style = terminalStyle(toStderr ? process.stderr : process.stdout);
  const write = toStderr ? writeErr : writeOut;
  if (json) {
    const document = runDocument(outcome, { ...context, expect: loaded.plan.expect });
    write(jsonText(twice ? { ...document, twice: { same: divergence === null, divergence } } : document));
  } else {
    const comparison = twice ? divergenceLines(divergence, style) : [];
    write(runReport(outcome, { ...context, plan: loaded.plan, comparison, style }));
  }
  if (divergence === null) {
    const met = loaded.plan.expect.kind === outcome.verdict.kind;
    const code = exitCodeOfVerdict(outcome.verdict.kind);
    return code === exitCode.done && asShipped && !met ? exitCode.violated : code;
  }
  writeErr(`two runs of the same plan differ; please report it with this command:\n  ${loaded.command} --twice\n`);
  return exitCode.internal;
}

function saveReplay(file: PendingFile, { plan }: LoadedPlan, { outcome, actions }: RunResult): void {
  const document: ReplayFile = {
    tidemark: packageVersion(),
    law: outcome.verdict.law,
    digests: outcome.digests,
    plan,
    ...(actions === null ? {} : { actions }),
  };
  fillPending(file, jsonText(document));
  const held =
    actions === null ? `the plan (more than ${ACTIONS_MAX} actions)` : `the plan and ${actions.length} actions`;
  writeErr(`saved ${file.path}: ${held}\n`);
}
