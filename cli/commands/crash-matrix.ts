/** `tidemark crash-matrix`: what comes back after a crash at each step of the commit. */
import { once, type Command } from './command.ts';

/** The options of `crash-matrix`, as typed. */
export interface CrashMatrixArgs {
  readonly protocol: string;
  readonly seed: string;
  readonly json: boolean;
  readonly point: string | undefined;
  readonly column: string | undefined;
}

export const crashMatrixCommand: Command<CrashMatrixArgs> = {
  command: 'crash-matrix [protocol]',
  describe: 'Crash a job at every step of its commit: where do inputs, state and outputs come back?',
  builder: (yargs) =>
    yargs
      .positional('protocol', {
        describe: 'how checkpoints are taken: samza, or a scheme of the dataflow world (`tidemark explore --help`)',
        type: 'string',
        default: 'samza',
      })
      .option('seed', {
        describe: 'root of all random draws',
        type: 'string',
        default: '1',
        requiresArg: true,
        coerce: once<string>('seed'),
      })
      .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
      .option('point', {
        describe: 'only this crash point: P0 to P13 of samza, F1 to F18 of the others',
        type: 'string',
        requiresArg: true,
        coerce: once<string>('point'),
      })
      .option('column', {
        describe:
          'only this column, by its title (samza: restart, non-tx same host, non-tx new host, tx, blob, outputs)',
        type: 'string',
        requiresArg: true,
        coerce: once<string>('column'),
      })
      .example('$0 crash-matrix', 'the whole table of samza')
      .example('$0 crash-matrix flink-aligned', 'the same question to a barrier scheme')
      .example('$0 crash-matrix samza --point P9 --column tx', 'one crash and the facts behind its answer'),
  run: async (args) => (await import('../actions/crash-matrix.ts')).crashMatrix(args),
};
