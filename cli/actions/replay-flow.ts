/** What `tidemark replay` does with a path of a dataflow: take it again on the same job, and compare. */
import { flowReplayDocument, flowReplayReport, isSameFlow, jsonText } from '../../reports/index.ts';
import { commandText } from '../command-text.ts';
import type { ReplayArgs } from '../commands/replay.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { specInFile, type FlowReplayFile } from '../flow-replay-file.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { checkedSpec, protocolSpec, specName } from '../protocol-source.ts';
import { counterexampleFiles } from './counterexample-files.ts';

/** Replays; the exit code is that of the verdict, or with `--same` that of the comparison. */
export async function replayFlow(saved: FlowReplayFile, args: ReplayArgs): Promise<ExitCode> {
  if (args.trace !== undefined) {
    throw new UsageError('--trace: a replay of a dataflow prints its path, action by action; leave the option out');
  }
  const spec =
    args.protocol === undefined
      ? await checkedSpec(specInFile(saved, args.file))
      : await protocolSpec({ scheme: undefined, protocol: args.protocol, mutant: undefined });
  const plan = { topology: saved.topology, environment: saved.environment };
  const path = saved.actions;
  const files = counterexampleFiles({ save: undefined, html: args.html });
  try {
    const replay = await startJob(
      { kind: 'replay-flow', protocol: spec, plan, path, law: saved.law },
      { what: args.file, horizonMicros: null },
    );
    const context = {
      version: packageVersion(),
      subject: specName(spec),
      plan,
      path,
      saved: { by: saved.tidemark, law: saved.law, state: saved.state },
      command: commandText([
        'replay',
        args.file,
        ...(args.protocol === undefined ? [] : ['--protocol', args.protocol]),
      ]),
    };
    files.write(replay.counterexample, spec, context.command);
    if (args.json) writeOut(jsonText(flowReplayDocument(replay, context)));
    else writeOut(flowReplayReport(replay, context, terminalStyle(process.stdout)));
    if (args.same) return isSameFlow(replay, context) ? exitCode.done : exitCode.violated;
    return replay.counterexample === null ? exitCode.done : exitCode.violated;
  } finally {
    files.drop();
  }
}
