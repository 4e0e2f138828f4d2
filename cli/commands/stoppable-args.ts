/** Options of commands that make many runs on several threads, can be stopped, and go on where they were. */
import type { Argv } from 'yargs';
import { once } from './command.ts';

export interface StoppableArgs {
  readonly workers: number | undefined;
  readonly save: string | undefined;
  readonly resume: string | undefined;
}

export function withStoppable<Args>(yargs: Argv<Args>): Argv<Args & StoppableArgs> {
  return yargs
    .option('workers', {
      describe: 'worker threads; as many as there are cores unless given. The answer does not depend on them',
      type: 'number',
      requiresArg: true,
      coerce: once<number>('workers'),
    })
    .option('save', {
      describe: 'keep all finished runs in this file; Ctrl-C keeps them in any case',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('save'),
    })
    .option('resume', {
      describe: 'go on from such a file',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('resume'),
    });
}
