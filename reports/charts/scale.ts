/**
 * From values to places on a chart, and the round values in between that an axis names. Nothing here asks the engine for a
 * logarithm, so the same data gives the same picture everywhere.
 */
import { portableLog } from '../../sim/portable-math.ts';

export interface Scale {
  readonly kind: 'linear' | 'log';
  /** Least and greatest value shown. */
  readonly domain: readonly [number, number];
  /** Where a value lies; values outside the domain lie outside the range. */
  readonly at: (value: number) => number;
  /** Round values inside the domain, ascending. */
  readonly ticks: readonly number[];
}

/** A scale over [low, high], widened to round ends; equal ends get room around them. */
export function linearScale([low, high]: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = low === high ? (low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)]) : [low, high];
  const step = roundStep((to - from) / 4);
  const first = Math.floor(from / step);
  const last = Math.ceil(to / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => clean((first + i) * step));
  const [start, end] = [ticks[0]!, ticks.at(-1)!];
  const [a, b] = range;
  return {
    kind: 'linear',
    domain: [start, end],
    ticks,
    at: (value) => a + ((value - start) / (end - start)) * (b - a),
  };
}

/** A logarithmic scale over values above zero; throws RangeError for others. */
export function logScale([low, high]: readonly [number, number], range: readonly [number, number]): Scale {
  if (!(low > 0 && high >= low))
    throw new RangeError(`a logarithmic scale needs values above zero, not ${low} to ${high}`);
  const [from, to] = low === high ? [low / 2, high * 2] : [low, high];
  const [a, b] = range;
  const start = portableLog(from);
  const width = portableLog(to) - start;
  return {
    kind: 'log',
    domain: [from, to],
    ticks: logTicks(from, to),
    at: (value) => a + ((portableLog(value) - start) / width) * (b - a),
  };
}

/** Powers of ten where there are at least three, else 1, 2 and 5 times them; every other one where there are more than eight. */
function logTicks(from: number, to: number): number[] {
  const powers = multiples(from, to, [1]);
  if (powers.length > 8) return powers.filter((_, i) => i % Math.ceil(powers.length / 8) === 0);
  if (powers.length >= 3) return powers;
  const finer = multiples(from, to, [1, 2, 5]);
  return finer.length >= 2 ? finer : [...linearScale([from, to], [0, 1]).ticks].filter((t) => t >= from && t <= to);
}

function multiples(from: number, to: number, factors: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = powerBelow(from); power <= to; power *= 10) {
    for (const factor of factors) {
      const tick = clean(power * factor);
      if (tick >= from && tick <= to) ticks.push(tick);
    }
  }
  return ticks;
}

/** 1, 2 or 5 times a power of ten, at least as large as asked. */
function roundStep(atLeast: number): number {
  const power = powerBelow(atLeast);
  for (const factor of [1, 2, 5]) if (power * factor >= atLeast * (1 - 1e-9)) return clean(power * factor);
  return clean(power * 10);
}

/** No chart tells smaller numbers apart; below, a power of ten would become zero. */
const LEAST = 1e-300;

/** The greatest power of ten that is not above the value. */
function powerBelow(value: number): number {
  let power = 1;
  while (power > value && power > LEAST) power /= 10;
  while (power * 10 <= value) power *= 10;
  return power;
}

/** Without the noise of repeated products. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
