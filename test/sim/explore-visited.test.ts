import fc from 'fast-check';
import { expect, test } from 'vitest';

import { VisitedSet } from '../../sim/explore-visited.ts';

test('a visited set numbers fingerprints like a map in order of insertion, poor fingerprints too', () => {
  const word = fc.oneof(fc.nat({ max: 12 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(fc.array(fc.record({ high: word, low: word }), { maxLength: 200, size: 'max' }), (prints) => {
      const [set, twin] = [new VisitedSet(), new Map<string, number>()];
      for (const print of prints) {
        const key = `${print.high} ${print.low}`;
        const known = twin.get(key);
        expect(set.indexOf(print)).toBe(known ?? -1);
        expect(set.add(print)).toBe(known === undefined ? twin.size : ~known);
        if (known === undefined) twin.set(key, twin.size);
        expect(set.size).toBe(twin.size);
        expect(set.at(set.indexOf(print))).toEqual(print);
      }
    }),
  );
});

test('a visited set stays correct while it grows to 300 000 fingerprints that are small counters', () => {
  const set = new VisitedSet();
  const wrong: number[] = [];
  for (let i = 0; i < 300_000; i++) if (set.add({ high: i >>> 10, low: i & 1023 }) !== i) wrong.push(i);
  for (let i = 0; i < 300_000; i++) if (set.indexOf({ high: i >>> 10, low: i & 1023 }) !== i) wrong.push(i);
  expect(wrong).toEqual([]);
  expect(set.indexOf({ high: 1, low: 1024 })).toBe(-1);
});
