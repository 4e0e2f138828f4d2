/**
 * What a container does before its first message (samza.md §3.2-§3.4, §1.4 end): read the checkpoint topic, bring every
 * store of every task back, run the seal commits, place the consumers. Nothing is processed before all tasks are restored.
 */
import { CHECKPOINTS_READ, HEARTBEAT, RESTORED, RUNNING, TRIMMED } from '../actions.ts';
import type { SnapshotIndex } from '../blob-store.ts';
import type { CheckpointRecord } from '../kafka/checkpoint-topic.ts';
import { checkRestartPoint } from '../laws/appended-checkpoint.ts';
import { checkRestoredFromChangelog, checkRestoredState } from '../laws/restored-state.ts';
import {
  type RestorePlan,
  isTransactional,
  planNonTransactionalRestore,
  planTransactionalRestore,
  startPosition,
} from '../protocols/samza.ts';
import type { Container } from './container.ts';
import { type StoreDirs, type SstFile, deleteCurrent, storeDirs, reachesKafka } from './host.ts';
import type { TaskInstance } from './task-instance.ts';
import { TaskStore } from './task-store.ts';

interface StoreRestore {
  readonly plan: RestorePlan | null;
  readonly index: SnapshotIndex | null;
  readonly bytes: number;
  readonly newest: number;
}

export class Start {
  readonly #container: Container;
  readonly #plans: Map<TaskInstance, StoreRestore[]> = new Map();
  #left: number = 0;
  #sealing: number = 0;
  #bytes: number = 0;
  #sources: Set<string> = new Set();

  constructor(container: Container) {
    this.#container = container;
  }

  /** The process is up. */
  onStarted(): void {
    const c = this.#container;
    const { job } = c;
    if (c.config.heartbeatMonitorEnabled) job.world.post(HEARTBEAT, c.actor, 0, 0);
    const { checkpointReadMicros, checkpointReadPerRecordMicros } = job.plan.costs;
    const micros = checkpointReadMicros + Math.round(job.topic.scanLength * checkpointReadPerRecordMicros);
    job.world.post(CHECKPOINTS_READ, c.actor, micros);
  }

  /** The checkpoint topic is in memory: positions and restore plans are fixed now. */
  onCheckpointsRead(): void {
    const c = this.#container;
    const { job, host } = c;
    if (!reachesKafka(host)) {
      c.die(1, 'the brokers could not be reached at start');
      return;
    }
    c.phase = 'restoring';
    if (c.official) job.recoveries.restarted(c.processor, job.world.now, host.index);
    for (const t of c.tasks) {
      t.checkpoint = c.config.checkpoints
        ? job.topic.read(t.task, c.config.readVersions, c.config.liveCheckpointMaxAgeMicros)
        : null;
      if (c.config.checkpoints) checkRestartPoint(job, t.task, t.checkpoint);
    }
    // PR #1713: no checkpoint in the whole container means that old local state would be counted again.
    if (c.tasks.every((t) => t.checkpoint === null)) job.clearLoggedStores(c);
    this.#left = c.tasks.length;
    let elapsed = 0;
    for (const t of c.tasks) {
      this.#openStores(t);
      const restores = t.stores.map((store, s) => this.#plan(t, store, s));
      this.#plans.set(t, restores);
      if (!c.alive) return;
      const bytes = restores.reduce((sum, restore) => sum + restore.bytes, 0);
      this.#bytes += bytes;
      job.storage.restored += bytes;
      const remote = t.stores.some((store) => store.config.blob) && bytes > 0;
      const speed = remote ? job.plan.costs.blobBytesPerSecond : job.plan.costs.restoreBytesPerSecond;
      elapsed += Math.round((bytes / speed) * 1e6) + (remote ? job.plan.costs.blobLatencyMicros * 2 : 0);
      job.world.post(RESTORED, c.actor, elapsed, t.local);
    }
    job.faults.atStart(c, 'restore');
  }

  #openStores(t: TaskInstance): void {
    const c = this.#container;
    const { job } = c;
    const meta = job.tasks[t.task]!;
    if (meta.output !== null) t.outputLane = c.producer.addLane(meta.output);
    t.stores = c.config.stores.map((config, s) => {
      const changelog = meta.changelogs[s] ?? null;
      return new TaskStore(
        config,
        job.content.keys,
        {
          dirs: storeDirs(c.host, t.task, config.name),
          lane: changelog === null ? -1 : c.producer.addLane(changelog),
          writer: c.producer,
          fileIds: job.fileIds,
        },
        { entryBytes: job.plan.costs.changelogEntryBytes, memtableEntries: job.plan.costs.memtableEntries },
      );
    });
    t.lastIndex = t.stores.map(() => null);
  }

  #plan(t: TaskInstance, store: TaskStore, s: number): StoreRestore {
    return store.config.blob ? this.#planBlob(t, store, s) : this.#planChangelog(t, store, s);
  }

  #planChangelog(t: TaskInstance, store: TaskStore, s: number): StoreRestore {
    const c = this.#container;
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
    this.#sources.add(plan.base === 'none' ? (logged && newest >= 0 ? 'changelog' : 'none') : 'local');
    return { plan, index: null, bytes: records * job.plan.costs.changelogEntryBytes, newest };
  }

  #planBlob(t: TaskInstance, store: TaskStore, s: number): StoreRestore {
    const c = this.#container;
    const { job } = c;
    const id = markerOf(t.checkpoint, s);
    const nothing: StoreRestore = { plan: null, index: null, bytes: 0, newest: -1 };
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
    this.#sources.add(local === undefined ? 'blob' : 'blob-local');
    return { plan: null, index, bytes, newest: -1 };
  }

  /** The store's files and records have arrived: they become its contents, and the trim is sent. */
  onRestored(local: number): void {
    const c = this.#container;
    const { job } = c;
    const t = c.tasks[local] as TaskInstance;
    let undone = 0;
    const restores = this.#plans.get(t) as StoreRestore[];
    restores.forEach((restore, s) => {
      const store = t.stores[s] as TaskStore;
      if (store.config.blob) restoreFromBlobs(store, restore.index);
      else undone += this.#restoreFromChangelog(t, store, s, restore);
    });
    const clock = job.clockOf(c.host);
    const ageMicros = t.checkpoint === null ? 0 : clock - t.checkpoint.idMillis * 1000;
    checkRestoredState(
      job,
      t,
      c.config,
      restores.map(({ plan, newest }) => ({ row: plan?.row ?? null, newest, ageMicros })),
    );
    t.stores.forEach((store, s) => job.probe.onRestored?.(c, t.task, s, store.raw));
    if (undone > 0) job.faults.atStart(c, 'trim');
    const { storeFlushMicros, changelogEntryBytes, localDiskBytesPerSecond } = job.plan.costs;
    const dirty = t.stores.reduce((sum, store) => sum + store.memtableEntries, 0) + undone;
    const micros = dirty === 0 ? 0 : storeFlushMicros + (dirty * changelogEntryBytes * 1e6) / localDiskBytesPerSecond;
    job.world.post(TRIMMED, c.actor, Math.round(micros), local);
  }

  #restoreFromChangelog(t: TaskInstance, store: TaskStore, s: number, restore: StoreRestore): number {
    const { job } = this.#container;
    const plan = restore.plan as RestorePlan;
    const changelog = job.tasks[t.task]!.changelogs[s] ?? null;
    store.load(openBase(store.dirs, plan));
    if (changelog === null) return 0;
    let i = changelog.indexAt(plan.from);
    for (; i < changelog.size && (changelog.offset[i] as number) <= plan.to; i++) {
      store.restoreEntry(changelog.key[i] as number, changelog.count[i] as number, changelog.mix[i] as number);
    }
    if (!isTransactional(this.#container.config))
      checkRestoredFromChangelog(job, t, store, changelog.contents(restore.newest));
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

  onTrimmed(local: number): void {
    const c = this.#container;
    const t = c.tasks[local] as TaskInstance;
    for (const store of t.stores) store.flushMemtable();
    // OffsetManager keeps the checkpointed offsets as last processed, so that the next commit carries them on.
    const ssps = c.job.tasks[t.task]!.ssps;
    for (let i = 0; i < ssps.length; i++) t.last[i] = t.checkpoint?.inputOffsets[i] ?? -1;
    if (--this.#left === 0) this.#seal();
  }

  /** One commit per task before the first message makes the trimmed changelog the committed one; its sync stage is awaited. */
  #seal(): void {
    const c = this.#container;
    c.job.measureDisk(c.host);
    c.phase = 'sealing';
    this.#redoCleanUp();
    if (!isTransactional(c.config) || c.config.commitMicros <= 0) {
      this.#openConsumers();
      return;
    }
    c.job.faults.atStart(c, 'seal');
    this.#sealing = 0;
    this.#sealNext();
  }

  /** A V2 checkpoint's clean-up is done again at start, in case the process died in it; nobody waits for it. */
  #redoCleanUp(): void {
    const c = this.#container;
    if (!c.job.blobs.answers()) return;
    for (const t of c.tasks) {
      for (const index of t.lastIndex) if (index !== null && !t.freshUpload) c.job.blobs.cleanUp(index, c.name);
    }
  }

  #sealNext(): void {
    const c = this.#container;
    const t = c.tasks[this.#sealing] as TaskInstance;
    c.loop.occupy(t);
    c.commits.begin(t, true);
  }

  /** The sync stage of a seal commit is over. */
  sealed(): void {
    if (++this.#sealing < this.#container.tasks.length) this.#sealNext();
    else this.#openConsumers();
  }

  #openConsumers(): void {
    this.#container.job.world.post(RUNNING, this.#container.actor, 0);
  }

  /** Consumers start where the checkpoint says, or where the defaults say. */
  onRunning(): void {
    const c = this.#container;
    const { job } = c;
    for (const t of c.tasks) this.#position(t);
    if (c.official) {
      const from = [...this.#sources].toSorted().join('+') || 'none';
      job.recoveries.restored(c.processor, job.world.now, this.#bytes, from);
      if (c.catchingUp === 0) job.recoveries.caughtUp(c.processor, job.world.now);
    }
    job.noteRunning(c);
    c.run();
    if (c.alive) job.faults.atStart(c, 'running');
  }

  #position(t: TaskInstance): void {
    const c = this.#container;
    const { job } = c;
    const ssps = job.tasks[t.task]!.ssps;
    ssps.forEach((ssp, i) => {
      const input = job.inputs[ssp]!;
      const plan = job.inputPlanOf(ssp);
      const checkpointed = t.checkpoint?.inputOffsets[i] ?? -1;
      const { offset, why } = startPosition({
        checkpointed,
        oldest: input.oldest,
        head: input.head,
        offsetDefault: plan.offsetDefault,
        resetOffset: plan.resetOffset,
      });
      const ledger = job.ledgers[ssp]!;
      const others = t.checkpoint?.inputOffsets.some((each) => each >= 0) ?? false;
      const window =
        why === 'default' ? (others ? 'W-idleSSP' : 'W-first') : why === 'reset' ? 'reset-offset' : 'W-range';
      const before = ledger.skips.length;
      ledger.start(offset, window, job.world.now);
      for (const skip of ledger.skips.slice(before)) job.recoveries.skipped(c.processor, skip.to - skip.from);
      t.next[i] = offset;
      t.progressedAt = job.world.now;
      if (why === 'reset') t.last[i] = -1;
      t.startedFrom[i] = offset;
      t.seenBefore[i] = Math.max(offset, ledger.seen.prefixEnd(offset));
      t.catchUpTo[i] = input.head > offset ? input.head : -1;
      if (input.head > offset) t.behind++;
      input.consumers.push(c);
    });
    if (t.behind > 0) c.catchingUp++;
  }
}

function markerOf(checkpoint: CheckpointRecord | null, store: number): number | null {
  return checkpoint?.snapshotIndexes[store] ?? null;
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
