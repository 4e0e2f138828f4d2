/** Series over a common x: lines for what is known exactly, points with whiskers for what was simulated, a band for doubt. */
import { area, line } from 'd3-shape';
import { element, escapeMarkup } from '../space-time/markup.ts';
import {
  type Area,
  type AxisText,
  bottomAxis,
  type Chart,
  type Colour,
  keyOf,
  leftAxis,
  picture,
  pointMark,
  WIDTH,
} from './frame.ts';
import { linearScale, logScale, type Scale } from './scale.ts';

export interface XyPoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the interval that holds the value at 95 %; left out where there is none. */
  readonly low?: number;
  readonly high?: number;
  /** Shown when the pointer rests on it. */
  readonly title: string;
}

export interface XySeries {
  readonly name: string;
  readonly colour: Colour;
  readonly shape: 'line' | 'dashed' | 'point' | 'hollow' | 'cross';
  readonly points: readonly XyPoint[];
}

export interface XyAxis extends AxisText {
  readonly scale: 'linear' | 'log';
}

/** A value of x worth a line through the chart. */
export interface Marker {
  readonly x: number;
  readonly name: string;
}

export interface XyChart {
  readonly title: string;
  readonly description: string;
  readonly x: XyAxis;
  readonly y: XyAxis;
  readonly series: readonly XySeries[];
  readonly markers?: readonly Marker[];
}

const HEIGHT = 252;
const AREA: Area = { left: 56, right: WIDTH - 14, top: 26, bottom: HEIGHT - 40 };

/** The chart; series without points are left out, and so are values that a logarithmic axis cannot show. */
export function xyChart({ title, description, x, y, series, markers = [] }: XyChart): Chart {
  const isShown = ({ x: px, y: py }: XyPoint): boolean =>
    Number.isFinite(px) && Number.isFinite(py) && (x.scale === 'linear' || px > 0) && (y.scale === 'linear' || py > 0);
  const shown = series
    .map((each) => ({ ...each, points: each.points.filter(isShown) }))
    .filter(({ points }) => points.length > 0);
  const points = shown.flatMap((each) => each.points);
  if (points.length === 0) throw new RangeError(`the chart "${title}" has nothing to show`);
  const xScale = scaleOf(
    x,
    points.map((point) => point.x),
    [AREA.left, AREA.right],
  );
  const ys = points.flatMap(({ y: value, low = value, high = value }) => [
    value,
    y.scale === 'log' && low <= 0 ? value : low,
    high,
  ]);
  const yScale = scaleOf(y, y.scale === 'linear' ? [0, ...ys] : ys, [AREA.bottom, AREA.top]);
  const body = [
    bottomAxis(xScale, x, AREA),
    leftAxis(yScale, y, AREA),
    ...markersOf(markers, xScale),
    ...shown.map((each) => bandOf(each, xScale, yScale)),
    ...shown.map((each) => seriesOf(each, xScale, yScale)),
  ];
  const key = shown.flatMap(({ name, colour, shape, points: of }) => [
    { name, colour, shape },
    ...(of.some(({ low }) => low !== undefined) ? [{ name: '95 % interval', colour, shape: 'band' as const }] : []),
  ]);
  return { svg: picture({ height: HEIGHT, title, description, body: body.join('') }), key: keyOf(key) };
}

function scaleOf(axis: XyAxis, values: readonly number[], range: readonly [number, number]): Scale {
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  return axis.scale === 'linear' ? linearScale([low, high], range) : logScale([low, high], range);
}

function seriesOf({ colour, shape, points }: XySeries, x: Scale, y: Scale): string {
  const places = points.map((point) => ({ ...point, at: [x.at(point.x), y.at(point.y)] as const }));
  if (shape === 'line' || shape === 'dashed') {
    const path = element('path', {
      class: `line c${colour}${shape === 'dashed' ? ' dashed' : ''}`,
      d: line().digits(1)(places.map(({ at: [px, py] }) => [px, py])) ?? '',
    });
    return path + places.map(({ at: [px, py], title }) => hover(px, py, title)).join('');
  }
  return places
    .map(({ at: [px, py], title }) =>
      element('g', {}, titled(title) + pointMark(shape, colour, px, py) + target(px, py)),
    )
    .join('');
}

/** Between the ends of the intervals, where every point has one; else a whisker each. */
function bandOf({ colour, points }: XySeries, x: Scale, y: Scale): string {
  const inside = (value: number): number => Math.min(AREA.bottom, Math.max(AREA.top, value));
  const ends = points.flatMap(({ x: px, low, high }) => {
    if (low === undefined || high === undefined) return [];
    const bottom = y.kind === 'log' && low <= 0 ? AREA.bottom : inside(y.at(low));
    return [{ px: x.at(px), top: inside(y.at(high)), bottom }];
  });
  if (ends.length === 0) return '';
  const whiskers = ends.map(({ px, top, bottom }) =>
    element('line', { class: `whisker c${colour}`, x1: px, x2: px, y1: top, y2: bottom }),
  );
  if (ends.length < points.length || ends.length < 2) return whiskers.join('');
  const band = area<(typeof ends)[number]>(
    ({ px }) => px,
    ({ bottom }) => bottom,
    ({ top }) => top,
  ).digits(1)(ends);
  return element('path', { class: `band c${colour}`, d: band ?? '' }) + whiskers.join('');
}

/** Pixels of a character of a marker's name. */
const GLYPH = 7.4;

/** Those inside the chart; of two, the names point away from each other, so that neither lies on the other's line. */
function markersOf(markers: readonly Marker[], x: Scale): string[] {
  const [low, high] = x.domain;
  const inside = markers.filter(({ x: value }) => value >= low && value <= high).toSorted((a, b) => a.x - b.x);
  return inside.map(({ x: value, name }, i) => {
    const px = x.at(value);
    const width = name.length * GLYPH + 5;
    const fits = { left: px - width >= AREA.left, right: px + width <= AREA.right };
    const wantsLeft = inside.length > 1 ? i === 0 : px > (AREA.left + AREA.right) / 2;
    const isLeft = wantsLeft ? fits.left || !fits.right : !fits.right;
    const y = AREA.top + 11 + 14 * i;
    const text = { class: 'mark', x: px + (isLeft ? -5 : 5), y, 'text-anchor': isLeft ? 'end' : 'start' };
    return (
      element('line', { class: 'marker', x1: px, x2: px, y1: AREA.top, y2: AREA.bottom }) +
      element('text', text, escapeMarkup(name))
    );
  });
}

const titled = (title: string): string => element('title', {}, escapeMarkup(title));
const target = (x: number, y: number): string => element('circle', { class: 'target', cx: x, cy: y, r: 9 });
const hover = (x: number, y: number, title: string): string => element('g', {}, titled(title) + target(x, y));
