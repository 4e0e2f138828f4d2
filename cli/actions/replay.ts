/** What `tidemark replay` does: run the saved plan again, by its actions where they were saved, and compare. */
import { jsonText, replayComparison, runDocument, runReport } from '../../reports/index.ts';
import { commandText } from '../command-text.ts';
import type { ReplayArgs } from '../commands/replay.ts';
import { exitCode, exitCodeOfVerdict, UsageError, type ExitCode } from '../exit.ts';
import { dropPending, keepPending } from '../files.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeErr, writeOut } from '../output.ts';
import { readReplayFile } from '../replay-file.ts';
import { scenarioHash } from '../scenario-hash.ts';
import { traceOption } from './trace-option.ts';

/** Runs the file; the exit code is that of the verdict, or with `--same` that of the comparison. */
export async function replay(args: ReplayArgs): Promise<ExitCode> {
  const saved = await readReplayFile(args.file);
  if ('kind' in saved) return (await import('./replay-flow.ts')).replayFlow(saved, args);
  const misplaced = args.html !== undefined ? '--html' : args.protocol !== undefined ? '--protocol' : null;
  if (misplaced !== null) {
    throw new UsageError(`${misplaced}: ${args.file} is a timed run; the option is for files of check and explore`);
  }
  const { target, file } = traceOption(args.trace, args.json);
  try {
    const { outcome } = await startJob(
      { kind: 'run', plan: saved.plan, replay: saved.actions ?? null, trace: target, keepActions: false, twice: false },
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
  }
}
