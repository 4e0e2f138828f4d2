/**
 * Savepoints (engines.md §2.3, §2.11): aligned snapshots that belong to the user. The coordinator never restores one by
 * itself, never subsumes or deletes one. Taken while the job goes on, it is told to nobody. Taken to stop the job, no source
 * reads behind it, every task hears of it and commits, and the job ends; if something fails then, the job has failed with a
 * consistent savepoint, and goes on from that one when the user starts it again.
 */
import { attemptOf } from './attempts.ts';
import { requestCheckpoint } from './begin-checkpoint.ts';
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import type { FlowStep } from './laws/law.ts';
import { CoordinatorPort } from './ports.ts';
import { startFrom } from './restart.ts';
import { savepointOf, setStatus, stoppedWith } from './savepoint-records.ts';
import type { FlowState, InFlight, Savepoint } from './state.ts';

/** What the user may ask for: a savepoint, a stop with one, and to go back to one while the job has gone on. */
export function savepointActions(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  if (state.environment.undetected) return;
  if (mayRequest(world, state)) {
    const left = state.environment.savepoints;
    for (const stops of [false, true]) {
      actions.push({
        id: `savepoint:${stops ? 'stop' : 'take'}#${left}`,
        kind: 'savepoint',
        run: (s) => request(world, s, stops),
      });
    }
  }
  for (const savepoint of state.store.savepoints) {
    if (savepoint.status !== 'complete' || savepoint.stops || !isSafe(world, state, savepoint)) continue;
    actions.push({
      id: `savepoint:restore#${savepoint.checkpoint}`,
      kind: 'savepoint',
      run: (s, step) => restoreSavepoint(world, s, savepoint, step),
    });
  }
}

function mayRequest(world: FlowWorld, state: FlowState): boolean {
  const { coordinator, needs } = world.protocol;
  if (state.environment.savepoints === 0 || coordinator.savepoint === undefined || isStopping(world, state))
    return false;
  if (state.coordinator.enumerator.opening > 0) return false;
  // Keyed jobs rescale instead.
  if (world.keyed !== null) return false;
  // Behind priority barriers a savepoint waits for its turn; elsewhere it runs beside a checkpoint.
  if (needs.recoveryFirst === true && coordinator.pending(state.coordinator.protocol).length > 0) return false;
  for (let task = 0; task < state.tasks; task++) if (!state.task(task).up) return false;
  return world.topology.channels.every(
    (_, channel) => needs.recoveryFirst !== true || state.channel(channel).recovered === 0,
  );
}

function request(world: FlowWorld, state: FlowState, stops: boolean): void {
  state.writeEnvironment().savepoints--;
  const store = state.writeStore();
  const checkpoint = store.nextId++;
  store.savepoints.push({ checkpoint, attempt: store.attempt, stops, status: 'requested' });
  requestCheckpoint(world, state, checkpoint);
}

/** The job is to stop behind a savepoint, or has: no checkpoint begins any more. */
export function isStopping(world: FlowWorld, state: FlowState): boolean {
  if (stoppedWith(state) !== undefined) return true;
  const pending = world.protocol.coordinator.pending(state.coordinator.protocol);
  return [...pending, state.coordinator.enumerator.opening].some(
    (checkpoint) => savepointOf(state, checkpoint)?.stops === true,
  );
}

/** The savepoint is durable. A coordinator that does not know of it any more does not stop the job for it. */
export function completeSavepoint(world: FlowWorld, state: FlowState, effect: InFlight, step: FlowStep): void {
  const { checkpoint } = effect;
  const { coordinator } = world.protocol;
  const isKnown = coordinator.pending(state.coordinator.protocol).includes(checkpoint);
  const { stops } = savepointOf(state, checkpoint)!;
  setStatus(state, checkpoint, stops && !isKnown ? 'forgotten' : 'complete');
  step.completed = checkpoint;
  if (!isKnown) return;
  const protocol = state.writeCoordinator().protocol;
  coordinator.stored(protocol, world.coordinatorPlace(state), checkpoint, new CoordinatorPort(state));
}

/** The job has stopped, or failed on its last steps; the user starts it again from its savepoint. */
export function restartsAfterStop(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  const savepoint = stoppedWith(state);
  if (savepoint === undefined) return;
  if (state.environment.undetected) {
    if (world.engine.failedStop === 'failover') return;
  } else if (!hasFinished(state, savepoint)) return;
  actions.push({
    id: `restart:user#${savepoint.checkpoint}`,
    kind: 'restart',
    run: (s, step) => restoreSavepoint(world, s, savepoint, step),
  });
}

/** Every task has been told, and every commit has landed. */
function hasFinished(state: FlowState, { checkpoint }: Savepoint): boolean {
  const { network } = state;
  return (
    network.messages.every((each) => each.name !== 'complete' || each.checkpoint !== checkpoint) &&
    network.inFlight.every((each) => each.kind !== 'commit' || each.attempt !== attemptOf(state, each.task))
  );
}

/**
 * The job of before is cancelled with its checkpoints, a new one begins at the savepoint. What has become visible behind it
 * comes again, by design: the savepoint is a branch (§2.13, F15).
 */
function restoreSavepoint(world: FlowWorld, state: FlowState, savepoint: Savepoint, step: FlowStep): void {
  const { checkpoint, attempt } = savepoint;
  if (!savepoint.stops) state.writeOutput().repeats = visibleBehind(world, state, checkpoint);
  setStatus(state, checkpoint, 'restored');
  const store = state.writeStore();
  store.completed = [{ checkpoint, attempt }];
  store.parts = store.parts.filter((part) => savepointOf(state, part.checkpoint) !== undefined);
  store.files = [];
  store.lineage = store.everCompleted.length;
  store.everCompleted.push(checkpoint);
  startFrom(world, state, checkpoint, step);
}

/** Per record, how often it is visible already and does not belong to the savepoint. */
function visibleBehind(world: FlowWorld, state: FlowState, checkpoint: number): number[] {
  const { transactions, visible } = state.output;
  const behind = visible.slice();
  for (const { application, ...part } of state.store.parts) {
    if (part.checkpoint !== checkpoint || world.topology.tasks[part.task]!.role !== 'sink') continue;
    application.seen.forEach((times, record) => (behind[record]! -= times));
    for (const [, id] of application.pending) {
      const { status, records } = transactions[id]!;
      if (status !== 'committed') for (const record of records) behind[record]!++;
    }
  }
  return behind.map((times) => Math.max(0, times));
}

/**
 * A failover behind a savepoint aborts the transactions that were pre-committed with it: whoever goes back to it loses them.
 * That is not promised, and does not happen unless the environment says so.
 */
function isSafe(world: FlowWorld, state: FlowState, { checkpoint }: Savepoint): boolean {
  if (world.environment.beyond?.includes('restore-after-failover') === true) return true;
  return state.store.parts.every(
    (part) =>
      part.checkpoint !== checkpoint ||
      part.application.pending.every(([, id]) => state.output.transactions[id]!.status !== 'aborted'),
  );
}
