/**
 * Effects in flight: uploads, completion records and commits that were asked for and have not reached the store or the
 * outside world. Each lands as an action of its own, so anything may come between; some may fail.
 */
import { attemptOf } from './attempts.ts';
import { failTask } from './crash-actions.ts';
import type { FlowAction } from './flow-action.ts';
import type { FlowWorld } from './flow-world.ts';
import type { FlowStep } from './laws/law.ts';
import { putFiles, putPart } from './ordered-sets.ts';
import { CoordinatorPort, TaskPort } from './ports.ts';
import { savepointOf, stoppedWith } from './savepoint-records.ts';
import { completeSavepoint } from './savepoints.ts';
import { remember } from './shared-files.ts';
import { commitTransaction } from './sinks.ts';
import type { FlowState, InFlight, Part } from './state.ts';

/** Every effect in flight may land. */
export function landings(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  state.network.inFlight.forEach((effect, i) => {
    actions.push({
      id: effectId(world, effect),
      kind: effect.kind,
      run: (s, step) => land(world, s, { effect, at: i }, step),
    });
  });
}

/** Uploads and commits that may fail, while the budget lasts. */
export function effectFaults(world: FlowWorld, state: FlowState, actions: FlowAction[]): void {
  const { failedUploads, failedCommits } = state.environment;
  if (failedUploads === 0 && failedCommits === 0) return;
  state.network.inFlight.forEach((effect, i) => {
    if (effect.kind === 'upload' && failedUploads > 0) {
      actions.push({
        id: `fail-${effectId(world, effect)}`,
        kind: 'fail',
        run: (s) => failUpload(world, s, { effect, at: i }),
      });
    }
    if (effect.kind === 'commit' && failedCommits > 0) {
      actions.push({
        id: `fail-${effectId(world, effect)}`,
        kind: 'fail',
        run: (s) => failCommit(world, s, { effect, at: i }),
      });
    }
  });
}

export function effectId(world: FlowWorld, effect: InFlight): string {
  const who = world.name(effect.task);
  const what = effect.kind === 'commit' ? `t${effect.transaction}` : `c${effect.checkpoint}`;
  return `${effect.kind}:${who}#${what}/a${effect.attempt}`;
}

/** An effect and its place among those in flight. */
interface Flight {
  readonly effect: InFlight;
  readonly at: number;
}

function land(world: FlowWorld, state: FlowState, { effect, at }: Flight, step: FlowStep): void {
  state.writeNetwork().inFlight.splice(at, 1);
  const before = effect.kind === 'commit' ? state.output.transactions[effect.transaction]!.status : null;
  step.landed = { effect, before };
  switch (effect.kind) {
    case 'upload':
      putFiles(state.writeStore(), effect.part);
      putPart(state.writeStore(), effect.part);
      if (isHeard(state, effect)) rememberFiles(state, effect.part);
      if (isHeard(state, effect)) tellTask(world, state, effect, 'uploaded');
      return;
    case 'store':
      complete(world, state, effect, step);
      return;
    case 'commit':
      commitTransaction(world, state, effect.transaction);
      if (effect.attempt === attemptOf(state, effect.task)) forgetPending(state, effect.task, effect.transaction);
      return;
  }
}

/** The completed checkpoint's record is durable; the coordinator that asked for it hears of it, if it is still there. */
function complete(world: FlowWorld, state: FlowState, effect: InFlight, step: FlowStep): void {
  const { checkpoint, attempt } = effect;
  if (savepointOf(state, checkpoint) !== undefined) {
    completeSavepoint(world, state, effect, step);
    return;
  }
  recordCompleted(state, effect, step);
  if (attempt !== state.store.attempt || !state.coordinator.up) return;
  const coordinator = state.writeCoordinator().protocol;
  world.protocol.coordinator.stored(coordinator, world.coordinatorPlace(state), checkpoint, new CoordinatorPort(state));
}

export function recordCompleted(state: FlowState, effect: InFlight, step: FlowStep): void {
  const { checkpoint, attempt } = effect;
  const store = state.writeStore();
  const shared = effect.kind === 'store' && effect.files !== undefined ? { files: effect.files } : {};
  store.completed.push({ checkpoint, attempt, ...shared });
  store.everCompleted.push(checkpoint);
  step.completed = checkpoint;
}

/** The task's backend knows what it has uploaded for the checkpoint. */
function rememberFiles(state: FlowState, { task, checkpoint, files }: Part): void {
  if (files !== undefined) remember(state.writeTask(task).backend, checkpoint, files);
}

/** Whoever began the effect is still there to be told. */
function isHeard(state: FlowState, { task, attempt }: InFlight): boolean {
  return attempt === attemptOf(state, task) && state.task(task).up;
}

function tellTask(world: FlowWorld, state: FlowState, effect: InFlight, what: 'uploaded' | 'uploadFailed'): void {
  const place = world.place(state, effect.task);
  const { protocol } = state.writeTask(effect.task);
  const port = new TaskPort(world, state, place, null);
  if (what === 'uploaded') world.protocol.task.uploaded(protocol, place, effect.checkpoint, port);
  else world.protocol.task.uploadFailed?.(protocol, place, effect.checkpoint, port);
}

function forgetPending(state: FlowState, task: number, transaction: number): void {
  const { application } = state.writeTask(task);
  application.pending = application.pending.filter(([, id]) => id !== transaction);
}

function failUpload(world: FlowWorld, state: FlowState, { effect, at }: Flight): void {
  state.writeEnvironment().failedUploads--;
  state.writeNetwork().inFlight.splice(at, 1);
  if (effect.kind === 'upload' && !world.engine.cleansFailedUploads) putFiles(state.writeStore(), effect.part);
  if (isHeard(state, effect)) tellTask(world, state, effect, 'uploadFailed');
}

/** A retriable failure leaves the request in flight; a sink that drops failed commits forgets it, one that is stopping fails. */
function failCommit(world: FlowWorld, state: FlowState, { effect, at }: Flight): void {
  state.writeEnvironment().failedCommits--;
  if (stoppedWith(state) !== undefined && isHeard(state, effect)) {
    state.writeNetwork().inFlight.splice(at, 1);
    failTask(world, state, effect.task);
    return;
  }
  if (world.rules.onFailedCommit !== 'drop') return;
  state.writeNetwork().inFlight.splice(at, 1);
  if (effect.kind === 'commit' && effect.attempt === attemptOf(state, effect.task))
    forgetPending(state, effect.task, effect.transaction);
}
