/** Intervals to try: each the same factor longer than the one before. */
import { portableExp, portableLog } from '../../sim/portable-math.ts';

/** So many, two at least, from `from` to `to`, both included. */
export function spread(from: number, to: number, count: number): number[] {
  const step = portableLog(to / from) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? to : from * portableExp(i * step)));
}
