/** Which job `tune` and `sweep` work on, and how: the options they share. */
import type { Argv } from 'yargs';
import { once } from './command.ts';
import { type StoppableArgs, withStoppable } from './stoppable-args.ts';
import { seedOption, setOption } from './scenario-options.ts';

export interface StreamArgs extends StoppableArgs {
  readonly scenario: string;
  readonly set: readonly string[];
  readonly mtbf: number | undefined;
  readonly seed: string | undefined;
  readonly json: boolean;
}

export function withStream(yargs: Argv): Argv<StreamArgs> {
  const described = yargs
    .positional('scenario', {
      describe: 'a stream job or a Samza job (see `tidemark list`), or a .yaml or .properties file',
      type: 'string',
      default: 'page-views',
    })
    .option('set', setOption())
    .option('mtbf', {
      describe: 'mean time between failures, in seconds, instead of what the scenario says',
      type: 'number',
      requiresArg: true,
      coerce: once<number>('mtbf'),
    })
    .option('seed', seedOption());
  return withStoppable(described).option('json', {
    describe: 'print exactly one JSON document',
    type: 'boolean',
    default: false,
  });
}
