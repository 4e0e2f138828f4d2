/** What `tidemark list` does. */
import { exitCode, type ExitCode } from '../exit.ts';
import type { ListArgs } from '../commands/list.ts';

export async function list(_args: ListArgs): Promise<ExitCode> {
  return exitCode.done;
}
