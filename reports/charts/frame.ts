/** The part that all charts share: the outer element with its description, axes with ticks and grid, the key beside them. */
import { count } from '../numbers.ts';
import { coordinate, element, escapeMarkup } from '../space-time/markup.ts';
import type { Scale } from './scale.ts';

/** Width of a chart in its own units: drawn small, so that its text stays readable on a phone. */
export const WIDTH = 440;

/** A picture with what is said about it; `svg` and `key` are markup. */
export interface Chart {
  readonly svg: string;
  readonly key: string;
}

/** Colours of series by number, 1 to 8, as style sheet classes `c1` to `c8`. */
export type Colour = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface KeyEntry {
  readonly name: string;
  readonly colour: Colour;
  readonly shape: 'line' | 'dashed' | 'point' | 'hollow' | 'cross' | 'band' | 'area';
}

export interface Picture {
  readonly height: number;
  /** What the chart is, in a few words, and what it shows, in a sentence; both are read aloud. */
  readonly title: string;
  readonly description: string;
  readonly body: string;
}

/** The whole picture. */
export function picture({ height, title, description, body }: Picture): string {
  return element(
    'svg',
    {
      class: 'tm-chart',
      role: 'img',
      'aria-label': `${title}. ${description}`,
      viewBox: `0 0 ${WIDTH} ${coordinate(height)}`,
    },
    body,
  );
}

/** What colours and shapes mean. */
export function keyOf(entries: readonly KeyEntry[]): string {
  const items = entries.map(({ name, colour, shape }) => {
    const sample = element(
      'svg',
      { class: 'tm-chart', width: '22', height: '12', viewBox: '0 0 22 12', 'aria-hidden': 'true' },
      sampleOf(shape, colour),
    );
    return element('li', {}, `${sample}${escapeMarkup(name)}`);
  });
  return element('ul', { class: 'key' }, items.join(''));
}

function sampleOf(shape: KeyEntry['shape'], colour: Colour): string {
  switch (shape) {
    case 'line':
    case 'dashed':
      return element('path', { class: `line c${colour}${shape === 'dashed' ? ' dashed' : ''}`, d: 'M1 6H21' });
    case 'point':
    case 'hollow':
    case 'cross':
      return pointMark(shape, colour, 11, 6);
    case 'band':
      return element('rect', { class: `band c${colour}`, x: 1, y: 1, width: 20, height: 10 });
    case 'area':
      return element('rect', { class: `area c${colour}`, x: 1, y: 1, width: 20, height: 10 });
  }
}

/** A mark at a place; those that are not full are told apart without colour, too. */
export function pointMark(shape: 'point' | 'hollow' | 'cross', colour: Colour, x: number, y: number): string {
  switch (shape) {
    case 'point':
      return element('circle', { class: `dot c${colour}`, cx: x, cy: y, r: 3.2 });
    case 'hollow':
      return element('circle', { class: `hollow c${colour}`, cx: x, cy: y, r: 3.4 });
    case 'cross': {
      const [left, right, top, bottom] = [x - 3.5, x + 3.5, y - 3.5, y + 3.5].map(coordinate);
      return element('path', {
        class: `cross c${colour}`,
        d: `M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}`,
      });
    }
  }
}

/** A place inside the margins of a picture. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface AxisText {
  /** What is measured, with its unit. */
  readonly label: string;
}

/** Ticks, names and label below the area, with grid lines through it. */
export function bottomAxis(scale: Scale, { label }: AxisText, area: Area): string {
  const ticks = apart(scale).map(([tick, text]) => {
    const x = scale.at(tick);
    return (
      element('line', { class: 'grid', x1: x, x2: x, y1: area.top, y2: area.bottom }) +
      element('text', { class: 'tick', x, y: area.bottom + 15, 'text-anchor': 'middle' }, escapeMarkup(text))
    );
  });
  const middle = (area.left + area.right) / 2;
  const name = { class: 'label', x: middle, y: area.bottom + 32, 'text-anchor': 'middle' };
  return (
    ticks.join('') +
    element('line', { class: 'axis', x1: area.left, x2: area.right, y1: area.bottom, y2: area.bottom }) +
    element('text', name, escapeMarkup(label))
  );
}

/** Ticks and names left of the area, the label above it. */
export function leftAxis(scale: Scale, { label }: AxisText, area: Area): string {
  const ticks = scale.ticks.map((tick) => {
    const y = scale.at(tick);
    return (
      element('line', { class: 'grid', x1: area.left, x2: area.right, y1: y, y2: y }) +
      element('text', { class: 'tick', x: area.left - 6, y: y + 4, 'text-anchor': 'end' }, tickText(tick))
    );
  });
  return (
    ticks.join('') +
    element('line', { class: 'axis', x1: area.left, x2: area.left, y1: area.top, y2: area.bottom }) +
    element('text', { class: 'label', x: 2, y: area.top - 12 }, escapeMarkup(label))
  );
}

/** `0.05`, `12`, `1,500`: a tick is round. */
function tickText(tick: number): string {
  const digits = Math.abs(tick) >= 1 || tick === 0 ? String(tick) : tick.toFixed(9).replace(/0+$/, '');
  return Number.isInteger(tick) ? count(tick) : digits;
}

/** Pixels of a character of a tick, where the page is narrow and text is drawn larger. */
const GLYPH = 7.6;

/** The ticks whose names do not run into each other, from the left. */
function apart(scale: Scale): (readonly [tick: number, text: string])[] {
  const kept: (readonly [number, string])[] = [];
  let taken = -Infinity;
  for (const tick of scale.ticks) {
    const text = tickText(tick);
    const half = (text.length * GLYPH) / 2;
    if (scale.at(tick) - half < taken) continue;
    kept.push([tick, text]);
    taken = scale.at(tick) + half + 4;
  }
  return kept;
}
