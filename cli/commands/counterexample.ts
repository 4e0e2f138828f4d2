/** What the commands that search for a counterexample have in common: the shape of the job, and what becomes of a find. */
import type { Argv } from 'yargs';
import { once } from './command.ts';
import { withPictures, type PictureArgs } from './pictures.ts';

/** The options, as typed. */
export interface SearchArgs extends PictureArgs {
  readonly topology: string | undefined;
  readonly save: string | undefined;
  readonly json: boolean;
}

/** Which jobs are searched; `describe` says what the option means here. */
export function withTopology<T>(yargs: Argv<T>, describe: string): Argv<T & Pick<SearchArgs, 'topology'>> {
  return yargs.option('topology', {
    describe,
    choices: ['chain', 'join', 'diamond', 'ring', 'keyed'],
    requiresArg: true,
    coerce: once<string>('topology'),
  });
}

/** Where the counterexample goes. */
export function withFind<T>(yargs: Argv<T>): Argv<T & Omit<SearchArgs, 'topology'>> {
  const saved = yargs.option('save', {
    describe: 'write the counterexample to a file for `tidemark replay`',
    type: 'string',
    requiresArg: true,
    coerce: once<string>('save'),
  });
  return withPictures(saved, 'the counterexample').option('json', {
    describe: 'print exactly one JSON document',
    type: 'boolean',
    default: false,
  });
}
