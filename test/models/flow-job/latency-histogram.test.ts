// Quantiles in constant memory, against the sorted list.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { LatencyHistogram } from '../../../models/flow-job/latency-histogram.ts';

const times = fc.array(
  fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 ** 52 })),
  { minLength: 1, maxLength: 60 },
);

test('count, sum and extremes are exact, quantiles at most one part in 64 too high', () => {
  fc.assert(
    fc.property(times, (list) => {
      const histogram = new LatencyHistogram();
      for (const micros of list) histogram.add(micros);
      const sorted = list.toSorted((a, b) => a - b);
      const { count, mean_us, min_us, max_us, p50_us, p90_us, p99_us, p999_us } = histogram.summary();
      expect([count, min_us, max_us]).toEqual([list.length, sorted[0], sorted.at(-1)]);
      const sum = list.reduce((total, micros) => total + BigInt(micros), 0n);
      expect(mean_us).toBeCloseTo(Number(sum) / list.length, 0);
      for (const [quantile, p] of [
        [p50_us, 0.5],
        [p90_us, 0.9],
        [p99_us, 0.99],
        [p999_us, 0.999],
      ] as const) {
        const exact = sorted[Math.ceil(p * list.length) - 1]!;
        expect(quantile).toBeGreaterThanOrEqual(exact);
        expect(quantile).toBeLessThanOrEqual(exact * (1 + 1 / 64));
      }
    }),
    { seed: 7 },
  );
});

test('nothing added is all zero', () => {
  expect(new LatencyHistogram().summary()).toEqual({
    count: 0,
    mean_us: 0,
    min_us: 0,
    max_us: 0,
    p50_us: 0,
    p90_us: 0,
    p99_us: 0,
    p999_us: 0,
  });
});
