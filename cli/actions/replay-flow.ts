/** What `tidemark replay` does with a path of a dataflow: take it again on the same job, and compare. */
import type { History } from '../../models/dataflow/history-data.ts';
import { flowReplayDocument, flowReplayReport, isSameFlow } from '../../reports/check-replay.ts';
import { jsonText } from '../../reports/json.ts';
import { commandText } from '../command-text.ts';
import type { ReplayArgs } from '../commands/replay.ts';
import { exitCode, UsageError, type ExitCode } from '../exit.ts';
import { specInFile, type FlowReplayFile } from '../flow-replay-file.ts';
import { packageVersion } from '../home.ts';
import { startJob } from '../jobs/start.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { checkedSpec, protocolSpec, specName } from '../protocol-source.ts';
import { pictureFiles, type EventWindow } from './picture-files.ts';
import { stepWindow } from './picture-window.ts';

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
  if (args.task.length > 0) throw new UsageError('--task: a path shows all its tasks; leave the option out');
  const window = stepWindow(args, path.length);
  const pictures = pictureFiles(args);
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
    const { history } = replay;
    const broken = history.violation === null ? 'keeps every law' : `breaks ${history.violation.law}`;
    await pictures.write(
      { ...history, title: `${specName(spec)} ${broken}` },
      { command: context.command, ...(window === null ? {} : { window: eventsOf(history, window) }) },
    );
    if (args.json) writeOut(jsonText(flowReplayDocument(replay, context)));
    else writeOut(flowReplayReport(replay, context, terminalStyle(process.stdout)));
    if (args.same) return isSameFlow(replay, context) ? exitCode.done : exitCode.violated;
    return replay.counterexample === null ? exitCode.done : exitCode.violated;
  } finally {
    pictures.drop();
  }
}

/** First and last event of these steps; a path that broke a law early ends there. */
function eventsOf({ events }: History, { from, to }: { readonly from: number; readonly to: number }): EventWindow {
  const first = events.findIndex(({ step }) => step >= from);
  const last = events.findLastIndex(({ step }) => step <= to);
  return { from: first < 0 ? events.length : first + 1, to: last + 1 };
}
