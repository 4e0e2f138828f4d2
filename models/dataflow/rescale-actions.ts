/**
 * The job is rescaled: it restarts with another parallelism from its newest completed checkpoint, as Flink's adaptive
 * scheduler does it when slots come or go. It may happen while all is well, and as the answer to a failure.
 */
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import { restartAll } from './restart.ts';
import type { FlowState } from './state.ts';

/** The next parallelism of the topology's list, if there is one. */
export function rescales(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  const next = world.keyed?.stage.rescaleTo[state.environment.rescaled];
  if (next === undefined) return;
  actions.push({
    id: `rescale:job#${state.environment.rescaled + 1}`,
    kind: 'rescale',
    run: (s, step) => {
      s.writeEnvironment().rescaled++;
      s.writeStore().parallelism = next;
      restartAll(world, s, step);
    },
  });
}
