import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clonePlain, combineFingerprints, fingerprint } from '../../sim/fingerprint.ts';
import { canonicalText } from './explore-naive.ts';

const hex = (value: unknown): string => {
  const { high, low } = fingerprint(value);
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
};

// Small values, so that equal ones and near misses are the rule.
const key = fc.constantFrom('a', 'b', 'ab', 'ba', '', '__proto__', 'constructor', '1', '10');
const leaf = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom(0, -0, 0.5, -0.5, 2 ** 32, 2 ** 32 + 1, -(2 ** 32), 2 ** 53, NaN, Infinity, -Infinity, 5e-324),
  fc.constantFrom('', 'a', 'b', 'ab', 'a\0', '\0', '0', '1', 'null', 'aaaa', 'aaaaa'),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }).map((items) => Uint8Array.from(items)),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }).map((items) => Int32Array.from(items)),
);
const { plain } = fc.letrec((tie) => ({
  plain: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('plain'), { maxLength: 3 }),
    fc.dictionary(key, tie('plain'), { maxKeys: 3 }),
  ),
}));

describe('fingerprint', () => {
  test('two values have one fingerprint exactly when their canonical texts agree', () => {
    const printOfText = new Map<string, string>();
    const textOfPrint = new Map<string, string>();
    fc.assert(
      fc.property(plain, (value) => {
        const [text, print] = [canonicalText(value), hex(value)];
        expect(printOfText.get(text) ?? print).toBe(print);
        expect(textOfPrint.get(print) ?? text).toBe(text);
        printOfText.set(text, print);
        textOfPrint.set(print, text);
      }),
      { numRuns: 20_000 },
    );
    expect(printOfText.size).toBeGreaterThan(5_000);
  });

  test('no two of 200 000 neighbouring states collide', () => {
    const prints = new Set<string>();
    let states = 0;
    for (let x = 0; x < 20; x++)
      for (let y = 0; y < 20; y++)
        for (let z = 0; z < 20; z++)
          for (let tail = 0; tail < 25; tail++) {
            const channel = [x, -y, z].slice(0, tail % 4);
            prints.add(hex({ a: x, b: { c: y, d: [z, tail] }, channel, name: `s${z}` }));
            states++;
          }
    expect(states).toBe(200_000);
    expect(prints.size).toBe(states);
  });

  test('the order in which keys were added does not matter, the place in an array does', () => {
    expect(hex({ a: 1, b: { c: 2, d: 3 } })).toBe(hex({ b: { d: 3, c: 2 }, a: 1 }));
    expect(hex({ a: 1, b: 2 })).not.toBe(hex({ a: 2, b: 1 }));
    expect(hex([1, 2])).not.toBe(hex([2, 1]));
    const shrunk: Record<string, number> = { x: 1, a: 1 };
    delete shrunk['x'];
    expect(hex(shrunk)).toBe(hex({ a: 1 }));
  });

  test('values that look alike in text differ', () => {
    const alike = [0, '0', '', null, false, [], {}, [[]], [null], [0], { 0: 0 }, new Uint8Array(0), new Uint8Array(1)];
    expect(new Set(alike.map(hex)).size).toBe(alike.length);
    expect(hex(-0)).toBe(hex(0));
    expect(hex(Object.assign(Object.create(null), { a: 1 }))).toBe(hex({ a: 1 }));
  });

  test('changing one bit of a number changes each bit of the fingerprint about half of the time', () => {
    const flips = new Float64Array(64);
    let samples = 0;
    for (let n = 0; n < 200; n++) {
      const base = fingerprint({ at: [n * 977] });
      for (let bit = 0; bit < 20; bit++) {
        const other = fingerprint({ at: [(n * 977) ^ (1 << bit)] });
        for (let i = 0; i < 32; i++) {
          flips[i]! += ((base.high ^ other.high) >>> i) & 1;
          flips[32 + i]! += ((base.low ^ other.low) >>> i) & 1;
        }
        samples++;
      }
    }
    for (const flip of flips) expect(Math.abs(flip / samples - 0.5)).toBeLessThan(0.05);
  });

  test('the fingerprints of these values are frozen', () => {
    expect([null, 0, 'a', [1, 2], { a: 1 }, 0.5].map(hex)).toMatchInlineSnapshot(`
      [
        "b9865e140869158e",
        "ec76acddb4206368",
        "bc97d8b06594c36b",
        "4289c2c55d60296c",
        "9121435c8b9cb639",
        "160409c73717965d",
      ]
    `);
  });

  test('what is not plain data is refused by name', () => {
    class Box {
      readonly inside = 1;
    }
    const refused = [undefined, () => 1, Symbol('s'), 1n, new Map(), new Date(0), new Box(), new BigInt64Array(1)];
    for (const value of refused) expect(() => fingerprint({ value })).toThrow(TypeError);
    expect(() => fingerprint(new Map())).toThrow('not Map');
    expect(() => fingerprint([new Box()])).toThrow('not an instance of a class');
    expect(() => clonePlain({ a: new Map() })).toThrow('not Map');
    expect(() => clonePlain(() => 1)).toThrow('not function');
    expect(() => clonePlain([new DataView(new ArrayBuffer(1))])).toThrow('not DataView');
    // A refusal half way must not spoil the next fingerprint.
    expect(hex({ a: 1 })).toBe(hex({ a: 1 }));
  });
});

describe('combineFingerprints', () => {
  test('the place and the number of the parts count', () => {
    const [p, q] = [fingerprint('p'), fingerprint('q')];
    const prints = [[], [p], [q], [p, q], [q, p], [p, p], [p, q, p]].map(combineFingerprints);
    expect(new Set(prints.map(({ high, low }) => `${high} ${low}`)).size).toBe(prints.length);
    expect(combineFingerprints([p, q])).toEqual(combineFingerprints([fingerprint('p'), fingerprint('q')]));
  });
});

describe('clonePlain', () => {
  test('the copy is equal and shares nothing that can be written', () => {
    fc.assert(
      fc.property(plain, (value) => {
        const copy = clonePlain(value);
        expect(canonicalText(copy)).toBe(canonicalText(value));
        expect(shared(value, copy)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

function shared(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null) return false;
  if (a === b) return true;
  return Object.keys(a).some((key) => shared((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
