/**
 * A command as the command line sees it. `run` returns the exit code, so that the process is ended in one place, and
 * imports its work only when called, so that `--help` stays quick.
 */
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { UsageError, type ExitCode } from '../exit.ts';

/** One verb of the command line. */
export interface Command<Args> {
  readonly command: string;
  readonly describe: string;
  readonly builder: (yargs: Argv) => Argv<Args>;
  readonly run: (args: ArgumentsCamelCase<Args>) => Promise<ExitCode>;
}

/** The command as a yargs module that hands its exit code to `done`. */
export function asModule<Args>(
  { command, describe, builder, run }: Command<Args>,
  done: (code: ExitCode) => void,
): CommandModule<object, Args> {
  return {
    command,
    describe,
    builder: (yargs) => builder(yargs),
    handler: async (args) => done(await run(args)),
  };
}

/** For options that may be given once: yargs makes a list of two, and the last would win silently. */
export function once<T>(option: string): (value: T | readonly T[]) => T {
  return (value) => {
    if (Array.isArray(value)) throw new UsageError(`--${option} is given ${value.length} times: ${value.join(', ')}`);
    return value as T;
  };
}
