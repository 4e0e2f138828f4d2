/**
 * A history as a space-time diagram: an SVG in one string, with its own style sheet, light and dark. Layers from back to
 * front: bands, rails, cuts, messages, marks, labels; guilty messages last, so that nothing hides them.
 */
import type { History, HistoryEvent, HistoryMessage } from '../../models/dataflow/history-data.ts';
import { duration, seconds } from '../numbers.ts';
import { heads } from './heads.ts';
import { LEFT, type Layout, ROW, TEXT_GLYPH, type WindowOptions, layoutOf } from './layout.ts';
import { legend } from './legend.ts';
import { MARKS, SVG_STYLE } from './look.ts';
import { mark } from './mark.ts';
import { element, escapeMarkup, shortened } from './markup.ts';
import { type DrawnMessage, drawMessage } from './messages.ts';

export interface SpaceTimeOptions extends WindowOptions {
  /** Records drawn like guilty ones, by name (`s0#0`); those of the violation always are. */
  readonly highlight?: readonly string[];
  /** `none` when the page around the picture says the title, the verdict and what is left out. */
  readonly heading?: 'title' | 'none';
}

/** The picture. Equal histories give equal bytes. */
export function spaceTimeSvg(history: History, options: SpaceTimeOptions = {}): string {
  const layout = layoutOf(history, options);
  const heading = options.heading === 'none' ? '' : history.title;
  const isGuilty = guiltOf(history, options.highlight ?? []);
  const messages = history.messages.map((message, i) => ({ message, guilty: isGuilty(message, i) }));
  const visible = messages.filter(({ message }) => isVisible(history, layout, message));
  const drawn = visible
    .toSorted((x, y) => depth(x.message, x.guilty) - depth(y.message, y.guilty))
    .map(({ message, guilty }): DrawnMessage => drawMessage(history, layout, message, guilty));
  const key = legend(history, layout);
  const footer = heading === '' ? { markup: '', height: 10 } : footerOf(history, layout, layout.height + key.height);
  const height = layout.height + key.height + footer.height;
  const body = [
    element('rect', { width: layout.width, height, fill: 'var(--bg)' }),
    bands(history, layout),
    rails(history, layout),
    heads(history, layout, heading),
    gaps(layout),
    cuts(history, layout),
    drawn.map(({ arrow }) => arrow).join(''),
    marks(history, layout),
    drawn.map(({ tag }) => tag).join(''),
    rowTexts(history, layout),
    key.markup,
    footer.markup,
  ];
  const description = descriptionOf(history, layout);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'tm-st',
      role: 'img',
      'aria-label': `Space-time diagram: ${history.title}. ${description}`,
      viewBox: `0 0 ${Math.ceil(layout.width)} ${Math.ceil(height)}`,
      width: String(Math.ceil(layout.width)),
      height: String(Math.ceil(height)),
    },
    `\n${element('title', {}, escapeMarkup(history.title))}${element('desc', {}, escapeMarkup(description))}\n` +
      `<style>${SVG_STYLE}</style>\n${body.filter((part) => part !== '').join('\n')}\n`,
  );
}

function guiltOf(history: History, records: readonly string[]): (message: HistoryMessage, index: number) => boolean {
  const guilty = new Set(history.violation?.messages);
  return (message, index) => guilty.has(index) || (message.record !== null && records.includes(message.record));
}

/** What coordinates lies below what is coordinated, and the guilty above all. */
function depth({ kind }: HistoryMessage, guilty: boolean): number {
  if (guilty) return 3;
  if (kind === 'barrier' || kind === 'marker') return 2;
  return kind === 'record' || kind === 'commit' ? 1 : 0;
}

/** A message is drawn when one of its ends is, or when it passes through the whole window. */
function isVisible(history: History, { first, last }: Layout, message: HistoryMessage): boolean {
  const end = message.to ?? message.lost ?? history.events.length + 1;
  return message.from <= last && end >= first;
}

function descriptionOf(history: History, layout: Layout): string {
  const { violation } = history;
  const verdict = violation === null ? '' : ` Law ${violation.law} is violated: ${violation.statement}.`;
  const window = layout.notes.length === 0 ? '' : ` ${layout.notes.join(' ')}`;
  return (
    `${history.lines.length} lines (${history.lines.map(({ name }) => name).join(', ')}), time runs down, ` +
    `${layout.y.size} events, ${history.messages.length} messages.${verdict}${window} All events are listed in the table.`
  );
}

function bands(history: History, layout: Layout): string {
  const { textX, bottom } = layout;
  const right = textX + layout.textWidth - 4;
  const parts: string[] = [];
  for (const [i, { event, attempt }] of history.attempts.entries()) {
    const next = history.attempts[i + 1];
    const y = layout.y.get(event) ?? (event < layout.first ? layout.top : undefined);
    if (y === undefined) continue;
    const end = next === undefined ? bottom + ROW / 2 : (layout.y.get(next.event) ?? bottom + ROW) - ROW / 2;
    if (end <= y) continue;
    if (i % 2 === 0)
      parts.push(element('rect', { class: 'attempt', x: 0, y: y - ROW / 2, width: right, height: end - y + ROW / 2 }));
    if (layout.y.has(event)) parts.push(element('text', { class: 'dim', x: 6, y: y + 4 }, `attempt ${attempt}`));
  }
  const at = history.violation?.event;
  const y = at === null || at === undefined ? undefined : layout.y.get(at);
  if (y !== undefined)
    parts.push(element('rect', { class: 'badband', x: 0, y: y - ROW / 2, width: right, height: ROW }));
  for (const row of layout.rows) {
    parts.push(element('line', { class: 'grid', x1: layout.columns[0]! - 14, x2: textX - 12, y1: row.y, y2: row.y }));
  }
  return parts.join('');
}

function rails(history: History, layout: Layout): string {
  const { top, bottom } = layout;
  const edge = { top: top - 12, bottom: bottom + 10 };
  const clip = (event: number | null): number =>
    event === null || event > layout.last ? edge.bottom : event < layout.first ? edge.top : layout.y.get(event)!;
  const outside = (from: number, to: number | null): boolean =>
    from > layout.last || (to !== null && to < layout.first);
  return history.lines
    .map((_, line) => {
      const x = layout.columns[line]!;
      const parts: string[] = [];
      const spans = history.spans.filter((span) => span.line === line && !outside(span.from, span.to));
      let y = edge.top;
      for (const span of spans.filter(({ kind }) => kind === 'dead')) {
        parts.push(element('line', { class: 'rail', x1: x, x2: x, y1: y, y2: clip(span.from) }));
        y = clip(span.to);
        parts.push(element('line', { class: 'dead', x1: x, x2: x, y1: clip(span.from), y2: y }));
      }
      parts.push(element('line', { class: 'rail', x1: x, x2: x, y1: y, y2: edge.bottom }));
      for (const span of spans.filter(({ kind }) => kind === 'blocked')) {
        const bar = { class: 'hold', x1: x, x2: x, y1: clip(span.from), y2: clip(span.to) };
        parts.push(element('line', bar, element('title', {}, escapeMarkup(span.label))));
      }
      return parts.join('');
    })
    .join('');
}

/** A break across the picture: time goes on, and nothing shown happens. */
function gaps({ gaps: all, columns, textX }: Layout): string {
  return all
    .map(({ y, micros }) => {
      const ends = { x1: columns[0]! - 14, x2: textX - 12, y1: y, y2: y };
      const text = element('text', { class: 'dim', x: textX, y: y + 4 }, escapeMarkup(`${duration(micros)} later`));
      return element('line', { class: 'gap', ...ends }) + text;
    })
    .join('');
}

/** Cuts through more lines than these are drawn thinner: they go up and down too often. */
const MANY_LINES = 12;

/** Through the snapshot points from line to line, with its name at the left end, where names give way to each other. */
function cuts(history: History, layout: Layout): string {
  const taken: number[] = [];
  const parts: string[] = [];
  for (const cut of history.cuts) {
    const points = cut.points.flatMap(({ line, event }) => {
      const y = layout.y.get(event);
      return y === undefined ? [] : [[layout.columns[line]!, y] as const];
    });
    if (points.length === 0) continue;
    const [firstX, firstY] = points[0]!;
    const [lastX, lastY] = points.at(-1)!;
    let labelY = firstY + 4;
    while (taken.some((y) => Math.abs(y - labelY) < 13)) labelY += 13;
    taken.push(labelY);
    const from = Math.min(LEFT - 4, firstX - 16);
    const path: (readonly [number, number])[] = [
      [from, firstY],
      ...(from < firstX - 40 ? [[firstX - 24, firstY] as const] : []),
      ...points,
      [lastX + 18, lastY],
    ];
    const d = path.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(0)} ${y.toFixed(0)}`).join('');
    const isOpen = cut.complete === null && cut.checkpoint !== null;
    const state = `${isOpen ? ' open' : ''}${layout.columns.length > MANY_LINES ? ' many' : ''}`;
    const note = !isOpen ? cut.name : `${cut.name}, not complete`;
    parts.push(element('path', { class: `cut${state}`, d }, element('title', {}, escapeMarkup(note))));
    const text = escapeMarkup(shortened(cut.name, 15));
    parts.push(element('text', { class: 'tag', x: 6, y: labelY, style: 'fill:var(--cut);font-weight:600' }, text));
  }
  return parts.join('');
}

function marks(history: History, layout: Layout): string {
  const guilty = new Set(history.violation?.events);
  const here = placeToLookAt(history);
  return history.events
    .flatMap((event) => {
      const y = layout.y.get(event.n);
      if (y === undefined) return [];
      const x = layout.columns[event.line]!;
      const ring = guilty.has(event.n) ? element('circle', { class: 'ring', cx: x, cy: y, r: 8 }) : '';
      const named = element('title', {}, escapeMarkup(`${place(history, event)}: ${event.label}`));
      const id = event.n === here ? PLACE_ID : undefined;
      return [element('g', { id }, named + mark(MARKS[event.kind], x, y) + ring)];
    })
    .join('');
}

/** Fragment of the page's address that leads to the mark of `placeToLookAt`. */
export const PLACE_ID = 'tm-here';

/** The event at which a law broke, else the first crash; null: nothing went wrong. */
export function placeToLookAt({ violation, events }: History): number | null {
  return violation?.event ?? events.find(({ kind }) => kind === 'crash')?.n ?? null;
}

/** Step or time of an event, as it stands beside its row. */
export function place({ timed }: Pick<History, 'timed'>, event: HistoryEvent): string {
  return timed ? seconds(event.atMicros ?? 0) : String(event.step);
}

function rowTexts(history: History, layout: Layout): string {
  const { numberWidth } = layout;
  const charactersMax = Math.floor((layout.textWidth - numberWidth) / TEXT_GLYPH);
  const broken = history.violation?.event;
  let lastPlace = '';
  return layout.rows
    .map(({ y, event }) => {
      const at = place(history, event);
      const number = at === lastPlace ? '' : at;
      lastPlace = at;
      const x = layout.textX + numberWidth;
      const isBad = event.kind === 'crash' || event.n === broken;
      const label = escapeMarkup(shortened(event.label, charactersMax));
      return (
        (number === '' ? '' : element('text', { class: 'num', x: x - 8, y: y + 4, 'text-anchor': 'end' }, number)) +
        element('text', { class: isBad ? 'bad' : undefined, x, y: y + 4 }, label)
      );
    })
    .join('');
}

function footerOf(history: History, layout: Layout, top: number): { markup: string; height: number } {
  const lines: { text: string; style: string }[] = [];
  const { violation } = history;
  if (violation !== null) {
    lines.push({
      text: `VIOLATED  ${violation.law}: ${violation.statement}${violation.atEnd ? ' (seen at the end)' : ''}`,
      style: 'bad head',
    });
  }
  for (const note of layout.notes) lines.push({ text: note, style: 'dim' });
  const charactersMax = Math.floor((layout.width - 20) / 6.6);
  const markup = lines
    .map(({ text, style }, i) =>
      element('text', { class: style, x: 6, y: top + 16 + i * 18 }, escapeMarkup(shortened(text, charactersMax))),
    )
    .join('');
  return { markup, height: lines.length * 18 + 10 };
}
