/**
 * Reads a CSV file row by row without building rows: columns are found by name in the header, and a callback gets each
 * wanted field as a span of the text. Fast enough for millions of lines; quotes, CRLF and blank lines are understood.
 */
import { inputError, type InputError } from './input-error.ts';
import { excerptAt } from './source-text.ts';

/** Reads one row; `fields[i]` is the text of the i-th wanted column. Returns null, or which field is wrong and why. */
export type ReadRow = (fields: readonly string[], row: number) => CsvProblem | null;

export interface CsvProblem {
  /** Index of the wanted column. */
  readonly field: number;
  readonly message: string;
  readonly remedy: string | null;
}

const COMMA = 44;
const QUOTE = 34;
const LF = 10;
const CR = 13;

/** Reads all rows; gives their number, or the first thing that is wrong. */
export function readCsv(source: string, text: string, columns: readonly string[], read: ReadRow): number | InputError {
  const scanner: Scanner = { text, at: 0, fields: [], starts: [], unclosed: -1 };
  if (text.trim() === '') {
    return inputError({
      source,
      message: 'is empty',
      remedy: `the first line names the columns: ${columns.join(',')}`,
    });
  }
  nextRow(scanner);
  const header = scanner.fields.map((name) => name.trim().toLowerCase());
  const wanted = columns.map((column) => header.indexOf(column));
  const missing = columns.filter((_, i) => wanted[i] === -1);
  if (missing.length > 0) return missingColumns(source, text, columns, missing, header);

  const values: string[] = columns.map(() => '');
  const needed = Math.max(...wanted) + 1;
  let row = 0;
  while (scanner.at < text.length) {
    const rowStart = scanner.at;
    nextRow(scanner);
    if (scanner.unclosed >= 0) {
      return problemAt(
        source,
        text,
        scanner.unclosed,
        1,
        null,
        'this quote is never closed',
        'close it, or write "" for a quote',
      );
    }
    if (scanner.fields.length === 1 && (scanner.fields[0] as string).trim() === '') continue;
    if (scanner.fields.length < needed) {
      const message = `this row has ${scanner.fields.length} of ${header.length} fields`;
      return problemAt(
        source,
        text,
        rowStart,
        1,
        null,
        message,
        `every row needs ${columns.join(', ')}; was the file cut off?`,
      );
    }
    for (let i = 0; i < wanted.length; i++) values[i] = (scanner.fields[wanted[i] as number] as string).trim();
    const problem = read(values, row);
    if (problem !== null) {
      const column = wanted[problem.field] as number;
      const start = scanner.starts[column] as number;
      const length = Math.max(1, (scanner.fields[column] as string).length);
      return problemAt(source, text, start, length, columns[problem.field] as string, problem.message, problem.remedy);
    }
    row++;
  }
  return row;
}

interface Scanner {
  readonly text: string;
  at: number;
  fields: string[];
  starts: number[];
  /** Offset of a quote that is never closed, or -1. */
  unclosed: number;
}

function nextRow(scanner: Scanner): void {
  const { text } = scanner;
  scanner.fields = [];
  scanner.starts = [];
  let start = scanner.at;
  let i = start;
  for (;;) {
    if (text.charCodeAt(i) === QUOTE && i === start) {
      const end = closingQuote(text, i);
      if (end < 0) {
        scanner.unclosed = i;
        scanner.at = text.length;
        return;
      }
      let after = end + 1;
      while (after < text.length && text.charCodeAt(after) !== COMMA && text.charCodeAt(after) !== LF) after++;
      scanner.fields.push(text.slice(start + 1, end).replaceAll('""', '"'));
      scanner.starts.push(start + 1);
      i = after;
    } else {
      let code = text.charCodeAt(i);
      while (i < text.length && code !== COMMA && code !== LF) code = text.charCodeAt(++i);
      const end = i > start && text.charCodeAt(i - 1) === CR ? i - 1 : i;
      scanner.fields.push(text.slice(start, end));
      scanner.starts.push(start);
    }
    if (i >= text.length || text.charCodeAt(i) === LF) {
      scanner.at = i + 1;
      return;
    }
    start = ++i;
  }
}

function closingQuote(text: string, open: number): number {
  let i = text.indexOf('"', open + 1);
  while (i >= 0 && text.charCodeAt(i + 1) === QUOTE) i = text.indexOf('"', i + 2);
  return i;
}

function missingColumns(
  source: string,
  text: string,
  columns: readonly string[],
  missing: readonly string[],
  header: readonly string[],
): InputError {
  const excerpt = excerptAt(text, 0, text.length);
  const separator = header.length === 1 && /[;\t]/.test(header[0] as string);
  const found = `found ${header
    .map((name) => (name === '' ? '(empty)' : name))
    .slice(0, 8)
    .join(', ')}`;
  return inputError({
    source,
    line: 1,
    column: 1,
    message: `has no column ${missing.join(' and no column ')}; ${found}`,
    remedy: separator ? 'separate the columns by commas' : `the first line must name the columns ${columns.join(',')}`,
    excerpt,
  });
}

function problemAt(
  source: string,
  text: string,
  offset: number,
  length: number,
  path: string | null,
  message: string,
  remedy: string | null,
): InputError {
  const excerpt = excerptAt(text, offset, length);
  return inputError({ source, line: excerpt.line, column: excerpt.column, path, message, remedy, excerpt });
}

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Microseconds from 1970-01-01 of `YYYY-MM-DD HH:MM:SS` or its ISO form; null when it is not one. Local times are taken
 * as they stand: without a zone, a clock change shows as a jump.
 */
export function parseTimestamp(text: string): number | null {
  const match = TIMESTAMP.exec(text);
  if (match === null) return null;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4] ?? 0);
  const minute = Number(match[5] ?? 0);
  const second = Number(match[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 24 || minute > 59 || second > 60) return null;
  const fraction = Number((match[7] ?? '').padEnd(6, '0').slice(0, 6));
  const seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - zoneSeconds(match[8]);
  return seconds * 1_000_000 + fraction;
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  const seconds = Number(digits.slice(1, 3)) * 3600 + Number(digits.slice(3, 5)) * 60;
  return digits.startsWith('-') ? -seconds : seconds;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of the proleptic Gregorian calendar, counted in years that begin in March. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
