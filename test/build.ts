// Builds dist/ once before the tests, because Node 20 cannot load TypeScript in a child process or a worker thread.
// TIDEMARK_SKIP_BUILD=1 leaves dist/ as it is, for a quick run of unit tests while another part does not compile.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs `tsc -b` at the repository root; throws with the compiler's own text when it fails. */
export function setup(): void {
  if (process.env['TIDEMARK_SKIP_BUILD'] === '1') return;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  const build = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(`tsc -b failed:\n${build.stdout}${build.stderr}`);
}
