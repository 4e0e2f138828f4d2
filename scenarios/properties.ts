/**
 * Java .properties files, as Samza jobs are configured with: comments with # and !, `=`, `:` or white space between key
 * and value, lines continued with a backslash, \uXXXX escapes. Gives entries with the line each one starts on.
 */
import type { SamzaEntry } from '../models/samza/keys/index.ts';
import { inputError, type InputError } from './input-error.ts';
import { excerptAt } from './source-text.ts';

/** The entries in the order of the file, or the escapes that are wrong. */
export function readProperties(source: string, text: string): readonly SamzaEntry[] | readonly InputError[] {
  const entries: SamzaEntry[] = [];
  const errors: InputError[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  let offset = 0;
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    const start = offset;
    let logical = (lines[i] as string).trimStart();
    offset += lengthWithBreak(text, offset, lines[i] as string);
    if (logical === '' || logical.startsWith('#') || logical.startsWith('!')) continue;
    while (endsInOddBackslashes(logical)) {
      logical = logical.slice(0, -1);
      const next = lines[i + 1];
      if (next === undefined) break;
      i++;
      offset += lengthWithBreak(text, offset, next);
      logical += next.trimStart();
    }
    const entry = readEntry(logical, first + 1);
    if (entry !== null) entries.push(entry);
    else {
      const at = start + Math.max(0, text.slice(start, offset).search(/\\u(?![0-9a-fA-F]{4})/));
      const excerpt = excerptAt(text, at, 6);
      const place = { source, line: excerpt.line, column: excerpt.column, excerpt };
      const remedy = 'write \\u and four hexadecimal digits, or two backslashes for a backslash';
      errors.push(inputError({ ...place, message: 'this \\u escape is not complete', remedy }));
    }
  }
  return errors.length > 0 ? errors : entries;
}

function lengthWithBreak(text: string, offset: number, line: string): number {
  const end = offset + line.length;
  return line.length + (text.startsWith('\r\n', end) ? 2 : 1);
}

function endsInOddBackslashes(line: string): boolean {
  let backslashes = 0;
  while (line[line.length - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** Null for a wrong escape. */
function readEntry(logical: string, line: number): SamzaEntry | null {
  let split = 0;
  while (split < logical.length && !/[=:\s]/.test(logical[split] as string)) split += logical[split] === '\\' ? 2 : 1;
  const rest = logical.slice(split).replace(/^\s*[=:]?\s*/, '');
  const key = unescapeJava(logical.slice(0, split));
  const value = unescapeJava(rest);
  return key === null || value === null ? null : { key, value, line };
}

function unescapeJava(text: string): string | null {
  if (/(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})/.test(text)) return null;
  return text.replaceAll(/\\(u([0-9a-fA-F]{4})|.)/gs, (_, escape: string, code: string | undefined) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return { t: '\t', n: '\n', r: '\r', f: '\f' }[escape] ?? escape;
  });
}
