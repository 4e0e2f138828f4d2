/** `tidemark list`: what there is to run, to set, to break and to crash at. */
import type { Command } from './command.ts';

/** The options of `list`, as typed. */
export interface ListArgs {
  readonly what: string;
  readonly json: boolean;
}

export const listCommand: Command<ListArgs> = {
  command: 'list [what]',
  describe: 'List scenarios, Samza keys, laws, commit steps, protocols or models',
  builder: (yargs) =>
    yargs
      .positional('what', {
        describe: 'what to list',
        choices: ['scenarios', 'keys', 'laws', 'steps', 'protocols', 'protocol-laws', 'models'],
        default: 'scenarios',
      })
      .option('json', { describe: 'print exactly one JSON document', type: 'boolean', default: false })
      .example('$0 list', 'the scenarios, what each teaches, and its expected verdict')
      .example('$0 list keys | grep -A1 commit', 'Samza keys with default, unit and effect'),
  run: async (args) => (await import('../actions/list.ts')).list(args),
};
