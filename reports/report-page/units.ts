/** The unit in which an axis counts, by the largest value on it; ticks are then plain numbers. */
import { count } from '../numbers.ts';
import { significant } from './table-view.ts';

export interface AxisUnit {
  readonly unit: string;
  readonly format: (value: number) => string;
}

type Step = readonly [size: number, unit: string];

const TIMES: readonly Step[] = [
  [1, 'µs'],
  [1_000, 'ms'],
  [1_000_000, 's'],
  [60_000_000, 'min'],
  [3_600_000_000, 'h'],
  [86_400_000_000, 'd'],
];

const SIZES: readonly Step[] = [
  [1, 'B'],
  [1e3, 'kB'],
  [1e6, 'MB'],
  [1e9, 'GB'],
  [1e12, 'TB'],
];

/** For µs; minutes only from a few of them on. */
export function timeAxis(most: number): AxisUnit {
  return unitFor(most, TIMES);
}

/** For bytes. */
export function bytesAxis(most: number): AxisUnit {
  return unitFor(most, SIZES);
}

/** The largest unit of which there are two. */
function unitFor(most: number, steps: readonly Step[]): AxisUnit {
  const [size, unit] = steps.findLast(([each]) => most >= 2 * each) ?? steps[0]!;
  return { unit, format: (value) => plainNumber(value / size) };
}

/** `0.05`, `12`, `1,500`. */
export function plainNumber(value: number): string {
  return Number.isInteger(value) ? count(value) : significant(value);
}
