/** Which protocol a command works on: a name of the catalogue, a module of the user's own, or a broken variant. */
import type { Argv } from 'yargs';
import { once } from './command.ts';

/** The options, as typed; at most one of them is given. */
export interface SchemeArgs {
  readonly scheme: string | undefined;
  readonly protocol: string | undefined;
  readonly mutant: string | undefined;
}

/** The positional and the two options. */
export function withScheme(yargs: Argv): Argv<SchemeArgs> {
  return withProtocol(yargs).option('mutant', {
    describe: 'a broken variant instead (see `tidemark mutants --list`)',
    type: 'string',
    requiresArg: true,
    coerce: once<string>('mutant'),
  });
}

/** Without the broken variants. */
export function withProtocol(yargs: Argv): Argv<Omit<SchemeArgs, 'mutant'>> {
  return yargs
    .positional('scheme', {
      describe: 'name of a protocol; flink-aligned unless given (see `tidemark list protocols`)',
      type: 'string',
    })
    .option('protocol', {
      describe: 'a protocol of your own: a module whose default export is one',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('protocol'),
    });
}
