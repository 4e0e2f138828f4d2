/** What `tidemark run` does with a dataflow job: one run under one protocol on a worker thread, then the report. */
import { flowRunDocument } from '../../reports/flow-run-document.ts';
import { flowRunReport } from '../../reports/flow-run.ts';
import { jsonText } from '../../reports/json.ts';
import { commandText } from '../command-text.ts';
import type { RunArgs } from '../commands/run.ts';
import { exitCode, exitCodeOfVerdict, UsageError, type ExitCode } from '../exit.ts';
import { loadFlow, type LoadedFlow } from '../flow-source.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeErr, writeOut } from '../output.ts';
import { flowHash } from '../scenario-hash.ts';

/** Options of runs of Samza jobs, whose actions have names and texts. */
const NOT_OF_FLOWS = ['trace', 'save-replay', 'ties', 'html', 'perfetto', 'shiviz', 'mermaid', 'window'] as const;

/** Runs the job at this path; the exit code is that of the verdict. */
export async function runFlow(path: string, args: RunArgs): Promise<ExitCode> {
  const given = args as unknown as Readonly<Record<string, unknown>>;
  const foreign = NOT_OF_FLOWS.find((name) => given[name] !== undefined) ?? (args.task.length > 0 ? 'task' : undefined);
  if (foreign !== undefined) {
    throw new UsageError(
      `--${foreign}: ${args.scenario} is a dataflow job; this is for Samza jobs\n   remedy: leave it out; for a page of the run: \`tidemark report ${args.scenario} --html run.html\``,
    );
  }
  const { set, seed, protocol, 'horizon-s': horizonSeconds } = args;
  const loaded = await loadFlow(path, { set, seed, protocol, horizonSeconds });
  if (args['print-plan']) {
    writeOut(jsonText({ protocol: loaded.protocol, ...loaded.plan }));
    return exitCode.done;
  }
  const { judged, divergence } = await startJob(
    { kind: 'run-flow', plan: loaded.plan, protocol: loaded.protocol, promise: loaded.promise, twice: args.twice },
    {
      what: `${loaded.name}, ${loaded.protocol}${args.twice ? ', twice' : ''}`,
      horizonMicros: (args.twice ? 2 : 1) * loaded.plan.horizonMicros,
    },
  );
  const command = commandOf(args, loaded);
  const context = {
    version: packageVersion(),
    command,
    scenarioHash: flowHash(loaded),
    title: loaded.title,
    plan: loaded.plan,
    promise: loaded.promise,
    twice: args.twice ? { same: divergence === null, divergence } : null,
  };
  if (args.json) writeOut(jsonText(flowRunDocument(judged, context)));
  else writeOut(flowRunReport(judged, { ...context, style: terminalStyle(process.stdout) }));
  if (divergence === null) return exitCodeOfVerdict(judged.verdict.kind);
  writeErr(`two runs of the same plan differ; please report it with this command:\n  ${command} --twice\n`);
  return exitCode.internal;
}

function commandOf({ scenario, set, 'horizon-s': horizon }: RunArgs, { protocol, plan }: LoadedFlow): string {
  return commandText([
    'run',
    scenario,
    '--protocol',
    protocol,
    ...set.flatMap((value) => ['--set', value]),
    '--seed',
    plan.seed,
    ...(horizon === undefined ? [] : ['--horizon-s', String(horizon)]),
  ]);
}
