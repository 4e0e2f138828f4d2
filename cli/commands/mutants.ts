/** `tidemark mutants`: broken protocols, and who convicts each. */
import { once, type Command } from './command.ts';
import { withProtocol, type SchemeArgs } from './scheme.ts';

/** The options of `mutants`, as typed. */
export interface MutantsArgs extends Omit<SchemeArgs, 'mutant'> {
  readonly name: readonly string[];
  readonly effects: boolean;
  readonly list: boolean;
  readonly transposed: boolean;
  readonly runs: number | undefined;
  readonly 'max-states': number | undefined;
  readonly seed: string;
  readonly json: boolean;
}

export const mutantsCommand: Command<MutantsArgs> = {
  command: 'mutants [scheme]',
  describe: 'Break checkpointing protocols on purpose: does a law notice, and which?',
  builder: (yargs) =>
    withProtocol(yargs)
      .option('name', {
        describe: 'only this mutant; repeatable',
        type: 'string',
        array: true,
        default: [] as string[],
        defaultDescription: 'all',
        requiresArg: true,
      })
      .option('effects', {
        describe: "instead of the catalogue: leave out, double, swap, delay each of the protocol's effects",
        type: 'boolean',
        default: false,
      })
      .option('list', { describe: 'say what is broken in each, and hunt none', type: 'boolean', default: false })
      .option('transposed', {
        describe: 'the other way round: which mutants each law alone convicts, and which need each fault',
        type: 'boolean',
        default: false,
      })
      .option('runs', {
        describe: 'random runs for each mutant; 400, with --effects 150',
        type: 'number',
        requiresArg: true,
        coerce: once<number>('runs'),
      })
      .option('max-states', {
        describe: 'states of each breadth-first search; 2000, with --effects 500',
        type: 'number',
        requiresArg: true,
        coerce: once<number>('max-states'),
      })
      .option('seed', {
        describe: 'root of all random draws',
        type: 'string',
        default: 'mutants',
        requiresArg: true,
        coerce: once<string>('seed'),
      })
      .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
      .example('$0 mutants', 'the whole catalogue (about half a minute)')
      .example('$0 mutants --name noAlign --name reuseId', 'two of them')
      .example('$0 mutants --transposed', 'what is each law needed for, and each fault?')
      .example('$0 mutants --protocol mine.mjs', "which of your protocol's effects is there a law for?"),
  run: async (args) => (await import('../actions/mutants.ts')).mutants(args),
};
