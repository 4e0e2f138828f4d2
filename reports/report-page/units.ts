/** The unit in which an axis counts, by the largest value on it; ticks are then plain numbers. */
export interface AxisUnit {
  readonly unit: string;
  /** Values are divided by this before they are drawn, so that ticks are round in the unit. */
  readonly size: number;
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
  return { unit, size };
}
