import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { IntegerSum } from '../../sim/integer-sum.ts';

describe('IntegerSum', () => {
  test('equals the sum in arbitrary precision, of either sign and past 2^53', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeInteger(), fc.integer())), (values) => {
        const sum = new IntegerSum();
        for (const value of values) sum.add(value);
        const exact = values.reduce((total, value) => total + BigInt(value), 0n);
        expect(sum.toBigInt()).toBe(exact);
        expect(sum.toNumber()).toBe(Number(exact));
      }),
    );
  });

  test('adds products exactly, up to bytes times microseconds of a large job over years', () => {
    const factor = fc.integer({ min: -(2 ** 46), max: 2 ** 46 });
    const long = fc.tuple(fc.maxSafeInteger(), fc.integer({ min: -(2 ** 40), max: 2 ** 40 }));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.tuple(factor, factor), long)), (pairs) => {
        const sum = new IntegerSum();
        for (const [x, y] of pairs) sum.addProduct(x, y);
        for (const [x, y] of pairs) sum.addProduct(y, x);
        expect(sum.toBigInt()).toBe(pairs.reduce((total, [x, y]) => total + 2n * BigInt(x) * BigInt(y), 0n));
      }),
    );
  });

  test('carries: many large additions stay exact', () => {
    const sum = new IntegerSum();
    const [times, value] = [1000, 2 ** 53 - 1];
    for (let i = 0; i < times; i++) sum.add(value);
    expect(sum.toBigInt()).toBe(BigInt(times) * BigInt(value));
  });

  test('starts at zero, which has one sign', () => {
    const sum = new IntegerSum();
    expect(Object.is(sum.toNumber(), 0)).toBe(true);
    sum.addProduct(-1, 0);
    expect(Object.is(sum.toNumber(), 0)).toBe(true);
  });

  test('refuses what it could not add exactly', () => {
    const sum = new IntegerSum();
    for (const bad of [0.5, NaN, Infinity, 2 ** 53]) {
      expect(() => sum.add(bad)).toThrow(RangeError);
      expect(() => sum.addProduct(bad, 1)).toThrow(RangeError);
      expect(() => sum.addProduct(1, bad)).toThrow(RangeError);
    }
    expect(sum.toNumber()).toBe(0);
  });

  test('refuses to go past its range, in either direction', () => {
    expect(() => new IntegerSum().addProduct(2 ** 53 - 1, 2 ** 53 - 1)).toThrow('2^101');
    const sum = new IntegerSum();
    sum.addProduct(-(2 ** 50), 2 ** 50);
    sum.addProduct(-(2 ** 50), 2 ** 50 - 1);
    expect(() => sum.addProduct(-(2 ** 50), 2)).toThrow('2^101');
  });
});
