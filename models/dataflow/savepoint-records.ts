/** The records of the user's savepoints: which there are, and with which one the job stops. */
import type { FlowState, Savepoint } from './state.ts';

/** The record of a savepoint; undefined: the id is that of a checkpoint. */
export function savepointOf(state: FlowState, checkpoint: number): Savepoint | undefined {
  return state.store.savepoints.find((each) => each.checkpoint === checkpoint);
}

/** The savepoint with which this attempt ends; undefined: it goes on. */
export function stoppedWith(state: FlowState): Savepoint | undefined {
  const { savepoints, attempt } = state.store;
  return savepoints.find((each) => each.stops && each.status === 'complete' && each.attempt === attempt);
}

/** The successor of a coordinator that has crashed knows of no stop: the job will be restarted from its checkpoints. */
export function forgetStop(state: FlowState): void {
  const savepoint = stoppedWith(state);
  if (savepoint !== undefined) setStatus(state, savepoint.checkpoint, 'forgotten');
}

/** Replaces the record by one with another status. */
export function setStatus(state: FlowState, checkpoint: number, status: Savepoint['status']): void {
  const store = state.writeStore();
  store.savepoints = store.savepoints.map((each) => (each.checkpoint === checkpoint ? { ...each, status } : each));
}
