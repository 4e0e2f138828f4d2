/** A recommended interval as a person would write it: a round number that costs no more than it has to. */

/** Seconds, ascending; from a millisecond to a month. */
const ROUND: readonly number[] = [
  ...[0.001, 0.01, 0.1].flatMap((unit) => [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8].map((times) => times * unit)),
  ...[1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50],
  ...[1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50].map((minutes) => minutes * 60),
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 24, 48, 96, 168, 336, 720].map((hours) => hours * 3600),
];

/**
 * The round number nearest to the interval (by ratio) between the two bounds, in seconds with whole milliseconds; where none
 * lies between them, the interval itself, rounded down to three digits.
 */
export function sensibleInterval(
  interval_s: number,
  bounds: { readonly low_s: number; readonly high_s: number },
): number {
  const inside = ROUND.filter((each) => each >= bounds.low_s && each <= bounds.high_s);
  const distance = (each: number): number => Math.max(each / interval_s, interval_s / each);
  const nearest = inside.reduce<number | null>(
    (best, each) => (best === null || distance(each) < distance(best) ? each : best),
    null,
  );
  return toMillis(nearest ?? threeDigitsDown(interval_s));
}

function threeDigitsDown(value: number): number {
  let unit = 1;
  while (value / unit >= 1000) unit *= 10;
  while (value / unit < 100 && unit > 0.001) unit /= 10;
  return Math.floor(value / unit) * unit;
}

const toMillis = (seconds: number): number => Math.max(1, Math.round(seconds * 1000)) / 1000;
