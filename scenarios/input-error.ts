/**
 * A mistake in something the user wrote, as a value: where it stands, what is wrong, what to write instead. Scenario
 * files, properties files, traces and `--set` options all report through this one shape, so that every message reads
 * alike: place, sentence, the offending text with a caret under it, remedy.
 */

/** The offending line, with the part to underline; `column` and `length` count characters from 1. */
export interface Excerpt {
  readonly line: number;
  readonly text: string;
  readonly column: number;
  readonly length: number;
}

export interface InputError {
  /** File name as the user gave it, or the option, for instance `--set load.rat=5`. */
  readonly source: string;
  readonly line: number | null;
  readonly column: number | null;
  /** Dotted path of the value inside the file; null when the file as a whole is meant. */
  readonly path: string | null;
  readonly message: string;
  /** The known name nearest to what was written. */
  readonly suggestion: string | null;
  readonly remedy: string | null;
  readonly excerpt: Excerpt | null;
}

/** Builds an InputError from what is known; everything left out is null. */
export function inputError(error: Pick<InputError, 'source' | 'message'> & Partial<InputError>): InputError {
  return { line: null, column: null, path: null, suggestion: null, remedy: null, excerpt: null, ...error };
}

/** Longest part of a line that is printed. */
const EXCERPT_WIDTH = 100;

/** Two to four lines of text without a final newline: place and sentence, excerpt, remedy. */
export function renderInputError(error: InputError): string {
  const at = error.line === null ? '' : `:${error.line}${error.column === null ? '' : `:${error.column}`}`;
  const path = error.path === null || error.path === '' ? '' : ` ${error.path}:`;
  const asked = error.suggestion === null ? '' : ` - did you mean "${error.suggestion}"?`;
  const separator = path === '' ? ':' : '';
  const lines = [`${error.source}${at}${separator}${path} ${error.message}${asked}`];
  if (error.excerpt !== null) lines.push(...renderExcerpt(error.excerpt));
  if (error.remedy !== null) lines.push(`   remedy: ${error.remedy}`);
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** All errors of one input, in order, at most `limit` of them in full. */
export function renderInputErrors(errors: readonly InputError[], limit = 20): string {
  const shown = errors.slice(0, limit).map(renderInputError);
  if (errors.length > limit) shown.push(`… and ${errors.length - limit} more`);
  return shown.join('\n');
}

function renderExcerpt(excerpt: Excerpt): readonly string[] {
  const number = String(excerpt.line).padStart(2);
  const start = Math.max(0, Math.min(excerpt.column - 1 - EXCERPT_WIDTH / 2, excerpt.text.length - EXCERPT_WIDTH));
  // Control characters would move the caret or the terminal.
  const shown = excerpt.text.slice(start, start + EXCERPT_WIDTH).replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
  const indent = excerpt.column - 1 - start;
  const length = Math.max(1, Math.min(excerpt.length, shown.length - indent));
  return [`${number} | ${shown}`, `${' '.repeat(number.length)} | ${' '.repeat(indent)}${'^'.repeat(length)}`];
}
