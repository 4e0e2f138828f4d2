import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Interval, IntervalSet } from '../../sim/interval-set.ts';

/** The slow twin: every integer by itself. */
class IntegerSet {
  readonly members: Set<number> = new Set();

  add(from: number, to: number): number {
    const before = this.members.size;
    for (let i = from; i < to; i++) this.members.add(i);
    return this.members.size - before;
  }

  remove(from: number, to: number): number {
    let removed = 0;
    for (let i = from; i < to; i++) removed += Number(this.members.delete(i));
    return removed;
  }

  prefixEnd(from: number): number {
    let end = from;
    while (this.members.has(end)) end++;
    return end;
  }

  runs(from: number, to: number, inside: boolean): Interval[] {
    const found: Interval[] = [];
    let start: number | undefined;
    for (let i = from; i <= to; i++) {
      const counts = i < to && this.members.has(i) === inside;
      if (counts && start === undefined) start = i;
      if (!counts && start !== undefined) {
        found.push([start, i]);
        start = undefined;
      }
    }
    return found;
  }
}

const low = -5;
const high = 60;
const range = fc
  .tuple(fc.integer({ min: low, max: high }), fc.nat({ max: 12 }))
  .map(([from, length]) => [from, from + length] as const);
const step = fc.record({ act: fc.constantFrom('add', 'add', 'add', 'append', 'remove'), range });

describe('IntervalSet', () => {
  test('behaves as a set of single integers would, under any history', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), range, (history, [from, to]) => {
        const [fast, slow] = [new IntervalSet(), new IntegerSet()];
        for (const { act, range } of history) {
          const shift = act === 'append' ? (fast.intervals.at(-1)?.[1] ?? 0) - range[0] : 0;
          const [a, b] = [range[0] + shift, range[1] + shift];
          if (act === 'remove') expect(fast.remove(a, b)).toBe(slow.remove(a, b));
          else expect(fast.add(a, b)).toBe(slow.add(a, b));
          expect(fast.size).toBe(slow.members.size);
        }
        const end = fast.intervals.at(-1)?.[1] ?? high;
        expect(fast.intervals).toEqual(slow.runs(low - 1, Math.max(high, end) + 20, true));
        for (let offset = low - 1; offset <= high + 1; offset++) {
          expect(fast.has(offset)).toBe(slow.members.has(offset));
          expect(fast.prefixEnd(offset)).toBe(slow.prefixEnd(offset));
        }
        expect(fast.gaps(from, to)).toEqual(slow.runs(from, to, false));
        expect(fast.covered(from, to)).toBe(slow.runs(from, to, true).reduce((sum, [a, b]) => sum + b - a, 0));
      }),
      { numRuns: 500 },
    );
  });

  test('appending keeps one interval, and a replay is told how much was new', () => {
    const set = new IntervalSet();
    expect(set.add(0, 100)).toBe(100);
    expect(set.add(100, 150)).toBe(50);
    expect(set.add(120, 160)).toBe(10);
    expect(set.add(0, 160)).toBe(0);
    expect(set.intervals).toEqual([[0, 160]]);
  });

  test('a range that fills a gap joins its neighbours', () => {
    const set = new IntervalSet();
    set.add(0, 10);
    set.add(20, 30);
    expect(set.gaps(0, 40)).toEqual([
      [10, 20],
      [30, 40],
    ]);
    expect(set.prefixEnd(0)).toBe(10);
    expect(set.add(5, 20)).toBe(10);
    expect(set.intervals).toEqual([[0, 30]]);
    expect(set.prefixEnd(0)).toBe(30);
  });

  test('removing the middle leaves both ends', () => {
    const set = new IntervalSet();
    set.add(0, 30);
    expect(set.remove(10, 20)).toBe(10);
    expect(set.remove(10, 20)).toBe(0);
    expect(set.intervals).toEqual([
      [0, 10],
      [20, 30],
    ]);
    expect(set.size).toBe(20);
  });

  test('an empty range changes nothing', () => {
    const set = new IntervalSet();
    expect([set.add(5, 5), set.remove(5, 5), set.covered(5, 5), set.size]).toEqual([0, 0, 0, 0]);
    expect(set.gaps(5, 5)).toEqual([]);
    expect(set.intervals).toEqual([]);
  });

  test('offsets beyond 32 bits are exact', () => {
    const set = new IntervalSet();
    const start = 2 ** 52;
    expect(set.add(start, start + 3)).toBe(3);
    expect(set.prefixEnd(start)).toBe(start + 3);
    expect(set.has(start + 3)).toBe(false);
  });

  test('what is not a range of integers is refused', () => {
    const set = new IntervalSet();
    for (const [from, to] of [
      [2, 1],
      [0.5, 1],
      [0, NaN],
      [0, Infinity],
    ] as const) {
      expect(() => set.add(from, to)).toThrow(RangeError);
      expect(() => set.covered(from, to)).toThrow(RangeError);
      expect(() => set.remove(from, to)).toThrow(RangeError);
      expect(() => set.gaps(from, to)).toThrow(RangeError);
    }
  });
});
