import fc from 'fast-check';
import { expect, test } from 'vitest';

import { addTask, countOf, hasTask, noTasks } from '../../../models/protocols/task-set.ts';

const tasks = fc.integer({ min: 1, max: 200 });
const jobs = tasks.chain((count) =>
  fc.record({
    count: fc.constant(count),
    added: fc.uniqueArray(fc.integer({ min: 0, max: count - 1 })),
  }),
);

test('a set of tasks has the tasks that were put in, and no others', () => {
  fc.assert(
    fc.property(jobs, ({ count, added }) => {
      const set = noTasks(count);
      for (const task of added) {
        expect(hasTask(set, task)).toBe(false);
        addTask(set, task);
      }
      const members = Array.from({ length: count }, (_, task) => task).filter((task) => hasTask(set, task));
      expect(members).toEqual(added.toSorted((x, y) => x - y));
      expect(countOf(set)).toBe(added.length);
    }),
  );
});

test('the order in which tasks came leaves no trace', () => {
  fc.assert(
    fc.property(jobs, ({ count, added }) => {
      const [one, other] = [noTasks(count), noTasks(count)];
      for (const task of added) addTask(one, task);
      for (const task of added.toReversed()) addTask(other, task);
      expect(one).toEqual(other);
    }),
  );
});

test('sets of 32-bit integers hold a million tasks in 125 kB', () => {
  const set = noTasks(1_000_000);
  for (let task = 0; task < 1_000_000; task++) addTask(set, task);
  expect(set.length).toBe(1 + 31_250);
  expect(countOf(set)).toBe(1_000_000);
  expect(set.every((word) => (word | 0) === word)).toBe(true);
});
