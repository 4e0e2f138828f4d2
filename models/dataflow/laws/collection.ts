/** D3: nothing needed is overwritten, nothing unneeded stays. Asked of each upload, and of what is left in the end. */
import { attemptOf } from '../attempts.ts';
import { type LocalFile, filesOf } from '../shared-files.ts';
import type { FlowLaw } from './law.ts';
import { savepointsOf } from './stored.ts';

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
      (part) => !retained.includes(part.checkpoint) && part.attempt === attemptOf(state, part.task),
    );
    if (stray !== undefined) return { checkpoint: stray.checkpoint, task: world.name(stray.task), part: 'left over' };
    // What an attempt before left behind unacknowledged nobody knows of; what is older than a checkpoint that may have been
    // written may belong to it; and what a given-up one used last goes when all retained ones are newer than that.
    const oldest = Math.min(...known);
    const since = new Set(retained.filter((id) => id >= oldest)).size;
    if (known.length === 0 || since < state.store.nextId - oldest) return null;
    const used = retained.flatMap((checkpoint) => filesOf(state.store, checkpoint).map(({ path }) => path));
    const file = state.store.files.find(
      ({ path, task, attempt, checkpoint }) =>
        !used.includes(path) &&
        attempt === attemptOf(state, task) &&
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

function sameCounts(one: LocalFile, other: LocalFile): boolean {
  return one.counts.every((n, i) => n === other.counts[i]);
}
