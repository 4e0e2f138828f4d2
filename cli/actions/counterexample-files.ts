/** The files a counterexample can be kept in: a replay file and a page with its picture. Nothing is written without one. */
import type { FlowCounterexample } from '../../models/dataflow/counterexample.ts';
import { spaceTimeHtml } from '../../reports/index.ts';
import { UsageError } from '../exit.ts';
import { createPending, dropPending, fillPending, type PendingFile } from '../files.ts';
import { saveFlowReplay } from '../flow-replay-file.ts';
import { packageVersion } from '../home.ts';
import { writeErr } from '../output.ts';
import { specName, type ProtocolSpec } from '../protocol-source.ts';

/** The files asked for, created at once so that an unwritable place is known before the work. */
export interface CounterexampleFiles {
  readonly write: (counterexample: FlowCounterexample | null, spec: ProtocolSpec, command: string) => void;
  readonly drop: () => void;
}

/** Creates what `--save` and `--html` ask for. */
export function counterexampleFiles({
  save,
  html,
}: {
  readonly save: string | undefined;
  readonly html: string | undefined;
}): CounterexampleFiles {
  if (save !== undefined && save === html) throw new UsageError(`--save and --html cannot both write ${save}`);
  const pending: PendingFile[] = [];
  const create = (path: string | undefined): PendingFile | null => {
    if (path === undefined) return null;
    const file = createPending(path);
    pending.push(file);
    return file;
  };
  const drop = (): void => pending.forEach(dropPending);
  try {
    const replay = create(save);
    const page = create(html);
    return {
      write(counterexample, spec, command) {
        if (counterexample === null) {
          if (pending.length > 0) writeErr('no law was broken: nothing to write\n');
          return;
        }
        if (replay !== null) saveFlowReplay(replay, spec, counterexample);
        if (page === null) return;
        const title = `${specName(spec)} breaks ${counterexample.law}`;
        const history = { ...counterexample.history, title };
        fillPending(page, spaceTimeHtml(history, { command, provenance: `tidemark ${packageVersion()}` }));
        writeErr(`wrote ${page.path}: ${counterexample.path.length} actions that break ${counterexample.law}\n`);
      },
      drop,
    };
  } catch (error) {
    drop();
    throw error;
  }
}
