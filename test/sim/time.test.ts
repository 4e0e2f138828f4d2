import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  addMicros,
  formatDuration,
  fromMillis,
  fromSeconds,
  micros,
  type Micros,
  parseDuration,
  roundMicros,
} from '../../sim/time.ts';

const longest = 9e15; // a little below 2^53, so that rounding up to the hour still fits
const anyTime = fc
  .oneof(
    fc.nat({ max: 1e7 }),
    fc.nat({ max: 1e12 }),
    fc.nat({ max: longest }),
    fc
      .tuple(fc.constantFrom(1e3, 1e6, 6e7, 3.6e9, 8.64e10), fc.integer({ min: -1_000_000, max: 1_000_000 }))
      .map(([unit, off]) => Math.max(0, unit + off)),
  )
  .map((n) => micros(n));

describe('micros', () => {
  test('a time is a whole, safe, non-negative number and nothing else', () => {
    expect(micros(0)).toBe(0);
    expect(micros(2 ** 53 - 1)).toBe(9007199254740991);
    for (const bad of [-1, 0.5, 2 ** 53, Infinity, -Infinity, NaN]) expect(() => micros(bad)).toThrow(RangeError);
  });

  test('there is one zero', () => {
    expect(Object.is(micros(-0), 0)).toBe(true);
    expect(Object.is(roundMicros(-0), 0)).toBe(true);
  });

  test('fractions are rounded half up, once', () => {
    expect(roundMicros(0.5)).toBe(1);
    expect(roundMicros(0.49999999999999994)).toBe(0);
    expect(roundMicros(2.5)).toBe(3);
    expect(fromMillis(0.0005)).toBe(1);
    expect(fromMillis(1.5)).toBe(1500);
    expect(fromSeconds(12.5)).toBe(12_500_000);
    expect(fromSeconds(0.1) + fromSeconds(0.2)).toBe(fromSeconds(0.3));
  });

  test('a negative, missing or endless duration is refused', () => {
    for (const bad of [-0.001, -0.0000001, NaN, Infinity]) {
      expect(() => fromMillis(bad)).toThrow(RangeError);
      expect(() => fromSeconds(bad)).toThrow(RangeError);
    }
  });

  test('a sum that leaves the exact range is refused rather than rounded', () => {
    expect(addMicros(micros(2 ** 53 - 2), micros(1))).toBe(2 ** 53 - 1);
    expect(() => addMicros(micros(2 ** 53 - 1), micros(1))).toThrow(RangeError);
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0 µs'],
    [37, '37 µs'],
    [999, '999 µs'],
    [1_000, '1 ms'],
    [1_500, '1.5 ms'],
    [1_234, '1.23 ms'],
    [12_345, '12.3 ms'],
    [250_000, '250 ms'],
    [999_499, '999 ms'],
    [999_500, '1 s'],
    [9_995_000, '10 s'],
    [12_500_000, '12.5 s'],
    [59_949_999, '59.9 s'],
    [59_950_000, '1 min'],
    [90_000_000, '1 min 30 s'],
    [3_599_499_999, '59 min 59 s'],
    [3_599_500_000, '1 h'],
    [12_960_000_000, '3 h 36 min'],
    [86_370_000_000, '1 d'],
    [187_200_000_000, '2 d 4 h'],
    [2 ** 53 - 1, '104250 d'],
  ])('%i µs is "%s"', (n, text) => {
    expect(formatDuration(micros(n))).toBe(text);
  });

  test('what is written can be read, and is written the same way again', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const text = formatDuration(time);
        const back = readBack(time);
        expect(formatDuration(back)).toBe(text);
        expect(Math.abs(back - time)).toBeLessThanOrEqual(halfOfLastDigit(time));
      }),
    );
  });

  test('a longer duration never reads as shorter', () => {
    fc.assert(
      fc.property(anyTime, anyTime, (a, b) => {
        const [shorter, longer] = a < b ? [a, b] : [b, a];
        expect(readBack(shorter)).toBeLessThanOrEqual(readBack(longer));
      }),
    );
  });
});

function readBack(time: Micros): Micros {
  return parseDuration(formatDuration(time)) as Micros;
}

function halfOfLastDigit(time: number): number {
  if (time >= 86_370_000_000) return 1_800_000_000;
  if (time >= 3_599_500_000) return 30_000_000;
  if (time >= 59_950_000) return 500_000;
  return time * 0.005;
}

describe('parseDuration', () => {
  test.each([
    ['250ms', 250_000],
    ['250 ms', 250_000],
    ['1.5s', 1_500_000],
    ['90m', 5_400_000_000],
    ['1h30m', 5_400_000_000],
    ['3 h 36 min', 12_960_000_000],
    ['2d', 172_800_000_000],
    ['7us', 7],
    ['7µs', 7],
    ['7μs', 7],
    ['0s', 0],
    ['1.0005ms', 1001], // a decimal tie rounds up, though the double nearest to 1.0005 is below it
    ['0.0000005s', 1],
    ['0.0000004s', 0],
  ])('"%s" is %i µs', (text, n) => {
    expect(parseDuration(text)).toBe(n);
  });

  test.each([
    '',
    '5',
    'ms',
    '-1s',
    '1e3s',
    '1,5s',
    '1 s 1 h',
    '1s1s',
    '1 min 1 m',
    '.5s',
    '5.s',
    '1 year',
    '1S',
    '104250d',
    '1s '.repeat(99),
  ])('"%s" is not a duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('whole microseconds survive exactly, however written', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        const seconds = `${Math.floor(n / 1e6)}.${String(n % 1e6).padStart(6, '0')}s`;
        expect(parseDuration(`${n}us`)).toBe(n);
        expect(parseDuration(seconds)).toBe(n);
      }),
    );
  });
});
