import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

import { EventQueue } from '../../sim/queue.ts';
import { ObjectHeap } from './object-heap.ts';

function drain(queue: EventQueue): number[] {
  const slots: number[] = [];
  while (queue.size > 0) slots.push(queue.pop());
  return slots;
}

type Step =
  | { readonly kind: 'push'; readonly due: number; readonly rank: number }
  | { readonly kind: 'pop' }
  | { readonly kind: 'filter'; readonly modulus: number };

// Few distinct times and ranks, so that ties are the rule; sometimes any time at all.
const due = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 6 }) },
  fc.nat({ max: 2 ** 45 }),
  fc.double({ min: -1, max: 1, noNaN: true }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('push'), due, rank: fc.constantFrom(0, 0, 0, 1, 2 ** 20 - 1) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pop') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('filter'), modulus: fc.integer({ min: 2, max: 5 }) }) },
);
const steps = fc.array(step, { maxLength: 300, size: 'max' });

describe('EventQueue', () => {
  test('pops what a stable sort by (due, rank) puts first, through any mixture of pushes, pops and filters', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 1, 1000), fc.constantFrom(3, 20, 2048), (history, capacity, spreadFrom) => {
        const queue = new EventQueue(capacity, spreadFrom);
        let model: { due: number; rank: number; slot: number }[] = [];
        let ties = 0;
        history.forEach((event, slot) => {
          if (event.kind === 'push') {
            queue.push(event.due, event.rank, slot);
            model.push({ due: event.due, rank: event.rank, slot });
            model.sort((a, b) => a.due - b.due || a.rank - b.rank);
          } else if (event.kind === 'pop') {
            const head = model.shift();
            if (head !== undefined && head.due === model[0]?.due) ties++;
            expect(queue.pop()).toBe(head?.slot ?? -1);
            if (head !== undefined) expect(queue.poppedDue === head.due).toBe(true);
          } else {
            queue.filter((s) => s % event.modulus !== 0);
            model = model.filter((entry) => entry.slot % event.modulus !== 0);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.peekDue() === (model[0]?.due ?? Infinity)).toBe(true);
          expect(queue.ties).toBe(ties);
        });
        expect(drain(queue)).toEqual(model.map((entry) => entry.slot));
      }),
    );
  });

  test.each([
    [3000, 2048],
    [300, 30],
    [20_000, 2048],
  ])('agrees with a heap of objects over long runs of the hold model: %i pending, %i in the heap', (pending, near) => {
    for (const spread of [3, 1000, 1e9]) {
      const [queue, twin] = [new EventQueue(1024, near), new ObjectHeap()];
      const partings: number[] = [];
      let seed = 1;
      const next = (bound: number): number => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return Math.floor((seed / 2 ** 32) * bound);
      };
      const push = (from: number, slot: number): void => {
        const [at, rank] = [from + next(spread), next(3)];
        queue.push(at, rank, slot);
        twin.push(at, rank, slot);
      };
      for (let slot = 0; slot < pending; slot++) push(0, slot);
      for (let i = 0; i < 30_000; i++) {
        const slot = queue.pop();
        if (slot !== twin.pop() || queue.poppedDue !== twin.poppedDue) partings.push(i);
        push(queue.poppedDue, slot);
      }
      expect(partings).toEqual([]);
      // To the last one, and then from the beginning.
      while (queue.size > 0) if (queue.pop() !== twin.pop()) partings.push(-1);
      for (let slot = 0; slot < pending; slot++) push(1e12, slot);
      while (queue.size > 0) if (queue.pop() !== twin.pop()) partings.push(-2);
      expect([partings, twin.size]).toEqual([[], 0]);
    }
  });

  test('far events of very different distances, all at one instant, and after a filter', () => {
    const [queue, twin] = [new EventQueue(16, 8), new ObjectHeap()];
    let seed = 7;
    const next = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const push = (due: number, slot: number): void => {
      queue.push(due, 0, slot);
      twin.push(due, 0, slot);
    };
    const partings: number[] = [];
    for (let i = 0; i < 5000; i++) {
      push(i % 3 === 0 ? 1e6 : Math.floor(2 ** (next() * 50)), i);
      if (i % 4 === 0 && queue.pop() !== twin.pop()) partings.push(i);
    }
    queue.filter((slot) => slot % 7 !== 0);
    while (twin.size > 0) {
      const slot = twin.pop();
      if (slot % 7 !== 0 && queue.pop() !== slot) partings.push(slot);
    }
    expect([partings, queue.size]).toEqual([[], 0]);
  });

  // Rounds of the calendar: what is put behind its spans must come back in time, whichever share of the events that is.
  test.each([
    [70, 2, 1],
    [500, 20, 5],
    [3000, 400, 30],
    [20_000, 1e9, 12],
    [20_000, 10, 12],
  ])(
    'events that come late leave in their turn: %i pending, one of %i a hundred times as far',
    (pending, oneOf, rounds) => {
      const [queue, twin] = [new EventQueue(), new ObjectHeap()];
      let seed = 3;
      const next = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      const push = (from: number, slot: number): void => {
        const far = Math.floor(next() * oneOf) === 0 ? 100 : 1;
        const due = from + Math.floor(next() * 1000 * far);
        queue.push(due, 0, slot);
        twin.push(due, 0, slot);
      };
      for (let slot = 0; slot < pending; slot++) push(0, slot);
      let partings = 0;
      for (let i = 0; i < rounds * 20_000; i++) {
        const slot = queue.pop();
        if (slot !== twin.pop()) partings++;
        push(queue.poppedDue, slot);
      }
      expect(partings).toBe(0);
    },
  );

  test('a crowd at each instant is no reason to make the calendar anew again and again', () => {
    const queue = new EventQueue();
    const spread = vi.spyOn(queue as unknown as { spread: () => void }, 'spread');
    const entries = 60_000;
    const instants = 10;
    for (let slot = 0; slot < entries; slot++) queue.push(slot % instants, 0, slot);
    let last = -Infinity;
    for (let pops = 0; pops < 4 * entries; pops++) {
      const slot = queue.pop();
      expect(queue.poppedDue >= last).toBe(true);
      last = queue.poppedDue;
      queue.push(last + instants, 0, slot);
    }
    // Once for each time the queue grew fourfold, and then at most once for each round of its entries.
    expect(spread.mock.calls.length).toBeLessThan(20);
  });

  test('equal times leave in the order they came, unless their ranks differ', () => {
    const queue = new EventQueue();
    for (let slot = 0; slot < 50; slot++) queue.push(7, 0, slot);
    expect(drain(queue)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(queue.ties).toBe(49);
    for (let slot = 0; slot < 50; slot++) queue.push(7, 2 ** 20 - 1 - slot, slot);
    expect(drain(queue)).toEqual(Array.from({ length: 50 }, (_, i) => 49 - i));
  });

  test('an empty queue has no head, and popping it changes nothing', () => {
    const queue = new EventQueue();
    expect([queue.size, queue.peekDue(), queue.pop(), queue.poppedDue]).toEqual([0, Infinity, -1, -Infinity]);
    queue.push(5, 0, 1);
    queue.pop();
    expect([queue.pop(), queue.poppedDue, queue.ties]).toEqual([-1, 5, 0]);
  });

  test('forEach visits every pending entry once', () => {
    const queue = new EventQueue(1, 4);
    for (let slot = 0; slot < 20; slot++) queue.push(100 - slot, 0, slot);
    queue.pop();
    const visited: [number, number][] = [];
    queue.forEach((slot, due) => visited.push([slot, due]));
    expect(visited.toSorted(([a], [b]) => a - b)).toEqual(Array.from({ length: 19 }, (_, slot) => [slot, 100 - slot]));
  });

  test('clear forgets everything, the insertion order included', () => {
    const queue = new EventQueue();
    for (let slot = 0; slot < 20; slot++) queue.push(1, 0, slot);
    queue.pop();
    queue.clear();
    expect([queue.size, queue.peekDue(), queue.ties, queue.poppedDue, queue.pop()]).toEqual([
      0,
      Infinity,
      0,
      -Infinity,
      -1,
    ]);
    queue.push(2, 0, 5);
    queue.push(1, 0, 6);
    expect(drain(queue)).toEqual([6, 5]);
  });

  test('a time that is not finite and a rank that is not in range are refused', () => {
    const queue = new EventQueue();
    for (const bad of [NaN, Infinity, -Infinity]) expect(() => queue.push(bad, 0, 0)).toThrow(RangeError);
    for (const bad of [-1, 0.5, 2 ** 20, NaN]) expect(() => queue.push(0, bad, 0)).toThrow(RangeError);
    expect(queue.size).toBe(0);
  });

  test('the push after the 3 * 2^30th is refused, because insertion order would wrap', () => {
    const queue = new EventQueue();
    Object.assign(queue, { sequence: 3 * 2 ** 30 - 1, popped: 3 * 2 ** 30 - 1 });
    queue.push(0, 2 ** 20 - 1, 1);
    expect(() => queue.push(0, 0, 2)).toThrow('insertion order is used up');
    queue.clear();
    queue.push(0, 0, 2);
    expect(queue.pop()).toBe(2);
  });

  test('so is going on with a calendar, into which pushes are not counted one by one', () => {
    const queue = new EventQueue();
    for (let slot = 0; slot < 1_000; slot++) queue.push(slot, 0, slot);
    Object.assign(queue, { sequence: 3 * 2 ** 30 + 999, popped: 3 * 2 ** 30 });
    expect(() => drain(queue)).toThrow('insertion order is used up');
  });
});
