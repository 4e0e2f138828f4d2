// Lists in few bytes, against the lists themselves.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { PackedIntegers } from '../../../models/flow-job/packed-integers.ts';

const value = fc.oneof(
  fc.integer({ min: -1, max: 3 }),
  fc.nat({ max: 100_000 }),
  fc.integer({ min: 0, max: 2 ** 52 - 2 }),
);

test('lists are read as they were kept, in any order, several at a time', () => {
  const lists = fc.array(fc.array(value, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lists, (kept) => {
      const packed = new PackedIntegers();
      const places = kept.map((list) => packed.append(list));
      for (let i = kept.length - 1; i >= 0; i--) expect(packed.read(places[i]!, 5, 1)).toEqual([kept[i]]);
      expect(packed.read(places[0]!, 5, kept.length)).toEqual(kept);
    }),
  );
});

test('a list of a million equal times takes a few bytes', () => {
  const packed = new PackedIntegers();
  packed.append(new Float64Array(1_000_000).fill(2_000));
  expect(packed.append([])).toBeLessThan(10);
});

test('a fraction is refused', () => {
  expect(() => new PackedIntegers().append([1, 2.5])).toThrow('only integers below 2^52 can be packed, not 2.5');
});

test('a place where nothing was kept is refused', () => {
  const packed = new PackedIntegers();
  packed.append([1, 2, 3]);
  expect(() => packed.read(-1, 3, 1)).toThrow('no list was kept at place -1');
  expect(() => packed.read(0, 4, 2)).toThrow('no list was kept at place');
});
