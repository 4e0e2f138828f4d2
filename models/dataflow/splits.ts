/**
 * Splits that a coordinator hands out (engines.md §2.3; Flink's source enumerators): which log a source reads is no longer its
 * own business. The enumerator's part of a checkpoint is taken first, then the sources are triggered; in between its valve is
 * closed, so that each split is in its part or in the part of one source. An event that has not arrived yet holds the
 * snapshot up, one that gets lost fails its receiver (FLINK-21996): otherwise a split on its way would be in neither.
 */
import { beginCheckpoint } from './begin-checkpoint.ts';
import { failTask } from './crash-actions.ts';
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import { messageId } from './message-actions.ts';
import { addMessage } from './ordered-sets.ts';
import { isSplitEvent, SPLIT_EVENT } from './split-parts.ts';
import { type FlowState, TO_COORDINATOR } from './state.ts';

/** Splits that are handed out, and the snapshot of the enumerator, once nothing it has sent is under way. */
export function splitActions(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (world.topology.splits === undefined) return;
  const { unassigned, opening, closedFor } = state.coordinator.enumerator;
  if (closedFor.length === 0 || world.engine.valve === 'stays-open') {
    for (const split of unassigned) {
      for (const source of world.sources) {
        if (!state.task(source).up) continue;
        actions.push({
          id: `assign:${world.name(source)}#${split}`,
          kind: 'assign',
          run: (s) => assign(s, source, split),
        });
      }
    }
  }
  if (opening === 0 || state.environment.undetected || !isConfirmed(world, state)) return;
  actions.push({ id: `enumerated:coordinator#${opening}`, kind: 'enumerated', run: (s) => triggerSources(world, s) });
}

function isConfirmed(world: FlowWorld, { network }: FlowState): boolean {
  return world.engine.events === 'forgotten' || !network.messages.some((message) => isSplitEvent(world, message));
}

function assign(state: FlowState, source: number, split: number): void {
  const { enumerator } = state.writeCoordinator();
  enumerator.unassigned = enumerator.unassigned.filter((each) => each !== split);
  const { attempt } = state.store;
  addMessage(state.writeNetwork(), {
    from: TO_COORDINATOR,
    to: source,
    name: SPLIT_EVENT,
    checkpoint: split,
    attempt,
    data: 0,
  });
}

function triggerSources(world: FlowWorld, state: FlowState): void {
  const { enumerator } = state.writeCoordinator();
  const checkpoint = enumerator.opening;
  enumerator.opening = 0;
  enumerator.closedFor = enumerator.closedFor.filter((each) => each !== checkpoint);
  beginCheckpoint(world, state, checkpoint);
}

/** Events that get lost, and snapshots of the enumerator that expire, while the budgets last. */
export function splitFaults(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (world.topology.splits === undefined) return;
  const { lostEvents, timeouts, undetected } = state.environment;
  state.network.messages.forEach((message, at) => {
    if (!isSplitEvent(world, message) || lostEvents === 0 || undetected) return;
    actions.push({
      id: messageId(world, 'lose', message),
      kind: 'lose',
      run: (s) => {
        s.writeEnvironment().lostEvents--;
        s.writeNetwork().messages.splice(at, 1);
        if (world.engine.events === 'confirmed') failTask(world, s, message.to);
      },
    });
  });
  const { opening } = state.coordinator.enumerator;
  if (timeouts === 0 || opening === 0) return;
  actions.push({
    id: `expire:enumerator#${opening}`,
    kind: 'expire',
    run: (s) => {
      s.writeEnvironment().timeouts--;
      giveUpSnapshot(world, s);
    },
  });
}

/** The checkpoint is aborted before anybody else has heard of it; the valve opens again. */
function giveUpSnapshot(world: FlowWorld, state: FlowState): void {
  const { enumerator } = state.writeCoordinator();
  const checkpoint = enumerator.opening;
  enumerator.opening = 0;
  const store = state.writeStore();
  store.splitParts = store.splitParts.filter((part) => part.checkpoint !== checkpoint);
  if (world.engine.valve === 'stays-closed') return;
  enumerator.closedFor = enumerator.closedFor.filter((each) => each !== checkpoint);
}
