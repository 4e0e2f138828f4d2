/**
 * S2: a record a task has taken in is somewhere in its part: in the state, or waiting with the timer or the request that
 * will process it after a restore.
 */
import { countsInPart } from '../shared-files.ts';
import type { FlowLaw } from './law.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

export const everythingCounts: FlowLaw = {
  id: 'S2',
  statement: 'timers, operator state and pending asynchronous work are inside the part or drained',
  scope: 'completion',
  check({ world, state, step }) {
    for (const { checkpoint, task, application } of state.store.parts) {
      if (checkpoint !== step.completed || world.topology.tasks[task]!.role === 'source') continue;
      // What was dropped as a repetition has been read, and is not to be counted.
      const { received: read, got } = application;
      const received = world.protocol.needs.deduplicated === true ? sum(got.map((each) => each.length)) : sum(read);
      const counts = countsInPart(state.store, { checkpoint, task, application });
      const counted = sum(counts);
      const waiting = application.waiting.length;
      if (received === counted + waiting && application.armed === waiting) continue;
      return { checkpoint, task: world.name(task), received, counted, waiting, armed: application.armed };
    }
    return null;
  },
};
