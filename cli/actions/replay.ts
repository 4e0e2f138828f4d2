/** What `tidemark replay` does: run the saved plan again, by its actions where they were saved, and compare. */
import { jsonText, runDocument } from '../../reports/json.ts';
import { replayComparison } from '../../reports/replay.ts';
import { runReport } from '../../reports/run.ts';
import { commandText } from '../command-text.ts';
import type { ReplayArgs } from '../commands/replay.ts';
import { exitCode, exitCodeOfVerdict, UsageError, type ExitCode } from '../exit.ts';
import { dropPending, keepPending, type PendingFile } from '../files.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeErr, writeOut } from '../output.ts';
import { readReplayFile } from '../replay-file.ts';
import { scenarioHash } from '../scenario-hash.ts';
import { pictureFiles } from './picture-files.ts';
import { runPicture } from './picture-window.ts';
import { traceOption } from './trace-option.ts';

/** Runs the file; the exit code is that of the verdict, or with `--same` that of the comparison. */
export async function replay(args: ReplayArgs): Promise<ExitCode> {
  const saved = await readReplayFile(args.file);
  if ('kind' in saved) return (await import('./replay-flow.ts')).replayFlow(saved, args);
  if (args.protocol !== undefined) {
    throw new UsageError(`--protocol: ${args.file} is a timed run; the option is for files of check and explore`);
  }
  const picture = runPicture(args, saved.plan);
  const pictures = pictureFiles(args, { trace: args.trace === '-' ? undefined : args.trace });
  let file: PendingFile | null = null;
  try {
    const trace = traceOption(args.trace, args.json);
    const { target } = trace;
    ({ file } = trace);
    const { outcome, history } = await startJob(
      {
        kind: 'run',
        plan: saved.plan,
        replay: saved.actions ?? null,
        trace: target,
        keepActions: false,
        twice: false,
        picture: pictures.wanted ? picture : null,
      },
      { what: saved.plan.name, horizonMicros: saved.plan.horizonMicros },
    );
    if (file !== null) keepPending(file);
    const version = packageVersion();
    const comparison = replayComparison(
      { savedBy: saved.tidemark, law: saved.law, digests: saved.digests },
      outcome,
      version,
    );
    const context = {
      version,
      command: commandText(['replay', args.file]),
      scenarioHash: scenarioHash(saved.plan),
      notes: [],
    };
    if (history !== null)
      await pictures.write(history, { command: context.command, provenance: `scenario ${context.scenarioHash}` });
    const toStderr = target?.kind === 'stdout';
    const write = toStderr ? writeErr : writeOut;
    if (args.json) {
      write(
        jsonText({ ...runDocument(outcome, { ...context, expect: saved.plan.expect }), replay: comparison.document }),
      );
    } else {
      const style = terminalStyle(toStderr ? process.stderr : process.stdout);
      write(runReport(outcome, { ...context, plan: saved.plan, comparison: comparison.lines(style), style }));
    }
    if (args.same) return comparison.document.same ? exitCode.done : exitCode.violated;
    return exitCodeOfVerdict(outcome.verdict.kind);
  } finally {
    if (file !== null) dropPending(file);
    pictures.drop();
  }
}
