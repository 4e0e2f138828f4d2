/**
 * From the bytes of a file to text that can be parsed: size bound, NUL bytes, encoding and byte order mark are dealt
 * with here, once, for scenarios, properties and traces. Also the small arithmetic of paths and lines.
 */
import { inputError, type Excerpt, type InputError } from './input-error.ts';

/** What reading a file gave: its text or bytes, or why not (`code` as in Node: ENOENT, EISDIR, EACCES, …). */
export type FileContent = string | Uint8Array | { readonly code?: string; readonly message: string };

/** Reads a file for the loader, which itself touches no platform. Must not throw. */
export type ReadFile = (path: string) => FileContent;

/** The platform's decoder, present in browsers and in Node; declared here because this layer sees no platform types. */
declare const TextDecoder: new (label: string, options?: { fatal?: boolean }) => { decode(bytes: Uint8Array): string };

export interface TextLimits {
  readonly maxBytes: number;
  /** What the file is, for messages: "scenario", "trace". */
  readonly what: string;
  /** Old Java properties files are Latin-1. */
  readonly allowLatin1?: boolean;
}

/** The text of a file without a byte order mark, or the reason why it cannot be used. */
export function decodeText(source: string, content: FileContent, limits: TextLimits): string | InputError {
  if (typeof content === 'string') return checkText(source, content, content.length, limits);
  if (!(content instanceof Uint8Array)) return unreadable(source, content, limits);
  if (content.length > limits.maxBytes) return checkText(source, '', content.length, limits);
  if (content.includes(0)) return binary(source, limits);
  try {
    return checkText(source, new TextDecoder('utf-8', { fatal: true }).decode(content), content.length, limits);
  } catch {
    if (limits.allowLatin1 === true) {
      return checkText(source, new TextDecoder('latin1').decode(content), content.length, limits);
    }
    const lenient = new TextDecoder('utf-8').decode(content);
    const place = placeAt(lenient, lenient.indexOf('\uFFFD'));
    return inputError({
      source,
      line: place.line,
      column: place.column,
      message: `is not UTF-8 text: the bytes at this place are not valid`,
      remedy: `save the ${limits.what} as UTF-8`,
    });
  }
}

function checkText(source: string, text: string, size: number, limits: TextLimits): string | InputError {
  if (size > limits.maxBytes) {
    return inputError({
      source,
      message: `is too large: ${size} bytes, a ${limits.what} may have ${limits.maxBytes}`,
      remedy: `is this the right file? A ${limits.what} of this size is refused before it is read`,
    });
  }
  if (text.includes('\0')) return binary(source, limits);
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function binary(source: string, limits: TextLimits): InputError {
  return inputError({
    source,
    message: `is a binary file: it contains NUL bytes, a ${limits.what} is UTF-8 text`,
    remedy: 'give the text file itself, not an archive of it; save UTF-16 text as UTF-8',
  });
}

function unreadable(source: string, failure: { code?: string; message: string }, limits: TextLimits): InputError {
  switch (failure.code ?? '') {
    case 'ENOENT':
    case 'ENOTDIR':
      return inputError({ source, message: 'no such file', remedy: `check the path of the ${limits.what}` });
    case 'EISDIR':
      return inputError({ source, message: `is a directory, not a ${limits.what} file`, remedy: 'name a file in it' });
    case 'EACCES':
    case 'EPERM':
      return inputError({ source, message: 'may not be read', remedy: 'check the permissions of the file' });
    case 'ERR_FS_FILE_TOO_LARGE':
    case 'ERR_STRING_TOO_LONG':
      return inputError({ source, message: `is too large for a ${limits.what}`, remedy: 'is this the right file?' });
    default:
      return inputError({ source, message: `cannot be read: ${failure.message}`, remedy: null });
  }
}

/** Line and column, both from 1, of a character offset. */
export function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, Math.max(0, offset));
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) line++;
  return { line, column: before.length - lineStart + 1 };
}

/** The line around an offset, with `length` characters from there underlined. */
export function excerptAt(text: string, offset: number, length: number): Excerpt {
  const place = placeAt(text, offset);
  const start = offset - place.column + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
  const inLine = Math.max(1, Math.min(length, line.length - place.column + 1));
  return { line: place.line, text: line, column: place.column, length: inLine };
}

/** `path` seen from the folder of `file`; absolute paths and paths from the current directory stay. */
export function resolveBeside(file: string, path: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(path)) return path;
  const slash = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  return slash < 0 ? path : `${file.slice(0, slash + 1)}${path}`;
}

/** Last part of a path without its extension. */
export function baseNameOf(path: string): string {
  const file = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const dot = file.lastIndexOf('.');
  return dot > 0 ? file.slice(0, dot) : file;
}
