import { expect, it } from 'vitest';
import { bytes, count, duration, moment, plural, seconds, share } from '../../reports/index.ts';

it('separates thousands and keeps at most three decimals', () => {
  expect([0, 7, 999, 1000, 1234567, -1234567, 2 ** 53].map(count)).toEqual([
    '0',
    '7',
    '999',
    '1,000',
    '1,234,567',
    '-1,234,567',
    '9,007,199,254,740,992',
  ]);
  expect([0.5, 1234.5678, 0.0004].map(count)).toEqual(['0.5', '1,234.568', '0']);
});

it('writes a span in the unit a person would use', () => {
  expect([0, 12, 1_500, 45_600_000, 3_600_000_000, 55 * 86_400_000_000 + 3 * 3_600_000_000].map(duration)).toEqual([
    '0 µs',
    '12 µs',
    '1.5 ms',
    '45.6 s',
    '1 h',
    '55 d 3 h',
  ]);
  expect(duration(-1_500)).toBe('-1.5 ms');
  expect(duration(10.4)).toBe('10 µs');
});

it('spells a moment as the trace does, and adds the readable form from two hours on', () => {
  expect(seconds(72_345_678)).toBe('72.345678');
  expect(seconds(0)).toBe('0.000000');
  expect(moment(72_345_678)).toBe('72.345678 s');
  expect(moment(9_000_000_000)).toBe('9000.000000 s (2 h 30 min)');
});

it('writes sizes in decimal units and never as 1,000 of one', () => {
  expect([0, 999, 1000, 1_234_567, 999_999, 45_600_000_000, 3e15].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.23 MB',
    '1 MB',
    '45.6 GB',
    '3,000 TB',
  ]);
});

it('never shows a small share as none, nor a large one as all', () => {
  expect(share(1, 100_000)).toBe('<0.1 %');
  expect(share(99_999, 100_000)).toBe('>99.9 %');
  expect([share(0, 10), share(10, 10), share(1, 3), share(0, 0)]).toEqual(['0.0 %', '100.0 %', '33.3 %', '-']);
});

it('counts things in the singular and in the plural', () => {
  expect([plural(1, 'task'), plural(0, 'task'), plural(2000, 'batch', 'batches')]).toEqual([
    '1 task',
    '0 tasks',
    '2,000 batches',
  ]);
});
