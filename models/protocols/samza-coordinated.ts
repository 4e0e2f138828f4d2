/**
 * The coordinated checkpoint that descriptions of Samza often give (samza.md §0): a coordinator starts a checkpoint, every
 * task instance snapshots its state and uploads it, input offsets are committed with it, the coordinator completes; after
 * a failure all restore it and their offsets. REAL SAMZA DOES NOT DO THIS: there each task commits alone (`samza.ts`).
 *
 * `timed` and `manual` send nothing through the channels: each task snapshots when its own message arrives. Channels must
 * then be logs that survive (intermediate topics). What that is worth, found by searching all orders:
 * - nothing is lost: what a task had appended before its snapshot is in the log, and its reader comes back to its own
 *   position in it. State and output are at-least-once, and a two-phase sink does not help;
 * - a failure repeats what was read since the checkpoint once per stage: each restored task reads what its sender had
 *   appended, and then what it appends again, so that stage k counts these records k + 1 times;
 * - dropping repeated numbers (`deduplicated`) makes chains exact where work is done in order, and nothing else: a task with
 *   two inputs may take them in another order after the restart, number n is another record then, and dropping it loses
 *   it. That variant promises nothing in general; the order of inputs would have to be logged (causal logging).
 * `barrier` puts in what is missing: it is Flink's alignment, and with it volatile channels and exactly-once state.
 */
import type { CoordinatorHandlers } from '../dataflow/protocol.ts';
import { type Protocol, defineProtocol } from '../dataflow/protocol.ts';
import { type CoordinatedTask, coordinated } from './coordinated-task.ts';
import { flinkAligned } from './flink-aligned.ts';
import { type FlinkCoordinator, flinkCoordinator, newPending } from './flink-coordinator.ts';

interface UncutTask extends CoordinatedTask {
  /** Highest checkpoint snapshotted here. */
  last: number;
}

/** Who asks: a timer, whose tick is skipped while a checkpoint is under way, or a person, whose request supersedes it. */
type Trigger = 'timed' | 'manual';

/** Every task is told at the same time. */
function everyTask(trigger: Trigger): CoordinatorHandlers<FlinkCoordinator> {
  return {
    ...flinkCoordinator,
    trigger(state, place, checkpoint, fx) {
      if (trigger === 'timed' && state.pending.length > 0) return;
      for (const { checkpoint: older } of [...state.pending]) flinkCoordinator.expired?.(state, place, older, fx);
      state.pending.push(newPending(place, checkpoint));
      for (let task = 0; task < place.tasks; task++) fx.tell(task, 'snapshot', checkpoint);
    },
  };
}

function withoutBarrier(name: string, trigger: Trigger): Protocol {
  return defineProtocol({
    name,
    promise: {
      state: 'at-least-once',
      output: { plain: 'at-least-once', idempotent: 'at-least-once', 'two-phase': 'at-least-once' },
    },
    needs: { fifo: true, cycles: true, durableChannels: true },
    lossy: ['complete'],
    task: {
      start: (_place, restored): UncutTask => ({ last: restored, notified: restored }),

      control() {},

      ...coordinated<UncutTask>({
        snapshot(state, _place, checkpoint, fx) {
          if (checkpoint <= state.last) return;
          state.last = checkpoint;
          fx.preCommit(checkpoint);
          fx.snapshot(checkpoint);
          fx.upload(checkpoint);
        },
        abort: (_state, _place, checkpoint, fx) => fx.discard(checkpoint),
      }),
    },
    coordinator: everyTask(trigger),
  });
}

export const samzaCoordinatedTimed: Protocol = withoutBarrier('samza-coordinated-timed', 'timed');

export const samzaCoordinatedManual: Protocol = withoutBarrier('samza-coordinated-manual', 'manual');

/** Counterfactual twice over: Samza has neither the coordinator nor the barrier. */
export const samzaCoordinatedBarrier: Protocol = { ...flinkAligned, name: 'samza-coordinated-barrier' };

/** The timed one with receivers that drop the numbers they have had. */
export const samzaCoordinatedDeduplicated: Protocol = {
  ...samzaCoordinatedTimed,
  name: 'samza-coordinated-deduplicated',
  promise: { state: 'none', output: { plain: 'none', idempotent: 'none', 'two-phase': 'none' } },
  needs: { ...samzaCoordinatedTimed.needs, deduplicated: true },
};
