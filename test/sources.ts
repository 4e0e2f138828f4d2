// The project's own TypeScript sources, as text, for the tests that read the code instead of running it.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Source {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every `.ts` file under the given folders of the repository, in order of path. */
export function sourcesIn(...folders: readonly string[]): readonly Source[] {
  const root = fileURLToPath(new URL('..', import.meta.url));
  return folders
    .flatMap((folder) =>
      readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }));
}
