/**
 * D1-D3: what a step rests on is durable before it, what is retained can be read, and what nobody needs is gone in the end.
 */
import { type LocalFile, filesOf } from '../shared-files.ts';
import { type FlowState, type StoreComponent, TO_COORDINATOR } from '../state.ts';
import type { FlowLaw } from './law.ts';

/** Ids of the savepoints that are complete: all of them are the user's to keep. */
function savepointsOf({ store }: FlowState): readonly number[] {
  return store.savepoints.flatMap(({ checkpoint, status }) => (status === 'requested' ? [] : [checkpoint]));
}

const isDurable = (state: FlowState, checkpoint: number): boolean =>
  state.store.everCompleted.includes(checkpoint) || savepointsOf(state).includes(checkpoint);

export const durableFirst: FlowLaw = {
  id: 'D1',
  statement: 'no acknowledgement or notification is sent before everything it rests on is durable',
  scope: 'step',
  check({ world, state }) {
    for (const message of state.network.messages) {
      if (message.to === TO_COORDINATOR && message.name === 'ack' && message.attempt === state.store.attempt) {
        const stored = state.store.parts.some((p) => p.checkpoint === message.checkpoint && p.task === message.from);
        // A part may have been discarded with its aborted checkpoint while the message was under way.
        const pending = world.protocol.coordinator.pending(state.coordinator.protocol).includes(message.checkpoint);
        if (!stored && pending)
          return { checkpoint: message.checkpoint, task: world.name(message.from), message: 'ack' };
        // Placeholders rest on other checkpoints; whether those still have the file is for the coordinator to find out.
        const uploads = (message.files ?? []).flatMap(({ path }) => (path === null ? [] : [path]));
        const file = pending ? missingFile(state.store, uploads) : undefined;
        if (file !== undefined)
          return { checkpoint: message.checkpoint, task: world.name(message.from), message: 'ack', file };
      }
      if (message.name === 'complete' && !isDurable(state, message.checkpoint)) {
        return { checkpoint: message.checkpoint, task: world.name(message.to), message: 'complete' };
      }
    }
    return null;
  },
};

export const restorable: FlowLaw = {
  id: 'D2',
  statement: 'each retained checkpoint, and the one a restart takes, can be read in full, with every file it shares',
  scope: 'step',
  check({ world, state, step }) {
    const needed = [...state.store.completed.map((each) => each.checkpoint), ...savepointsOf(state)];
    if (step.restored !== null && step.restored > 0) needed.push(step.restored);
    for (const checkpoint of needed) {
      for (let task = 0; task < state.tasks; task++) {
        if (state.store.parts.some((part) => part.checkpoint === checkpoint && part.task === task)) continue;
        return { checkpoint, task: world.name(task), part: 'missing' };
      }
      const shared = filesOf(state.store, checkpoint);
      const file = missingFile(
        state.store,
        shared.map((each) => each.path),
      );
      if (file !== undefined) return { checkpoint, file, shared: 'missing' };
    }
    return null;
  },
};

const COLLECTION =
  'one key names one content; in the end nothing is stored that no retained checkpoint needs, and no more are retained than agreed';

export const collection: FlowLaw = {
  id: 'D3',
  statement: COLLECTION,
  scope: 'end',
  check({ world, state }) {
    const { unknown } = state.store;
    const known = state.store.completed.map((each) => each.checkpoint).filter((id) => !unknown.includes(id));
    const limit = world.protocol.coordinator.retains ?? known.length;
    if (known.length > limit) return { retained: known.join(' '), limit };
    // Of a checkpoint that may have been written, anything may be left.
    const retained = [...known, ...unknown, ...savepointsOf(state)];
    const stray = state.store.parts.find(
      (part) => !retained.includes(part.checkpoint) && part.attempt === state.store.attempt,
    );
    if (stray !== undefined) return { checkpoint: stray.checkpoint, task: world.name(stray.task), part: 'left over' };
    // What an attempt before left behind unacknowledged nobody knows of; what is older than a checkpoint that may have been
    // written may belong to it; and what a given-up one used last goes when all retained ones are newer than that.
    const oldest = Math.min(...known);
    const since = new Set(retained.filter((id) => id >= oldest)).size;
    if (known.length === 0 || since < state.store.nextId - oldest) return null;
    const used = retained.flatMap((checkpoint) => filesOf(state.store, checkpoint).map(({ path }) => path));
    const file = state.store.files.find(
      ({ path, attempt, checkpoint }) =>
        !used.includes(path) &&
        attempt === state.store.attempt &&
        checkpoint < oldest &&
        checkpoint > Math.max(0, ...unknown),
    );
    return file === undefined ? null : { checkpoint: file.checkpoint, file: file.path, shared: 'left over' };
  },
};

export const oneContent: FlowLaw = {
  id: 'D3',
  statement: COLLECTION,
  scope: 'step',
  check({ world, state, step }) {
    if (step.landed?.effect.kind !== 'upload') return null;
    const { files } = state.store;
    for (const [i, { key, path, file }] of files.entries()) {
      const other = files.find((each, at) => at < i && each.key === key && !sameCounts(each.file, file));
      if (other !== undefined) return { key, file: path, other: other.path, task: world.name(other.task) };
    }
    return null;
  },
};

function missingFile({ files }: Readonly<StoreComponent>, paths: readonly string[]): string | undefined {
  return paths.find((path) => files.every((each) => each.path !== path));
}

function sameCounts(one: LocalFile, other: LocalFile): boolean {
  return one.counts.every((n, i) => n === other.counts[i]);
}
