/** The files a counterexample can be kept in: a replay file, pictures and traces. Nothing is written without one. */
import type { FlowCounterexample } from '../../models/dataflow/counterexample.ts';
import type { PictureArgs } from '../commands/pictures.ts';
import { createPending, dropPending, type PendingFile } from '../files.ts';
import { saveFlowReplay } from '../flow-replay-file.ts';
import { writeErr } from '../output.ts';
import { specName, type ProtocolSpec } from '../protocol-source.ts';
import { pictureFiles } from './picture-files.ts';

/** The files asked for, created at once so that an unwritable place is known before the work. */
export interface CounterexampleFiles {
  readonly write: (counterexample: FlowCounterexample | null, spec: ProtocolSpec, command: string) => Promise<void>;
  readonly drop: () => void;
}

/** Creates what the options ask for. */
export function counterexampleFiles(args: PictureArgs & { readonly save?: string | undefined }): CounterexampleFiles {
  const { save } = args;
  const pictures = pictureFiles(args, { save });
  let replay: PendingFile | null = null;
  const drop = (): void => {
    if (replay !== null) dropPending(replay);
    pictures.drop();
  };
  try {
    if (save !== undefined) replay = createPending(save);
  } catch (error) {
    drop();
    throw error;
  }
  return {
    async write(counterexample, spec, command) {
      if (counterexample === null) {
        if (replay !== null || pictures.wanted) writeErr('no law was broken: nothing to write\n');
        return;
      }
      if (replay !== null) saveFlowReplay(replay, spec, counterexample);
      if (!pictures.wanted) return;
      const title = `${specName(spec)} breaks ${counterexample.law}`;
      await pictures.write({ ...counterexample.history, title }, { command });
    },
    drop,
  };
}
