import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Arrivals } from '../../../models/flow-job/arrivals.ts';
import { Delays } from '../../../models/flow-job/delays.ts';
import { randomStreams } from '../../../sim/index.ts';

const MEAN = 1_000;

/** All times of a source, drawn one after the other and kept. */
function twin(source: number, count: number): number[] {
  const gaps = new Delays({ kind: 'exponential', leastMicros: 0, meanMicros: MEAN });
  const stream = randomStreams('arrivals')(`${source}`);
  let time = 0;
  return Array.from({ length: count }, () => (time += gaps.at(stream.next())));
}

test('however far a job goes back, it finds the times it saw before', () => {
  // Stretches of reading on from somewhere at or before the furthest record read.
  const stretch = fc.record({ back: fc.integer({ min: 0, max: 700 }), length: fc.integer({ min: 1, max: 200 }) });
  fc.assert(
    fc.property(
      fc.array(stretch, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 900 }),
      (stretches, end) => {
        const streams = randomStreams('arrivals');
        const load = { records: end, intervalMicros: MEAN, arrivals: 'poisson' } as const;
        const arrivals = new Arrivals(load, 2, (source) => streams(`${source}`));
        const times = [0, 1].map((source) => twin(source, 2_000));
        let furthest = 0;
        for (const { back, length } of stretches) {
          const from = Math.max(0, furthest - back);
          for (let seq = from; seq < from + length; seq++) {
            for (const source of [0, 1])
              expect(arrivals.timeOf(source, seq)).toBe(seq < end ? times[source]![seq] : Infinity);
          }
          furthest = Math.max(furthest, from + length);
          const now = times[1]![Math.min(furthest, end) - 1]!;
          expect(arrivals.countBy(1, now)).toBe(times[1]!.filter((time, seq) => time <= now && seq < end).length);
        }
      },
    ),
    { numRuns: 60 },
  );
});
