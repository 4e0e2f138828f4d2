/**
 * From values to places on a chart, and the round values in between that an axis names: d3's scales, with places rounded so
 * that the last bit of the engine's logarithm does not show.
 */
import { scaleLinear, scaleLog } from 'd3-scale';

export interface Scale {
  readonly kind: 'linear' | 'log';
  /** Least and greatest value shown. */
  readonly domain: readonly [number, number];
  /** Where a value lies; values outside the domain lie outside the range. */
  readonly at: (value: number) => number;
  /** Round values inside the domain, ascending. */
  readonly ticks: readonly number[];
}

type Ends = readonly [number, number];

/** Steps that an axis is to have at least, about: d3 picks 1, 2 or 5 times a power of ten. */
const LINEAR_STEPS = 3;
const LOG_STEPS = 5;

/** A scale over [low, high], widened to round ends; equal ends get room around them. Below 1e-290 it has no ticks. */
export function linearScale([low, high]: Ends, range: Ends): Scale {
  const domain = low === high ? (low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)]) : [low, high];
  const scale = scaleLinear(domain, range).nice(LINEAR_STEPS);
  const [start = 0, end = 1] = scale.domain();
  return {
    kind: 'linear',
    // Without negative zeros.
    domain: [start + 0, end + 0],
    ticks: scale.ticks(LINEAR_STEPS),
    at: (value) => rounded(scale(value)),
  };
}

/** A logarithmic scale over values above zero; throws RangeError for others. */
export function logScale([low, high]: Ends, range: Ends): Scale {
  if (!(low > 0 && high >= low))
    throw new RangeError(`a logarithmic scale needs values above zero, not ${low} to ${high}`);
  const domain: Ends = low === high ? [low / 2, high * 2] : [low, high];
  const scale = scaleLog(domain, range);
  return { kind: 'log', domain, ticks: logTicks(domain), at: (value) => rounded(scale(value)) };
}

/** Powers of ten where there are at least three, else 1, 2 and 5 times them, else what a linear axis would name. */
function logTicks([from, to]: Ends): number[] {
  // A hair wider, since a power of ten at an end is inside or outside by the last bit of its logarithm.
  const all = scaleLog([from * (1 - 1e-9), to * (1 + 1e-9)], [0, 1]).ticks(LOG_STEPS);
  const inside = all.filter((tick) => tick >= from && tick <= to);
  const startingWith = (digits: string): number[] => inside.filter((tick) => digits.includes(tick.toExponential()[0]!));
  return [startingWith('1'), startingWith('125')].find((ticks, i) => ticks.length >= 3 - i) ?? inside;
}

/** To a millionth of a pixel: the same in every engine, and far below what is drawn. */
const rounded = (place: number): number => Math.round(place * 1e6) / 1e6;
