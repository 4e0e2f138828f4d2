import fc from 'fast-check';
import { expect, test } from 'vitest';

import { TaskQueues } from '../../../models/flow-job/task-queues.ts';

const TASKS = 4;
const step = fc.record({
  task: fc.integer({ min: 0, max: TASKS - 1 }),
  act: fc.constantFrom('push', 'push', 'push', 'shift', 'shift', 'clear'),
});

test('each task has a queue of its own, first in first out', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queues = new TaskQueues<number>(TASKS);
      const twin: number[][] = Array.from({ length: TASKS }, () => []);
      steps.forEach(({ task, act }, i) => {
        if (act === 'push') {
          queues.push(task, i);
          twin[task]!.push(i);
        } else if (act === 'shift') {
          expect(queues.shift(task)).toBe(twin[task]!.shift());
        } else {
          queues.clear(task);
          twin[task] = [];
        }
        expect(twin.map((_, each) => queues.of(each))).toEqual(twin);
      });
    }),
  );
});
