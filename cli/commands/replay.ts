/** `tidemark replay`: run a saved counterexample again and compare. */
import { once, type Command } from './command.ts';

/** The options of `replay`, as typed. */
export interface ReplayArgs {
  readonly file: string;
  readonly json: boolean;
  readonly trace: string | undefined;
  readonly same: boolean;
}

export const replayCommand: Command<ReplayArgs> = {
  command: 'replay <file>',
  describe: 'Run a saved replay file again and compare its verdict and digests',
  builder: (yargs) =>
    yargs
      .positional('file', { describe: 'file written by `run --save-replay`', type: 'string', demandOption: true })
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
      .example('$0 replay first-run-loss.json', 'the same verdict again')
      .example('$0 replay first-run-loss.json --same', 'as a regression test'),
  run: async (args) => (await import('../actions/replay.ts')).replay(args),
};
