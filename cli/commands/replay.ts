/** `tidemark replay`: run a saved counterexample again and compare. */
import type { Argv } from 'yargs';
import { once, type Command } from './command.ts';
import { withPictures, withWindow, type PictureArgs, type WindowArgs } from './pictures.ts';

/** The options of `replay`, as typed. */
export interface ReplayArgs extends PictureArgs, WindowArgs {
  readonly file: string;
  readonly json: boolean;
  readonly trace: string | undefined;
  readonly same: boolean;
  readonly protocol: string | undefined;
}

export const replayCommand: Command<ReplayArgs> = {
  command: 'replay <file>',
  describe: 'Run a saved replay file again and compare its verdict and digests',
  builder: (yargs) =>
    withWindow(withPictures(withReplay(yargs), 'what happened'))
      .example('$0 replay first-run-input-loss.json', 'the same verdict again')
      .example('$0 replay first-run-input-loss.json --same', 'as a regression test'),
  run: async (args) => (await import('../actions/replay.ts')).replay(args),
};

function withReplay(yargs: Argv): Argv<Omit<ReplayArgs, keyof PictureArgs | keyof WindowArgs>> {
  return yargs
    .positional('file', {
      describe: 'file written by `run --save-replay`, `check --save` or `explore --save`',
      type: 'string',
      demandOption: true,
    })
    .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
    .option('trace', {
      describe: 'write one line per event to a file; `-` or nothing: to stdout, and the report to stderr',
      type: 'string',
      coerce: once<string>('trace'),
    })
    .option('same', {
      describe: 'exit 0 if the law and the digests are those saved, else 1 (for regression tests)',
      type: 'boolean',
      default: false,
    })
    .option('protocol', {
      describe: 'for files of check and explore: run the path against this protocol file instead',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('protocol'),
    });
}
