import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { RollingDigest } from '../../sim/digest.ts';

function digestOf(values: Iterable<number>): string {
  const digest = new RollingDigest();
  for (const value of values) digest.add(value);
  return digest.hex();
}

const anyNumber = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(0, -1, Infinity, 0.5));

function bitsDiffering(a: RollingDigest, b: RollingDigest): number {
  let bits = 0;
  for (const word of [a.high ^ b.high, a.low ^ b.low]) {
    for (let i = 0; i < 32; i++) bits += (word >>> i) & 1;
  }
  return bits;
}

describe('RollingDigest', () => {
  test('has these values for ever and in every engine', () => {
    expect(digestOf([])).toBe('243f6a8885a308d3');
    expect(digestOf([0])).toBe('6a31058ef6bf3eb2');
    expect(digestOf([1, 2, 3])).toBe('033c2d1db80becbc');
    expect(digestOf([-1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53])).toBe('993a51944a421c49');
    expect(digestOf([0.1, -0.1, 5e-324, 2 ** 53, 1e300, Infinity, -Infinity, NaN])).toBe('ed29dc491e5897df');
    const mixed = new RollingDigest();
    mixed.addInts(1, 2, 3);
    mixed.add(1_000_000_007);
    expect(mixed.hex()).toBe('48a65f874475ae7c');
  });

  test('equal sequences give equal digests, and hex shows the two lanes', () => {
    fc.assert(
      fc.property(fc.array(anyNumber), (values) => {
        const digest = new RollingDigest();
        for (const value of values) digest.add(value);
        expect(digest.hex()).toBe(digestOf(values));
        expect(digest.hex()).toMatch(/^[0-9a-f]{16}$/);
        expect(parseInt(digest.hex().slice(0, 8), 16)).toBe(digest.high);
        expect(parseInt(digest.hex().slice(8), 16)).toBe(digest.low);
      }),
    );
  });

  test('the order of additions matters', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 2 }), fc.nat(), (values, at) => {
        const i = at % (values.length - 1);
        fc.pre(values[i] !== values[i + 1] && !(Number.isNaN(values[i]) && Number.isNaN(values[i + 1])));
        const swapped = values.with(i, values[i + 1]!).with(i + 1, values[i]!);
        expect(digestOf(swapped)).not.toBe(digestOf(values));
      }),
    );
  });

  test('a different last addition always gives a different digest', () => {
    fc.assert(
      fc.property(fc.array(anyNumber), anyNumber, anyNumber, (values, x, y) => {
        fc.pre(x !== y && !(Number.isNaN(x) && Number.isNaN(y)));
        expect(digestOf([...values, x])).not.toBe(digestOf([...values, y]));
      }),
    );
  });

  test('one flipped bit flips about half of the digest once a few more numbers were added', () => {
    for (let bit = 0; bit < 53; bit++) {
      let total = 0;
      for (let i = 0; i < 200; i++) {
        const [a, b] = [new RollingDigest(), new RollingDigest()];
        const x = i * 1_000_003;
        a.add(x);
        b.add(Math.floor(x / 2 ** bit) % 2 === 0 ? x + 2 ** bit : x - 2 ** bit);
        for (const digest of [a, b]) for (let j = 0; j < 4; j++) digest.add(j);
        total += bitsDiffering(a, b);
      }
      expect(Math.abs(total / 200 - 32)).toBeLessThan(2);
    }
  });

  test('two small changes never cancel, wherever their bits are', () => {
    // A multiply-and-xor digest without diffusion lets the top bits of two additions cancel in every lane.
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 40; j++) {
        for (const gap of [1, 2, 3]) {
          const values = [2 ** 40, 7, 2 ** 41, 9, 3];
          values[0]! += 2 ** i;
          values[gap]! += 2 ** j;
          seen.add(digestOf(values));
        }
      }
    }
    expect(seen.size).toBe(40 * 40 * 3);
  });

  test('numbers, triples and fractions are not mistaken for one another', () => {
    const triple = new RollingDigest();
    triple.addInts(0, 0, 0);
    const seen = new Set([digestOf([]), digestOf([0]), digestOf([0, 0]), digestOf([0, 0, 0]), triple.hex()]);
    for (const value of [1, 5e-324, 2 ** 32, 0.5, NaN, Infinity, -1, 2 ** 32 - 1]) {
      seen.add(digestOf([value]));
    }
    expect(seen.size).toBe(13);
  });

  test('-0 counts as 0, and NaN is one value', () => {
    expect(digestOf([-0])).toBe(digestOf([0]));
    const odd = new Float64Array(new BigUint64Array([0xfff0000000000abcn]).buffer)[0]!;
    expect(digestOf([odd])).toBe(digestOf([NaN]));
  });

  test('addInts sees each of its three words, all 32 bits of them', () => {
    const seen = new Set<string>();
    for (let word = 0; word < 3; word++) {
      for (let bit = 0; bit < 32; bit++) {
        const words: [number, number, number] = [11, 22, 33];
        words[word]! ^= 1 << bit;
        const digest = new RollingDigest();
        digest.addInts(...words);
        seen.add(digest.hex());
      }
    }
    expect(seen.size).toBe(96);
  });
});
