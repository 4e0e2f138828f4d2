/** Which protocol a command works on: a name of the catalogue, a module of the user's own, a broken variant, or a scenario's. */
import type { Argv } from 'yargs';
import { once } from './command.ts';

/** The options, as typed; at most one of them is given. */
export interface SchemeArgs {
  readonly scheme: string | undefined;
  readonly protocol: string | undefined;
  readonly mutant: string | undefined;
}

/** The same, where a scenario of a dataflow may stand for the protocol. */
export interface ScenarioArgs extends SchemeArgs {
  readonly 'without-defect': boolean;
}

/** The positional, which may be a scenario, and the options. */
export function withScenario(yargs: Argv): Argv<ScenarioArgs> {
  return withProtocol(yargs, ', or of a scenario of a dataflow or its .yaml file (see `tidemark list`)')
    .option('mutant', {
      describe: 'a broken variant instead (see `tidemark mutants --list`)',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('mutant'),
    })
    .option('without-defect', {
      describe: 'of a scenario: the same job and faults, with its defect switched off',
      type: 'boolean',
      default: false,
    });
}

/** Without the broken variants. */
export function withProtocol(yargs: Argv, orElse = ''): Argv<Omit<SchemeArgs, 'mutant'>> {
  return yargs
    .positional('scheme', {
      describe: `name of a protocol; flink-aligned unless given (see \`tidemark list protocols\`)${orElse}`,
      type: 'string',
    })
    .option('protocol', {
      describe: 'a protocol of your own: a module whose default export is one',
      type: 'string',
      requiresArg: true,
      coerce: once<string>('protocol'),
    });
}
