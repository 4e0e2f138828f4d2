// What a run would cost without one of its parts: the compiled program with that part taken out, in a folder of its own below
// out/. No option of the product does this; nobody would set it. Our own compiler's output is plain enough to be changed by text;
// where nothing was found to take out, this fails, so that a renamed part is not measured as free.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const ROOT = new URL('../../', import.meta.url);
const folder = (name) => fileURLToPath(new URL(name, ROOT));

/** By part: what to look for, and what stands there instead. */
const PARTS = {
  // The places at which a trace may be asked for.
  trace: [
    [/\b(?:this|job)\.onTrace\?\.\(/g, 'false && ('],
    [/\bthis\.onTrace !== null\b/g, 'false'],
    [/\bonAction !== undefined\b/g, 'false'],
  ],
  // What feeds the three digests: the loop, and every method of a digest that adds.
  digests: [
    [/const high = floor\(now \* 2 \*\* -32\);[^]*?order\.addAction\([^;]*;/g, ''],
    [/^ {4}(add(?:Ints|Action)?\([^)]*\)) \{$/gm, (_all, method) => `    ${method} { return;`, 'digest.js'],
  ],
};

/** Makes it, and returns its address, ending in a slash. `scenarios` are those of the whole program. */
export function programWithout(part) {
  const out = `out/without-${part}/`;
  const edits = PARTS[part];
  rmSync(folder(out), { recursive: true, force: true });
  const found = edits.map(() => 0);
  for (const layer of ['sim', 'models', 'scenarios']) {
    cpSync(join(folder('dist/'), layer), join(folder(out), layer), { recursive: true });
    for (const file of readdirSync(join(folder(out), layer), { recursive: true })) {
      if (!file.endsWith('.js')) continue;
      const path = join(folder(out), layer, file);
      const text = readFileSync(path, 'utf8');
      const edited = edits.reduce((now, [wanted, instead, only = ''], i) => {
        if (!file.endsWith(only)) return now;
        return now.replace(wanted, (...match) => {
          found[i]++;
          return typeof instead === 'string' ? instead : instead(...match);
        });
      }, text);
      writeFileSync(path, edited);
    }
  }
  edits.forEach(([wanted], i) => {
    if (found[i] === 0) throw new Error(`nothing like ${wanted} was found: this twin no longer fits the program`);
  });
  return new URL(out, ROOT);
}

/** `digests` are texts, `empty` that of a digest to which nothing was added: else the program has found another way to feed them. */
export function checkEmpty(digests, empty) {
  for (const [name, digest] of Object.entries(digests))
    if (digest !== empty) throw new Error(`the twin without digests has fed ${name}`);
}
