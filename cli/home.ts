/** Where the installed package is, for its version and its scenarios; the same from `cli/` and from `dist/cli/`. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's root directory, ending in a slash. */
export function packageRoot(): string {
  for (const up of ['../', '../../']) {
    const root = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(root + 'package.json')) return root;
  }
  throw new Error('package.json of tidemark not found beside the command line');
}

/** The version in package.json. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(packageRoot() + 'package.json', 'utf8')) as { readonly version: string };
  return manifest.version;
}
