/**
 * Lines of text for a terminal: wrapping, sections, and tables whose cells wrap. Everything returns lines without a
 * newline, and no line is longer than the width asked for unless a single word is.
 */
import { max } from 'd3-array';
import { plain, type Style } from './style.ts';

/** The width of a run report. */
export const REPORT_WIDTH = 100;

export interface WrapOptions {
  readonly width: number;
  /** Put before the first line; counts towards the width. */
  readonly first: string;
  /** Put before every further line. */
  readonly rest: string;
}

/** Breaks a text at spaces. A word longer than the width gets its own line, whole: commands and ids must stay pasteable. */
export function wrap(text: string, { width, first, rest }: WrapOptions): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ' ' + word;
    empty = false;
  }
  lines.push(line);
  return lines;
}

/** A paragraph with the same indent on each line. */
export function paragraph(text: string, indent = '  ', width: number = REPORT_WIDTH): readonly string[] {
  return wrap(text, { width, first: indent, rest: indent });
}

/** How a labelled text is laid out; every part has a default. */
export interface LabelOptions {
  readonly indent?: string;
  readonly labelWidth?: number;
  readonly width?: number;
}

/** A name at the left margin and text beside it, wrapped under itself: `notes      first note …`. */
export function labelled(label: string, text: string, options: LabelOptions = {}): readonly string[] {
  const { indent = '  ', labelWidth = 14, width = REPORT_WIDTH } = options;
  const first = indent + label.padEnd(labelWidth) + (label.length > 0 && label.length >= labelWidth ? ' ' : '');
  return wrap(text, { width, first, rest: ' '.repeat(indent.length + labelWidth) });
}

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers are aligned right, words left. */
  readonly align: 'left' | 'right';
  /** Cells longer than this wrap; without it a column is as wide as its longest cell. */
  readonly wrapAt?: number;
}

export interface TableOptions {
  readonly indent?: string;
  readonly gap?: string;
  readonly style?: Style;
  /** Draw a rule between rows, which helps as soon as cells wrap. */
  readonly ruled?: boolean;
}

/** A table: titles, then rows; cells that wrap, or hold a line break, make their row taller. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): readonly string[] {
  const { indent = '  ', gap = '  ', style = plain, ruled = false } = options;
  const cells = [columns.map((column) => column.title), ...rows].map((row) =>
    columns.map((column, i) => (row[i] ?? '').split('\n').flatMap((line) => cellLines(line, column.wrapAt))),
  );
  const widths = columns.map((_, i) => max(cells, (row) => max(row[i] ?? [], length) ?? 0) ?? 0);
  const rule = indent + widths.map((width) => '-'.repeat(width)).join(gap);
  const lines: string[] = [];
  for (const [n, row] of cells.entries()) {
    const height = max(row, (cell) => cell.length) ?? 1;
    for (let y = 0; y < height; y += 1) {
      const line = row.map((cell, i) => pad(cell[y] ?? '', widths[i] ?? 0, columns[i]?.align ?? 'left')).join(gap);
      lines.push(n === 0 ? style('dim', (indent + line).trimEnd()) : (indent + line).trimEnd());
    }
    if (ruled && n < cells.length - 1) lines.push(style('dim', rule));
  }
  return lines;
}

/** Visible characters, not UTF-16 units. */
export function length(text: string): number {
  return Array.from(text).length;
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - length(text)));
  return align === 'left' ? text + space : space + text;
}

function cellLines(text: string, wrapAt: number | undefined): readonly string[] {
  if (wrapAt === undefined) return [text];
  return wrap(text, { width: wrapAt, first: '', rest: '' }).flatMap((line) => chopped(line, wrapAt));
}

/** A word that is wider than its column is cut: in a table the width wins over the word. */
function chopped(line: string, width: number): readonly string[] {
  const characters = Array.from(line);
  if (characters.length <= width) return [line];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += width) pieces.push(characters.slice(at, at + width).join(''));
  return pieces;
}
