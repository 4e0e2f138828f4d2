// The project's own Markdown pages, for the tests that hold them against the program.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** A page: its path from the root and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Every Markdown page at the root and below docs/, by path. */
export function pages(): Page[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const names = [...readdirSync(root), ...below('docs')].filter((name) => name.endsWith('.md')).toSorted();
  return names.map((path) => ({
    path: relative(root, join(root, path)).replaceAll('\\', '/'),
    text: readFileSync(join(root, path), 'utf8'),
  }));
}
