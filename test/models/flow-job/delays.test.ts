// Delays that are drawn: the short logarithm, against the one of the engine.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Delays } from '../../../models/flow-job/delays.ts';
import { mix32 } from '../../../sim/index.ts';

test('a delay is the same as if its logarithm had been taken in full', () => {
  // Means up to where a microsecond is less than the short logarithm can tell, so that it has to ask.
  for (const meanMicros of [1, 3, 400, 5_000, 500_000, 3e7, 1e10, 1e13]) {
    const delays = new Delays({ kind: 'exponential', leastMicros: 7, meanMicros });
    let differences = 0;
    for (let i = 0; i < 100_000; i++) {
      const bits = mix32(meanMicros, i);
      if (delays.drawn(bits) !== delays.at(bits / 2 ** 32)) differences++;
    }
    expect([meanMicros, differences]).toEqual([meanMicros, 0]);
  }
});

test('also at the ends of what can be drawn and beside powers of two', () => {
  const near = fc.record({ exponent: fc.nat({ max: 32 }), off: fc.integer({ min: -2, max: 2 }) });
  const delays = new Delays({ kind: 'exponential', leastMicros: 0, meanMicros: 5_000 });
  fc.assert(
    fc.property(near, fc.boolean(), ({ exponent, off }, isFromAbove) => {
      const value = isFromAbove ? 2 ** 32 - 2 ** exponent + off : 2 ** exponent + off;
      const bits = Math.min(2 ** 32 - 1, Math.max(0, value));
      expect(delays.drawn(bits)).toBe(delays.at(bits / 2 ** 32));
    }),
    { numRuns: 1_000 },
  );
});
