// Quantiles in constant memory, against the sorted list.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { LatencyHistograms, type LatencySummary } from '../../../models/flow-job/latency-histogram.ts';

const time = fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 ** 52 }));

function expectSummaryOf(list: readonly number[], summary: LatencySummary): void {
  const sorted = list.toSorted((a, b) => a - b);
  const { count, mean_us, min_us, max_us, p50_us, p90_us, p99_us, p999_us } = summary;
  expect([count, min_us, max_us]).toEqual([list.length, sorted[0], sorted.at(-1)]);
  const sum = list.reduce((total, micros) => total + BigInt(micros), 0n);
  expect(mean_us).toBe(Number(sum) / list.length);
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
}

test('count, sum and extremes are exact, quantiles at most one part in 64 too high, of each row and of all', () => {
  const rows = fc.array(fc.array(time, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rows, (lists) => {
      const histograms = new LatencyHistograms();
      for (const _list of lists) histograms.addRow();
      // In turn, so that pages of different rows lie among each other.
      for (let i = 0; i < 60; i++)
        lists.forEach((list, row) => {
          if (i < list.length) histograms.add(row, list[i]!);
        });
      lists.forEach((list, row) => expectSummaryOf(list, histograms.summary(row)));
      expectSummaryOf(lists.flat(), histograms.summaryOfAll());
    }),
    { seed: 7 },
  );
});

test('times that go evenly from one to another are counted like each of them, and in their sum exactly', () => {
  const histograms = new LatencyHistograms(true);
  const row = histograms.addRow();
  histograms.addEvenly(row, 1_000_000, 2_000_000, 101);
  histograms.addEvenly(row, 3_000_000, 3_000_000, 10);
  const list = Array.from({ length: 101 }, (_, i) => 1_000_000 + i * 10_000).concat(
    Array.from({ length: 10 }, () => 3e6),
  );
  const { p50_us, p90_us, ...exact } = histograms.summary(row);
  const mean = list.reduce((sum, micros) => sum + micros, 0) / list.length;
  expect(exact).toMatchObject({ count: 111, min_us: 1_000_000, max_us: 3_000_000, mean_us: mean, p99_us: 3_000_000 });
  expect(Math.abs(p50_us / list[55]! - 1)).toBeLessThan(1 / 32);
  expect(Math.abs(p90_us / list[99]! - 1)).toBeLessThan(1 / 32);
});

test('nothing added is all zero', () => {
  const histograms = new LatencyHistograms();
  const nothing = { count: 0, mean_us: 0, min_us: 0, max_us: 0, p50_us: 0, p90_us: 0, p99_us: 0, p999_us: 0 };
  expect(histograms.summary(histograms.addRow())).toEqual(nothing);
  expect(histograms.summaryOfAll()).toEqual(nothing);
});
