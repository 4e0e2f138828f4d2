/** Names over the lines and brackets over what lives and dies together; the names again further down. */
import type { History } from '../../models/dataflow/history-data.ts';
import { HEADER_CHARACTERS_MAX, type Layout } from './layout.ts';
import { coordinate, element, escapeMarkup, shortened } from './markup.ts';

export function heads(history: History, layout: Layout, heading: string): string {
  const parts =
    heading === '' ? [] : [element('text', { class: 'title', x: 6, y: 20 }, escapeMarkup(shortened(heading, 110)))];
  parts.push(groups(history, layout));
  for (const [line, { name }] of history.lines.entries()) {
    const x = layout.columns[line]!;
    const y = layout.top - 20;
    parts.push(
      layout.slanted
        ? element('text', { class: 'head', transform: aslant(x, y) }, escapeMarkup(name))
        : element('text', { class: 'head', x, y, 'text-anchor': 'middle' }, escapeMarkup(name)),
    );
    for (const header of layout.headers) parts.push(headAgain(name, x, header, layout));
  }
  return parts.join('');
}

/** The name once more, so that a reader far down still knows the line. */
function headAgain(name: string, x: number, y: number, { slanted, columnWidth }: Layout): string {
  const text = (charactersMax: number): string => escapeMarkup(shortened(name, charactersMax));
  return slanted
    ? element('text', { class: 'dim tag', transform: aslant(x, y) }, text(HEADER_CHARACTERS_MAX))
    : element('text', { class: 'dim tag', x, y: y + 4, 'text-anchor': 'middle' }, text(Math.floor(columnWidth / 6.9)));
}

const aslant = (x: number, y: number): string => `translate(${x.toFixed(0)} ${y.toFixed(0)}) rotate(-40)`;

/** A bracket over neighbours that live and die together. */
function groups({ lines }: History, { columns, columnWidth }: Layout): string {
  const parts: string[] = [];
  for (let first = 0; first < lines.length;) {
    const { group, name } = lines[first]!;
    let last = first;
    while (lines[last + 1]?.group === group) last++;
    if (group !== name) {
      const [x1, x2] = [columns[first]! - columnWidth * 0.36, columns[last]! + columnWidth * 0.36];
      const text = shortened(group, Math.floor((x2 - x1 + columnWidth * 0.25) / 6));
      const middle = { class: 'dim', x: (x1 + x2) / 2, y: 34, 'text-anchor': 'middle' };
      parts.push(element('text', middle, escapeMarkup(text)));
      parts.push(element('path', { d: `M${coordinate(x1)} 44v-4H${coordinate(x2)}v4`, class: 'rail', fill: 'none' }));
    }
    first = last + 1;
  }
  return parts.join('');
}
