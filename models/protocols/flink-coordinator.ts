/**
 * Flink's checkpoint coordinator as far as every barrier scheme needs it (engines.md §2.2-§2.4): trigger the sources,
 * collect one acknowledgement per task, store the completed checkpoint, subsume older ones, notify; abort on decline or
 * expiry. Late, duplicate and foreign acknowledgements are known for what they are.
 */
import {
  type CoordinatorEffects,
  type CoordinatorHandlers,
  type CoordinatorPlace,
  type TaskMessage,
  isCurrent,
} from '../dataflow/protocol.ts';
import type { SharedFile } from '../dataflow/shared-files.ts';
import {
  type SharedStateRegistry,
  keepFiles,
  registerFiles,
  registryAfterRestart,
  unregisterUnused,
} from './shared-state-registry.ts';
import { type TaskSet, addTask, countOf, hasTask, noTasks } from './task-set.ts';

export interface FlinkPending {
  readonly checkpoint: number;
  /** Tasks that have acknowledged. */
  readonly acked: TaskSet;
  /** All acknowledged; the completed checkpoint is being written. */
  storing: boolean;
  /** Shared files of the tasks that have acknowledged, as the registry resolved them; absent while there are none. */
  files?: readonly SharedFile[];
  /** What the user asked for; absent: a checkpoint. */
  readonly savepoint?: 'asynchronous' | 'stop';
}

export interface FlinkCoordinator {
  pending: FlinkPending[];
  /** Newest completed checkpoint this coordinator knows of; 0: none. */
  completed: number;
  /** Completed checkpoints that are retained. */
  readonly retained: number[];
  readonly registry: SharedStateRegistry;
  /** Files that are not its to delete: of savepoints, and of checkpoints that it does not know to be complete or not. */
  readonly kept: number[];
}

/** A checkpoint that has been asked for and that no task has acknowledged yet. */
export function newPending({ tasks }: CoordinatorPlace, checkpoint: number): FlinkPending {
  return { checkpoint, acked: noTasks(tasks), storing: false };
}

/** How many completed checkpoints are kept (state.checkpoints.num-retained). */
export const NUM_RETAINED = 1;

export const flinkCoordinator: CoordinatorHandlers<FlinkCoordinator> = flinkCoordinatorKeeping(NUM_RETAINED);

/** The coordinator with another number of completed checkpoints retained. */
export function flinkCoordinatorKeeping(numRetained: number): CoordinatorHandlers<FlinkCoordinator> {
  return {
    retains: numRetained,

    registersFiles: true,

    start: (place, _nextId, restored, before) => startFrom(place, restored, before),

    trigger(state, place, checkpoint, fx) {
      state.pending.push(newPending(place, checkpoint));
      for (const source of place.sources) fx.tell(source, 'trigger', checkpoint);
    },

    message(state, place, message, fx) {
      // An acknowledgement of another attempt belongs to nobody any more.
      if (!isCurrent(place, message)) return;
      if (message.name === 'decline') abort(state, place, message.checkpoint, fx);
      if (message.name === 'ack') acknowledge(state, place, message, fx);
    },

    stored(state, place, checkpoint, fx) {
      const savepoint = state.pending.find((each) => each.checkpoint === checkpoint)?.savepoint;
      state.pending = state.pending.filter((each) => each.checkpoint !== checkpoint);
      if (savepoint === undefined) {
        state.completed = Math.max(state.completed, checkpoint);
        state.retained.push(checkpoint);
      } else state.kept.push(checkpoint);
      if (savepoint !== 'asynchronous') {
        subsume(state, place, checkpoint, fx);
        for (let task = 0; task < place.tasks; task++) fx.tell(task, 'complete', checkpoint);
      }
      while (state.retained.length > numRetained) fx.discard(state.retained.shift() as number);
      deleteUnused(state, fx);
      storeNext(state, place, fx);
    },

    storeUnknown(state, place, checkpoint, fx) {
      keepFiles(state.registry, state.pending.find((each) => each.checkpoint === checkpoint)?.files ?? []);
      state.pending = state.pending.filter((each) => each.checkpoint !== checkpoint);
      state.kept.push(checkpoint);
      for (let task = 0; task < place.tasks; task++) fx.tell(task, 'abort', checkpoint);
      storeNext(state, place, fx);
    },

    expired: (state, place, checkpoint, fx) => abort(state, place, checkpoint, fx),

    // JOB_FAILOVER_REGION (engines.md §2.10, step 3): what is pending is aborted, savepoints and completions that were being
    // written included; those that restart know nothing of it. From there on it is as after any restart.
    failover(state, place, { restarted, restored }, fx) {
      const restarting = new Set(restarted);
      for (const { checkpoint } of state.pending) {
        for (let task = 0; task < place.tasks; task++) {
          if (!restarting.has(task)) fx.tell(task, 'abort', checkpoint);
        }
      }
      const givenUp = [...state.pending.map(({ checkpoint }) => checkpoint), ...state.kept];
      for (const checkpoint of givenUp) if (!place.completed.includes(checkpoint)) fx.discard(checkpoint);
      Object.assign(state, startFrom(place, restored, state));
    },

    pending: (state) => state.pending.map((each) => each.checkpoint),

    // An acknowledgement that others must still follow.
    quiet(state, place, message) {
      if (message.name !== 'ack' || !isCurrent(place, message)) return false;
      const pending = state.pending.find((each) => each.checkpoint === message.checkpoint);
      if (pending === undefined || hasTask(pending.acked, message.from)) return false;
      return countOf(pending.acked) + 1 < place.tasks;
    },
  };
}

/** Nothing is pending, and nothing unknown; the registry outlives the tasks, and is rebuilt from what is retained otherwise. */
function startFrom(place: CoordinatorPlace, restored: number, before?: FlinkCoordinator): FlinkCoordinator {
  const registry = registryAfterRestart(before?.registry ?? []);
  place.completed.forEach((checkpoint, i) => registerFiles(registry, place.files?.[i] ?? [], checkpoint));
  return { pending: [], completed: restored, retained: [...place.completed], kept: [], registry };
}

function acknowledge(
  state: FlinkCoordinator,
  place: CoordinatorPlace,
  message: TaskMessage,
  fx: CoordinatorEffects,
): void {
  const { files, isKnown, duplicates } = registerFiles(state.registry, message.files ?? [], message.checkpoint);
  for (const path of duplicates) fx.deleteFile?.(path);
  const pending = state.pending.find((each) => each.checkpoint === message.checkpoint);
  if (pending === undefined) {
    // A late acknowledgement of a checkpoint that was given up: its part is nobody's, its files are those of the registry.
    if (!state.retained.includes(message.checkpoint) && !state.kept.includes(message.checkpoint))
      fx.discard(message.checkpoint);
    deleteUnused(state, fx);
    return;
  }
  if (hasTask(pending.acked, message.from)) return;
  if (!isKnown) {
    // A placeholder for a file that is gone: a newer checkpoint, which the task does not know of, has taken its place. The
    // notice of that one may be lost; as notices of aborts do in Flink, this one tells of it again.
    fx.tell(message.from, 'complete', state.completed);
    abort(state, place, message.checkpoint, fx);
    return;
  }
  addTask(pending.acked, message.from);
  if (files.length > 0) pending.files = [...(pending.files ?? []), ...files].toSorted(byTask);
  storeNext(state, place, fx);
}

/** Files of one task stay in the order of their names. */
const byTask = (x: SharedFile, y: SharedFile): number => x.task - y.task;

/** Deletes the shared files that no retained checkpoint uses, nor any that may still complete. */
function deleteUnused(state: FlinkCoordinator, fx: CoordinatorEffects): void {
  const lowest = Math.min(...state.retained);
  if (state.retained.length > 0) for (const path of unregisterUnused(state.registry, lowest)) fx.deleteFile?.(path);
}

/** Completions are written one after the other: an older one that landed behind a newer would displace it. */
function storeNext(state: FlinkCoordinator, place: CoordinatorPlace, fx: CoordinatorEffects): void {
  if (state.pending.some((each) => each.storing)) return;
  const next = state.pending.find((each) => countOf(each.acked) === place.tasks);
  if (next === undefined) return;
  next.storing = true;
  fx.store(next.checkpoint, next.files);
}

/** Older checkpoints under way, not savepoints, are aborted by a newer one's completion. */
function subsume(state: FlinkCoordinator, place: CoordinatorPlace, checkpoint: number, fx: CoordinatorEffects): void {
  for (const { checkpoint: older } of state.pending.filter(
    (each) => each.checkpoint < checkpoint && each.savepoint === undefined,
  )) {
    abort(state, place, older, fx);
  }
}

function abort(state: FlinkCoordinator, place: CoordinatorPlace, checkpoint: number, fx: CoordinatorEffects): void {
  const pending = state.pending.find((each) => each.checkpoint === checkpoint);
  // Once its completion is being written it can no longer be taken back.
  if (pending === undefined || pending.storing) return;
  state.pending = state.pending.filter((each) => each !== pending);
  for (let task = 0; task < place.tasks; task++) fx.tell(task, 'abort', checkpoint);
  fx.discard(checkpoint);
}
