import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { hash32, mix32 } from '../../sim/hash.ts';

describe('hash32', () => {
  test('is MurmurHash3 of the three words, so anyone can regenerate a key', () => {
    // Reference values: MurmurHash3_x86_32 with seed 0 over the little-endian bytes.
    expect(hash32(0, 0, 0)).toBe(3644920907);
    expect(hash32(1, 2, 3)).toBe(3923217110);
    expect(hash32(-1, 7, 2 ** 31 - 1)).toBe(105507488);
    // Past 32 bits: the three upper words, then the three lower ones.
    expect(hash32(1, 2, 2 ** 32)).toBe(686301560);
  });

  test('is a 32-bit unsigned integer of its arguments alone', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b, c) => {
        const h = hash32(a, b, c);
        expect(h >>> 0).toBe(h);
        expect(hash32(a, b, c)).toBe(h);
      }),
    );
  });

  test('flips each output bit half of the time when any one input bit flips', () => {
    const samples = 4000;
    for (let bit = 0; bit < 96; bit++) {
      const flips = new Array<number>(32).fill(0);
      for (let i = 0; i < samples; i++) {
        const input: [number, number, number] = [i, i * 7 + 1, i * 31 + 5];
        const before = hash32(...input);
        const at = (bit / 32) | 0;
        input[at]! ^= 1 << (bit % 32);
        const changed = before ^ hash32(...input);
        for (let out = 0; out < 32; out++) flips[out]! += (changed >>> out) & 1;
      }
      for (const count of flips) expect(Math.abs(count / samples - 0.5)).toBeLessThan(0.05);
    }
  });

  test('spreads consecutive offsets of neighbouring partitions evenly over keys', () => {
    for (const keys of [7, 64, 1000]) {
      const seen = new Array<number>(keys).fill(0);
      const perKey = 200;
      for (let i = 0; i < keys * perKey; i++) seen[hash32(42, i % 8, Math.floor(i / 8)) % keys]!++;
      const chiSquare = seen.reduce((sum, count) => sum + (count - perKey) ** 2 / perKey, 0);
      expect(Math.abs(chiSquare - keys) / Math.sqrt(2 * keys)).toBeLessThan(4);
    }
  });

  test('does not repeat where offsets pass 2^32, nor confuse arguments', () => {
    const o = 123_456;
    const values = [
      hash32(1, 2, o),
      hash32(1, 2, o + 2 ** 32),
      hash32(1, 2, o - 2 ** 32),
      hash32(2, 1, o),
      hash32(1, o, 2),
      hash32(1 + 2 ** 32, 2, o),
      hash32(1, 2 + 2 ** 32, o),
    ];
    expect(new Set(values).size).toBe(values.length);
  });
});

describe('mix32', () => {
  test('depends on both arguments and on their order', () => {
    expect(mix32(1, 2)).not.toBe(mix32(2, 1));
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat({ max: 31 }), (h, x, bit) => {
        const mixed = mix32(h, x);
        return mixed >>> 0 === mixed && mixed !== mix32(h ^ (1 << bit), x) && mixed !== mix32(h, x ^ (1 << bit));
      }),
    );
  });
});
