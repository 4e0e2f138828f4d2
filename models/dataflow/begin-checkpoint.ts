/** The coordinator is asked for a checkpoint, or for the savepoint of that id. */
import type { FlowWorld } from './flow-world.ts';
import { CoordinatorPort } from './ports.ts';
import { savepointOf } from './savepoint-records.ts';
import { openSnapshot } from './split-parts.ts';
import type { FlowState } from './state.ts';

/** A checkpoint begins: with the part of the enumerator, if splits are handed out, otherwise with the coordinator itself. */
export function requestCheckpoint(world: FlowWorld, state: FlowState, checkpoint: number): void {
  if (world.topology.splits === undefined) beginCheckpoint(world, state, checkpoint);
  else openSnapshot(state, checkpoint);
}

/** What a checkpoint begins with, once everything that has to happen on the coordinator's side has happened. */
export function beginCheckpoint(world: FlowWorld, state: FlowState, checkpoint: number): void {
  const { coordinator } = world.protocol;
  const protocol = state.writeCoordinator().protocol;
  const place = world.coordinatorPlace(state);
  const savepoint = savepointOf(state, checkpoint);
  const port = new CoordinatorPort(state);
  if (savepoint === undefined) coordinator.trigger(protocol, place, checkpoint, port);
  else coordinator.savepoint?.(protocol, place, { checkpoint, stops: savepoint.stops }, port);
}
