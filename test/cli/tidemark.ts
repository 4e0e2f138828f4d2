// Runs the built command line as a user would.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built entry point. */
export const entry: string = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tidemark` with these words, in a folder if one is given, without colour. */
export function tidemark(
  words: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...words], {
    encoding: 'utf8',
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}
