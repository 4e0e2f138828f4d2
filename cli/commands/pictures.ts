/** Files that show what happened: a page with a picture, and traces for other tools. */
import type { Argv } from 'yargs';
import { once } from './command.ts';

/** The options, as typed. */
export interface PictureArgs {
  readonly html: string | undefined;
  readonly perfetto: string | undefined;
  readonly shiviz: string | undefined;
  readonly mermaid: string | undefined;
}

/** The four options; `what` is what they show, with its article. */
export function withPictures<T>(yargs: Argv<T>, what: string): Argv<T & PictureArgs> {
  const file = (option: string, describe: string) =>
    ({ describe, type: 'string', requiresArg: true, coerce: once<string>(option) }) as const;
  return yargs
    .option('html', file('html', `draw ${what} as a space-time diagram, in a page of its own`))
    .option('perfetto', file('perfetto', `write ${what} as a trace for Perfetto (Chrome trace events)`))
    .option('shiviz', file('shiviz', `write ${what} as a log for ShiViz`))
    .option('mermaid', file('mermaid', `write ${what} as a Mermaid sequence diagram`));
}

/** Which part of a run is shown, as typed. */
export interface WindowArgs {
  readonly window: string | undefined;
  readonly task: readonly string[];
}

/** The two options that choose it. */
export function withWindow<T>(yargs: Argv<T>): Argv<T & WindowArgs> {
  return yargs
    .option('window', {
      describe:
        'what the picture shows: violation, crash, commits, or FROM..TO in seconds (in steps, for files of check and ' +
        'explore); the first of the three that there is, unless given',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('window'),
    })
    .option('task', {
      describe:
        'a task that the picture shows; repeatable; unless given, 20 at most, those that the story is about first',
      type: 'string',
      array: true,
      default: [] as string[],
      defaultDescription: 'chosen',
      requiresArg: true,
    });
}
