/** C1: a checkpoint is complete when every task has its part, and every part is of the attempt its task is in. */
import { attemptOf } from '../attempts.ts';
import { partOf } from './cut.ts';
import type { FlowLaw } from './law.ts';

export const complete: FlowLaw = {
  id: 'C1',
  statement: 'a completed checkpoint has exactly one durable part for every task, of the attempt that completed it',
  scope: 'completion',
  check(view) {
    for (let task = 0; task < view.state.tasks; task++) {
      const part = partOf(view, task);
      const name = view.world.name(task);
      if (part === undefined) return { checkpoint: view.step.completed as number, task: name, part: 'missing' };
      const attempt = attemptOf(view.state, task);
      if (part.attempt !== attempt) {
        return {
          checkpoint: part.checkpoint,
          task: name,
          part: `of attempt ${part.attempt}`,
          attempt,
        };
      }
    }
    return null;
  },
};
