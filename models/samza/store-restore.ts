/**
 * How one store of a task comes back (samza.md §3.3, §3.4): what there is to read, decided when the checkpoint is known,
 * and what the store holds once it has been read. The tables themselves are in `protocols/samza.ts`.
 */
import type { SnapshotIndex } from '../blob-store.ts';
import { checkRestoredFromChangelog } from '../laws/restored-state.ts';
import {
  type RestorePlan,
  isTransactional,
  planNonTransactionalRestore,
  planTransactionalRestore,
} from '../protocols/samza.ts';
import type { Container } from './container.ts';
import { type SstFile, type StoreDirs, deleteCurrent } from './host.ts';
import type { TaskInstance } from './task-instance.ts';
import type { TaskStore } from './task-store.ts';

/** What a store's restore will read. */
export interface StoreRestore {
  /** Changelog: the row of the table; null for blobs. */
  readonly plan: RestorePlan | null;
  readonly index: SnapshotIndex | null;
  readonly bytes: number;
  /** Newest changelog offset at start. */
  readonly newest: number;
  /** `local`, `changelog`, `blob`, `blob-local` or `none`. */
  readonly source: string;
}

/** Decides how the store comes back. Kills the container when its blobs have expired. */
export function planStoreRestore(c: Container, t: TaskInstance, store: TaskStore, s: number): StoreRestore {
  return store.config.blob ? planBlob(c, t, store, s) : planChangelog(c, t, store, s);
}

function planChangelog(c: Container, t: TaskInstance, store: TaskStore, s: number): StoreRestore {
  const { job } = c;
  const { config } = store;
  const changelog = job.tasks[t.task]!.changelogs[s] ?? null;
  const logged = config.changelog && changelog !== null;
  const oldest = changelog?.oldest ?? 0;
  const newest = changelog?.newest ?? -1;
  const clock = job.clockOf(c.host);
  const plan = isTransactional(c.config)
    ? planTransactionalRestore({
        persistent: config.persistent,
        logged,
        cleanOnContainerStart: config.cleanOnContainerStart,
        retainExistingState: c.config.retainExistingState,
        checkpointed: t.checkpoint?.changelogOffsets[s] ?? null,
        oldest,
        newest,
        ageMicros: t.checkpoint === null ? 0 : clock - t.checkpoint.idMillis * 1000,
        minCompactionLagMicros: config.minCompactionLagMicros,
        checkpointDirOffsets: store.dirs.checkpoints.map((dir) => dir.offset),
      })
    : planNonTransactionalRestore({
        persistent: config.persistent,
        logged,
        cleanOnContainerStart: config.cleanOnContainerStart,
        currentOffset: store.dirs.offset,
        dirAgeMicros: store.dirs.writtenAt < 0 ? Infinity : job.world.now - store.dirs.writtenAt,
        deleteRetentionMicros: config.deleteRetentionMicros,
        oldest,
        newest,
      });
  const upTo = plan.trimAfter === null ? plan.to : newest;
  const records = changelog === null ? 0 : Math.max(0, changelog.indexAt(upTo + 1) - changelog.indexAt(plan.from));
  const source = plan.base === 'none' ? (logged && newest >= 0 ? 'changelog' : 'none') : 'local';
  return { plan, index: null, bytes: records * job.plan.costs.changelogEntryBytes, newest, source };
}

function planBlob(c: Container, t: TaskInstance, store: TaskStore, s: number): StoreRestore {
  const { job } = c;
  const id = t.checkpoint?.snapshotIndexes[s] ?? null;
  const nothing: StoreRestore = { plan: null, index: null, bytes: 0, newest: -1, source: 'none' };
  // No marker for the store: restore is skipped, and whatever lies on the disk stays.
  if (id === null) return nothing;
  const index = job.blobs.index(id);
  const lost = index === null || index.gone === 'expired' || index.blobs.some((blob) => blob.gone === 'expired');
  const deleted = !lost && (index.gone === 'deleted' || index.blobs.some((blob) => blob.gone === 'deleted'));
  job.laws.check(
    'O7',
    job.world.now,
    lost || deleted
      ? {
          task: t.task,
          snapshot_index: id,
          blobs: lost ? 'expired' : 'deleted',
          window: lost ? 'W-ttl' : 'W-zombie-blob',
        }
      : null,
  );
  if (lost) {
    c.die(1, `task ${t.task}: the blobs of its checkpoint have expired`);
    return nothing;
  }
  if (deleted) t.freshUpload = true;
  t.lastIndex[s] = index;
  const local = store.dirs.checkpoints.find((dir) => dir.id === index.checkpointId);
  const bytes = local === undefined ? index.blobs.reduce((sum, blob) => sum + blob.file.bytes, 0) : 0;
  return { plan: null, index, bytes, newest: -1, source: local === undefined ? 'blob' : 'blob-local' };
}

/** Fills the store; returns how many undo records the trim has sent. */
export function applyStoreRestore(
  c: Container,
  t: TaskInstance,
  store: TaskStore,
  restore: StoreRestore,
  s: number,
): number {
  if (!store.config.blob) return restoreFromChangelog(c, t, store, restore, s);
  restoreFromBlobs(store, restore.index);
  return 0;
}

function restoreFromChangelog(
  c: Container,
  t: TaskInstance,
  store: TaskStore,
  restore: StoreRestore,
  s: number,
): number {
  const { job } = c;
  const plan = restore.plan as RestorePlan;
  const changelog = job.tasks[t.task]!.changelogs[s] ?? null;
  store.load(openBase(store.dirs, plan));
  if (changelog === null) return 0;
  let i = changelog.indexAt(plan.from);
  for (; i < changelog.size && (changelog.offset[i] as number) <= plan.to; i++) {
    store.restoreEntry(changelog.key[i] as number, changelog.count[i] as number, changelog.mix[i] as number);
  }
  if (!isTransactional(c.config)) checkRestoredFromChangelog(job, t, store, changelog.contents(restore.newest));
  if (plan.trimAfter === null) return 0;
  // Compensation by append, never truncation: the current value of each key that was written after the target.
  let undone = 0;
  i = changelog.indexAt(plan.trimAfter + 1);
  for (; i < changelog.size && (changelog.offset[i] as number) <= restore.newest; i++) {
    store.undo(changelog.key[i] as number);
    undone++;
  }
  return undone;
}

/** The files a restore begins from; the directories are left as the plan wants them. */
function openBase(dirs: StoreDirs, plan: RestorePlan): readonly SstFile[] {
  if (plan.base === 'current') return dirs.current;
  const kept = typeof plan.base === 'number' ? dirs.checkpoints[plan.base] : undefined;
  deleteCurrent(dirs);
  if (plan.deleteOthers) dirs.checkpoints = kept === undefined ? [] : [kept];
  dirs.current = kept === undefined ? [] : [...kept.files];
  return dirs.current;
}

function restoreFromBlobs(store: TaskStore, index: SnapshotIndex | null): void {
  const { dirs } = store;
  if (index !== null) {
    const local = dirs.checkpoints.find((dir) => dir.id === index.checkpointId);
    dirs.current = local === undefined ? index.blobs.map((blob) => blob.file) : [...local.files];
    dirs.checkpoints = [];
  }
  store.load(dirs.current);
}
