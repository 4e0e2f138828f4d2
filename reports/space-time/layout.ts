/**
 * Where everything of a space-time diagram stands: one column per line of the history, time running down, one row per
 * action. What happens stands in words beside its row, so labels have a place of their own and cannot overlap, however
 * many tasks there are. A history that is too long is cut to a window, and the cut is said.
 */
import type { History, HistoryEvent } from '../../models/dataflow/history-data.ts';
import { count, plural } from '../numbers.ts';

export interface WindowOptions {
  /** First and last event shown, by number; whole steps are kept. */
  readonly from?: number;
  readonly to?: number;
}

/** One row of the picture: what happened at one moment, told by its first event. */
export interface Row {
  readonly y: number;
  readonly event: HistoryEvent;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Of the first and the last row. */
  readonly top: number;
  readonly bottom: number;
  readonly columns: readonly number[];
  readonly columnWidth: number;
  /** Names of the lines do not fit their columns and are written aslant. */
  readonly slanted: boolean;
  readonly textX: number;
  /** Space for what stands beside a row, its number included. */
  readonly textWidth: number;
  readonly numberWidth: number;
  readonly rows: readonly Row[];
  /** Long stretches in which nothing shown happened: where, and how long. */
  readonly gaps: readonly { readonly y: number; readonly micros: number }[];
  /** Rows in front of which the names of the lines are repeated: the y of the repetition. */
  readonly headers: readonly number[];
  readonly first: number;
  readonly last: number;
  /** By event number; events outside the window have none. */
  readonly y: ReadonlyMap<number, number>;
  /** What is not shown, in sentences. */
  readonly notes: readonly string[];
}

export const ROW = 22;
export const LEFT = 96;
const ROWS_MAX = 120;
const HEADER_EVERY = 40;
const HEADER = 30;
/** The same where the names stand aslant, shortened to so many characters. */
const SLANTED_HEADER = 66;
export const HEADER_CHARACTERS_MAX = 14;
const GAP = 20;
/** Width of a character beside a row, in the widest of the usual fonts. */
export const TEXT_GLYPH = 6.9;
const TEXT_CHARACTERS_MAX = 76;
/** Shorter ones can be read off the times beside the rows. */
const GAP_MICROS = 1_000_000;
const TITLE = 34;
/** Width of one character of a line's name, on the safe side. */
const GLYPH = 6.8;

export function layoutOf(history: History, options: WindowOptions): Layout {
  const { first, last } = windowOf(history, options);
  const shown = history.events.filter(({ n }) => n >= first && n <= last);
  const columnWidth = history.lines.length <= 6 ? 76 : history.lines.length <= 12 ? 62 : 36;
  const columns = history.lines.map((_, i) => LEFT + 20 + i * columnWidth);
  const slanted = history.lines.some(({ name }) => name.length * GLYPH > columnWidth - 8);
  const longest = Math.max(0, ...history.lines.map(({ name }) => name.length));
  const grouped = history.lines.some(({ name, group }) => group !== name);
  const top = TITLE + (grouped ? 34 : 0) + (slanted ? 24 + Math.ceil(longest * GLYPH * 0.6) : 34);
  const { rowOf, rowCount } = placeRows(history, shown);
  const headers: number[] = [];
  const header = slanted ? SLANTED_HEADER : HEADER;
  const waits = waitsOf(history, shown, rowOf);
  const gapsUntil = (row: number): number => waits.filter((wait) => wait.row <= row).length;
  const yOfRow = (row: number): number =>
    top + row * ROW + Math.floor(row / HEADER_EVERY) * header + gapsUntil(row) * GAP;
  for (let row = HEADER_EVERY; row < rowCount; row += HEADER_EVERY) {
    const isAfterGap = waits.some((wait) => wait.row === row);
    headers.push(yOfRow(row) - ROW + (slanted ? 2 : -4) - (isAfterGap ? GAP : 0));
  }
  const y = new Map<number, number>();
  const rows: (Row | undefined)[] = [];
  for (const event of shown) {
    const row = rowOf.get(event.n)!;
    y.set(event.n, yOfRow(row));
    if (rows[row] === undefined || (rows[row].event.secondary && !event.secondary))
      rows[row] = { y: yOfRow(row), event };
  }
  const numberWidth = history.timed ? 88 : 34;
  const longestText = Math.max(0, ...rows.map((row) => row?.event.label.length ?? 0));
  const textWidth = numberWidth + Math.min(TEXT_CHARACTERS_MAX, Math.max(30, longestText)) * TEXT_GLYPH + 4;
  const textX = columns.at(-1)! + 36;
  const bottom = yOfRow(Math.max(0, rowCount - 1));
  return {
    width: textX + textWidth,
    height: bottom + ROW,
    top,
    bottom,
    columns,
    columnWidth,
    slanted,
    textX,
    textWidth,
    numberWidth,
    rows: rows.filter((row) => row !== undefined),
    gaps: waits.map(({ row, micros }) => ({ y: yOfRow(row) - (ROW + GAP) / 2, micros })),
    headers,
    first,
    last,
    y,
    notes: notesOf(history, first, last),
  };
}

/** The window in whole steps. Without a choice: everything, or what led to the breach, or the beginning. */
function windowOf(history: History, { from, to }: WindowOptions): { first: number; last: number } {
  const { events } = history;
  if (events.length === 0) return { first: 1, last: 0 };
  const wholeFrom = (n: number): number => events.find(({ step }) => step === events[n - 1]!.step)!.n;
  const wholeTo = (n: number): number => events.findLast(({ step }) => step === events[n - 1]!.step)!.n;
  const clamp = (n: number): number => Math.min(events.length, Math.max(1, Math.round(n)));
  if (from !== undefined || to !== undefined) {
    const first = wholeFrom(clamp(from ?? (to === undefined ? 1 : to - ROWS_MAX)));
    const last = wholeTo(clamp(to ?? first + ROWS_MAX));
    return { first, last: Math.max(last, wholeTo(first)) };
  }
  // A timed history is a window already, chosen when it was recorded.
  if (history.timed || events.length <= ROWS_MAX * 1.5) return { first: 1, last: events.length };
  const end = history.violation === null ? null : (history.violation.event ?? events.length);
  if (end === null) return { first: 1, last: wholeTo(ROWS_MAX) };
  return { first: wholeFrom(clamp(end - ROWS_MAX)), last: wholeTo(clamp(end)) };
}

/** Events of one step share a row unless they follow each other on a line; nothing stands above its cause. */
function placeRows(
  history: History,
  shown: readonly HistoryEvent[],
): { rowOf: ReadonlyMap<number, number>; rowCount: number } {
  const causes = new Map<number, number[]>();
  for (const { from, to } of history.messages) {
    if (to === null || history.events[from - 1]!.step !== history.events[to - 1]!.step) continue;
    causes.set(to, [...(causes.get(to) ?? []), from]);
  }
  const rowOf = new Map<number, number>();
  let next = 0;
  let stepStart = 0;
  let step = -1;
  let lastOnLine = new Map<number, number>();
  for (const event of shown) {
    if (event.step !== step) {
      step = event.step;
      stepStart = next;
      lastOnLine = new Map();
    }
    const afterOwn = (lastOnLine.get(event.line) ?? stepStart - 1) + 1;
    const row = Math.max(afterOwn, ...(causes.get(event.n) ?? []).map((n) => rowOf.get(n) ?? 0));
    rowOf.set(event.n, row);
    lastOnLine.set(event.line, row);
    next = Math.max(next, row + 1);
  }
  return { rowOf, rowCount: next };
}

/** Rows of timed histories before which nothing happened for long. */
function waitsOf(
  { timed }: History,
  shown: readonly HistoryEvent[],
  rowOf: ReadonlyMap<number, number>,
): readonly { readonly row: number; readonly micros: number }[] {
  if (!timed) return [];
  const waits: { row: number; micros: number }[] = [];
  for (const [i, { n, atMicros }] of shown.entries()) {
    const before = shown[i - 1]?.atMicros ?? null;
    if (before === null || atMicros === null || atMicros - before < GAP_MICROS) continue;
    waits.push({ row: rowOf.get(n)!, micros: atMicros - before });
  }
  return waits;
}

function notesOf(history: History, first: number, last: number): string[] {
  const notes: string[] = [...history.notes];
  const total = history.events.length;
  const left: string[] = [];
  if (first > 1) left.push(`${plural(first - 1, 'event')} before`);
  if (last < total) left.push(`${plural(total - last, 'event')} after`);
  if (left.length > 0) {
    notes.unshift(
      `Shown are events ${count(first)} to ${count(last)} of ${count(total)}; left out: ${left.join(', ')}.`,
    );
  }
  return notes;
}
