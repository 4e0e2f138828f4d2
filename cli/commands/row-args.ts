/** Files with a row per run. */
import type { Argv } from 'yargs';
import { once } from './command.ts';

/** The options, as typed. */
export interface RowArgs {
  readonly ndjson: string | undefined;
  readonly parquet: string | undefined;
}

export function withRows<Args>(yargs: Argv<Args>): Argv<Args & RowArgs> {
  const file = (option: string, describe: string) =>
    ({ describe, type: 'string', requiresArg: true, coerce: once<string>(option) }) as const;
  return yargs
    .option('ndjson', file('ndjson', 'write one line of JSON per run to this file'))
    .option('parquet', file('parquet', 'write the same rows to this file as Parquet, with types'));
}
