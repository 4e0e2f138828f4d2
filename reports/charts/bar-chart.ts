/** Horizontal bars, each cut into parts that follow one another: where the time of a task went, the stages of a recovery. */
import { element, escapeMarkup, shortened } from '../space-time/markup.ts';
import { type Area, type AxisText, bottomAxis, type Chart, type Colour, keyOf, picture, WIDTH } from './frame.ts';
import { linearScale } from './scale.ts';

export interface BarPart {
  /** Position in the list of series. */
  readonly series: number;
  readonly value: number;
  /** Shown when the pointer rests on it. */
  readonly title: string;
}

export interface Bar {
  readonly label: string;
  readonly parts: readonly BarPart[];
}

export interface BarChart extends AxisText {
  readonly title: string;
  readonly description: string;
  readonly series: readonly { readonly name: string; readonly colour: Colour }[];
  readonly bars: readonly Bar[];
}

const ROW = 20;
/** Pixels of a character of a name, where the page is narrow and text is drawn larger. */
const GLYPH = 7.7;
const LABEL_CHARACTERS_MAX = 22;

/** The chart; series that no bar has are left out of the key. */
export function barChart({ title, description, label, series, bars }: BarChart): Chart {
  if (bars.length === 0) throw new RangeError(`the chart "${title}" has no bars`);
  const longest = Math.max(...bars.map(({ label: text }) => Math.min(LABEL_CHARACTERS_MAX, text.length)));
  const area: Area = {
    left: Math.max(40, longest * GLYPH + 12),
    right: WIDTH - 18,
    top: 8,
    bottom: 8 + bars.length * ROW,
  };
  const most = Math.max(...bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)));
  const scale = linearScale([0, most], [area.left, area.right]);
  const rows = bars.map(({ label: text, parts }, i) => {
    const y = area.top + i * ROW;
    let from = 0;
    const pieces = parts.map(({ series: of, value, title: about }) => {
      const x = scale.at(from);
      from += value;
      if (value <= 0) return '';
      const box = {
        class: `area c${series[of]!.colour}`,
        x,
        y: y + 3,
        width: Math.max(0.5, scale.at(from) - x),
        height: ROW - 6,
      };
      return element('rect', box, element('title', {}, escapeMarkup(about)));
    });
    const name = { class: 'tick', x: area.left - 6, y: y + ROW / 2 + 4, 'text-anchor': 'end' };
    return element('text', name, escapeMarkup(shortened(text, LABEL_CHARACTERS_MAX))) + pieces.join('');
  });
  const used = series.filter((_, i) =>
    bars.some(({ parts }) => parts.some((part) => part.series === i && part.value > 0)),
  );
  return {
    svg: picture({
      height: area.bottom + 40,
      title,
      description,
      body: bottomAxis(scale, { label }, area) + rows.join(''),
    }),
    key: keyOf(used.map(({ name, colour }) => ({ name, colour, shape: 'area' }))),
  };
}
