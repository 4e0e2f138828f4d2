/**
 * What a container does before its first message (samza.md §3.2-§3.4, §1.4 end): read the checkpoint topic, bring every
 * store of every task back, run the seal commits, place the consumers. Nothing is processed before all tasks are restored.
 */
import { CHECKPOINTS_READ, HEARTBEAT, RESTORED, RUNNING, TRIMMED } from '../actions.ts';
import { checkRestartPoint } from '../laws/appended-checkpoint.ts';
import { checkRestoredState } from '../laws/restored-state.ts';
import { isTransactional, startPosition } from '../protocols/samza.ts';
import { readFrom } from './consumer-position.ts';
import type { Container } from './container.ts';
import { reachesKafka, storeDirs } from './host.ts';
import { type StoreRestore, applyStoreRestore, planStoreRestore } from './store-restore.ts';
import type { TaskInstance } from './task-instance.ts';
import { TaskStore } from './task-store.ts';

export class Start {
  readonly #container: Container;
  readonly #plans: Map<TaskInstance, StoreRestore[]> = new Map();
  #left: number = 0;
  #sealing: number = 0;
  #bytes: number = 0;
  readonly #sources: Set<string> = new Set();
  /** When the blob store was first asked in vain, and how often it has been. */
  #askedSince: number = -1;
  #asks: number = 0;

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
    if (this.#blobStoreIsDown()) return;
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
      const restores = t.stores.map((store, s) => planStoreRestore(c, t, store, s));
      this.#plans.set(t, restores);
      if (!c.alive) return;
      for (const restore of restores) this.#sources.add(restore.source);
      const bytes = restores.reduce((sum, restore) => sum + restore.bytes, 0);
      this.#bytes += bytes;
      job.storage.restored += bytes;
      const remote = t.stores.some((store) => store.config.blob) && bytes > 0;
      const speed = remote ? job.plan.costs.blobBytesPerSecond : job.plan.costs.restoreBytesPerSecond;
      const slowness = remote ? job.blobs.slowness : 1;
      elapsed += Math.round(((bytes / speed) * 1e6 + (remote ? job.plan.costs.blobLatencyMicros * 2 : 0)) * slowness);
      job.world.post(RESTORED, c.actor, elapsed, t.local);
    }
    job.faults.atStart(c, 'restore');
  }

  /** A store that does not answer is asked again, until the retry duration is over (samza.md §3.4). */
  #blobStoreIsDown(): boolean {
    const c = this.#container;
    const { job, config } = c;
    if (!config.stores.some((store) => store.blob) || job.blobs.answers()) return false;
    if (this.#askedSince < 0) this.#askedSince = job.world.now;
    if (job.world.now - this.#askedSince > config.blobRetryDurationMicros) {
      c.die(1, 'the blob store could not be reached at start');
      return true;
    }
    let pause = config.blobRetryBackoffMicros;
    for (let i = 0; i < this.#asks && pause < config.blobRetryBackoffMaxMicros; i++)
      pause *= config.blobRetryBackoffFactor;
    this.#asks++;
    job.world.post(CHECKPOINTS_READ, c.actor, Math.round(Math.min(pause, config.blobRetryBackoffMaxMicros)));
    return true;
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

  /** The store's files and records have arrived: they become its contents, and the trim is sent. */
  onRestored(local: number): void {
    const c = this.#container;
    const { job } = c;
    const t = c.tasks[local] as TaskInstance;
    let undone = 0;
    const restores = this.#plans.get(t) as StoreRestore[];
    restores.forEach((restore, s) => {
      const store = t.stores[s] as TaskStore;
      undone += applyStoreRestore(c, t, store, restore, s);
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
    for (const t of c.tasks) for (const store of t.stores) c.job.storage.measure(store.dirs);
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
      const others = t.checkpoint?.inputOffsets.some((each) => each >= 0) ?? false;
      const window =
        why === 'default' ? (others ? 'W-idleSSP' : 'W-first') : why === 'reset' ? 'reset-offset' : 'W-range';
      readFrom(c, t, i, offset, window);
      if (why === 'reset') t.last[i] = -1;
      t.catchUpTo[i] = input.head > offset ? input.head : -1;
      if (input.head > offset) t.behind++;
      input.consumers.push(c);
    });
    if (t.behind > 0) c.catchingUp++;
  }
}
