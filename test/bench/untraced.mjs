// The compiled program with the places taken out at which a trace may be asked for, in out/untraced: what a disabled trace
// costs is the difference. Our own compiler's output is plain enough to be changed by text; where nothing was found to take
// out, this fails, so that a renamed hook is not measured as free.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const OUT = fileURLToPath(new URL('../../out/untraced/', import.meta.url));

const HOOKS = [
  [/\b(?:this|job)\.onTrace\?\.\(/g, 'false && ('],
  [/\bthis\.onTrace !== null\b/g, 'false'],
  [/\bonAction !== undefined\b/g, 'false'],
];

/** Makes it, and returns its address, ending in a slash. */
export function untracedProgram() {
  rmSync(OUT, { recursive: true, force: true });
  const found = HOOKS.map(() => 0);
  for (const layer of ['sim', 'models', 'scenarios']) {
    cpSync(join(DIST, layer), join(OUT, layer), { recursive: true });
    for (const file of readdirSync(join(OUT, layer), { recursive: true })) {
      if (!file.endsWith('.js')) continue;
      const path = join(OUT, layer, file);
      let text = readFileSync(path, 'utf8');
      HOOKS.forEach(([hook, nothing], i) => {
        text = text.replace(hook, () => (found[i]++, nothing));
      });
      writeFileSync(path, text);
    }
  }
  HOOKS.forEach(([hook], i) => {
    if (found[i] === 0) throw new Error(`nothing like ${hook} was found: this twin no longer fits the program`);
  });
  return new URL('../../out/untraced/', import.meta.url);
}
