/**
 * A completed checkpoint is written and nobody hears how it went (engines.md §2.13, F4): the store's answer is lost, or the
 * store itself does not know. The write has happened or it has not; the coordinator that asked is told that it cannot know.
 */
import { effectId, recordCompleted } from './effect-actions.ts';
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import { CoordinatorPort } from './ports.ts';
import { savepointOf } from './savepoint-records.ts';
import type { FlowState, InFlight } from './state.ts';

const OUTCOMES = ['written', 'unwritten'] as const;

/** Both outcomes of each write under way, while the budget lasts, where the protocol can be told of such a thing. */
export function unknownOutcomes(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (state.environment.unknownStores === 0 || world.protocol.coordinator.storeUnknown === undefined) return;
  state.network.inFlight.forEach((effect, at) => {
    // No pointer is written for a savepoint.
    if (effect.kind !== 'store' || savepointOf(state, effect.checkpoint) !== undefined) return;
    for (const outcome of OUTCOMES) {
      actions.push({
        id: `${outcome}-${effectId(world, effect)}`,
        kind: 'unknown',
        run: (s, step) => {
          s.writeEnvironment().unknownStores--;
          s.writeNetwork().inFlight.splice(at, 1);
          if (outcome === 'written') recordCompleted(s, effect, step);
          neverTold(world, s, effect);
        },
      });
    }
  });
}

function neverTold(world: FlowWorld, state: FlowState, { checkpoint, attempt }: InFlight): void {
  state.writeStore().unknown.push(checkpoint);
  if (attempt !== state.store.attempt || !state.coordinator.up) return;
  const coordinator = state.writeCoordinator().protocol;
  const place = world.coordinatorPlace(state);
  world.protocol.coordinator.storeUnknown?.(coordinator, place, checkpoint, new CoordinatorPort(state));
}
