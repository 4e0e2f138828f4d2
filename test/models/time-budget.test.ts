// The cost digest of a time budget sees the whole length of a span.
import { expect, test } from 'vitest';
import { IDLE, TimeBudget } from '../../models/ledgers/time-budget.ts';
import { World } from '../../sim/index.ts';

function digestAfter(micros: number): string {
  const world = new World(['nothing']);
  const budget = new TimeBudget(world, 1);
  world.now = micros;
  budget.enter(0, IDLE);
  return world.cost.hex();
}

test('spans that differ by 2^32 µs (71.6 min) give different cost digests', () => {
  expect(digestAfter(1 + 2 ** 32)).not.toBe(digestAfter(1));
});
