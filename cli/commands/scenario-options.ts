/** What commands on a scenario have in common: values that are set in it, and the root of its random draws. */
import { once } from './command.ts';

interface SetOption {
  readonly describe: string;
  readonly type: 'string';
  readonly array: true;
  readonly default: string[];
  readonly defaultDescription: string;
  readonly requiresArg: true;
}

/** `--set key=value`, as often as wanted. */
export const setOption = (): SetOption => ({
  describe: 'set a value of the scenario; repeatable',
  type: 'string',
  array: true,
  default: [],
  defaultDescription: 'none',
  requiresArg: true,
});

interface SeedOption {
  readonly describe: string;
  readonly type: 'string';
  readonly requiresArg: true;
  readonly coerce: (value: string | readonly string[]) => string;
}

/** `--seed`: the scenario's own unless given. */
export const seedOption = (): SeedOption => ({
  describe: 'root of all random draws',
  type: 'string',
  requiresArg: true,
  coerce: once<string>('seed'),
});
