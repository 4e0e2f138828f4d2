/** What the marks and lines of this picture mean: only those that occur in it. */
import type { History, HistoryMessageKind } from '../../models/dataflow/history-data.ts';
import type { Layout } from './layout.ts';
import { MARKS } from './look.ts';
import { mark } from './mark.ts';
import { element, escapeMarkup } from './markup.ts';
import { MESSAGE_COLOUR } from './messages.ts';

const MESSAGE_MEANS: Readonly<Record<HistoryMessageKind, string>> = {
  record: 'record',
  barrier: 'barrier',
  marker: 'marker or cancellation',
  control: 'coordination',
  rpc: 'coordination',
  upload: 'write to the store',
  commit: 'output',
};

interface Entry {
  readonly text: string;
  readonly sign: (x: number, y: number) => string;
}

export function legend(history: History, layout: Layout): { markup: string; height: number } {
  const entries = entriesOf(history, layout);
  const top = layout.height + 14;
  const parts: string[] = [];
  let x = 12;
  let y = top;
  for (const { text, sign } of entries) {
    const width = 34 + text.length * 6.6 + 18;
    if (x + width > layout.width && x > 12) {
      x = 12;
      y += 20;
    }
    parts.push(sign(x, y), element('text', { class: 'dim', x: x + 34, y: y + 4 }, escapeMarkup(text)));
    x += width;
  }
  return { markup: element('g', {}, parts.join('')), height: entries.length === 0 ? 0 : y - layout.height + 20 };
}

function entriesOf(history: History, layout: Layout): Entry[] {
  const entries = new Map<string, Entry>();
  const add = (text: string, sign: Entry['sign']): void => {
    if (!entries.has(text)) entries.set(text, { text, sign });
  };
  const line =
    (look: Readonly<Record<string, string>>) =>
    (x: number, y: number): string =>
      element('line', { x1: x, x2: x + 26, y1: y, y2: y, ...look });
  for (const event of history.events) {
    if (layout.y.has(event.n)) add(MARKS[event.kind].means, (x, y) => mark(MARKS[event.kind], x + 13, y));
  }
  for (const { from, to, kind } of history.messages) {
    if (!layout.y.has(from) && (to === null || !layout.y.has(to))) continue;
    const isFaint = kind === 'rpc' || kind === 'control';
    add(
      `→ ${MESSAGE_MEANS[kind]}`,
      line({
        stroke: `var(${MESSAGE_COLOUR[kind]})`,
        'stroke-width': '2',
        ...(isFaint ? { 'stroke-dasharray': '3 3' } : {}),
      }),
    );
  }
  if (history.cuts.some(({ points }) => points.some(({ event }) => layout.y.has(event)))) {
    const name = history.timed ? 'what the start goes back to' : 'cut (dashed: never complete)';
    add(name, line({ class: 'cut' }));
  }
  const spans = history.spans.filter(({ from, to }) => from <= layout.last && (to ?? layout.last) >= layout.first);
  if (spans.some(({ kind }) => kind === 'dead')) add('down', line({ class: 'dead' }));
  if (spans.some(({ kind }) => kind === 'blocked')) add('inputs held back', line({ class: 'hold' }));
  if ((history.violation?.messages.length ?? 0) > 0) add('guilty', line({ class: 'm guilty' }));
  return [...entries.values()];
}
