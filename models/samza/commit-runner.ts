/**
 * Carries out TaskInstance.commit step by step (samza.md §1.4). Each step begins an effect and ends as an action of its
 * own, so that a crash, a replay or a search can come between any two. What follows what is decided in
 * `protocols/samza.ts`; this file only does it.
 *
 * Length: how each step begins and what its end makes true stand in two tables that are read side by side, and beside that of
 * the protocol; what leaves the process (uploads, appends) has files of its own.
 */
import { COMMIT_TIMEOUT, STEP_DONE } from '../actions.ts';
import {
  ACQUIRE_SEMAPHORE,
  APPEND_V1,
  APPEND_V2,
  CHECK_PREVIOUS,
  CHECKPOINT_STORES,
  CLEANUP,
  COMPLETE,
  CREATE_ID,
  FLUSH_PRODUCERS,
  FLUSH_STORES,
  FREEZE_OFFSETS,
  NEWEST_OFFSETS,
  SUBMIT_ASYNC,
  TRIM_INPUT,
  UPLOAD,
  WRITE_FILES_V1,
  WRITE_FILES_V2,
  afterCommitTimeout,
  afterPreviousFailure,
  whenSemaphoreHeld,
} from '../protocols/samza.ts';
import { CheckpointAppends } from './checkpoint-appends.ts';
import type { Container } from './container.ts';
import { reachesKafka } from './host.ts';
import { type CommitOwner, RemoteSteps } from './remote-steps.ts';
import { type Commit, type TaskInstance, checkpointId } from './task-instance.ts';

export class CommitRunner implements CommitOwner {
  readonly #container: Container;
  readonly remote: RemoteSteps;
  readonly appends: CheckpointAppends;
  readonly #live: Set<Commit> = new Set();

  constructor(container: Container) {
    this.#container = container;
    this.remote = new RemoteSteps(container, this);
    this.appends = new CheckpointAppends(container);
  }

  isLive(commit: Commit): boolean {
    return this.#live.has(commit);
  }

  failed(commit: Commit, why: string): void {
    this.#complete(commit, why);
  }

  /** Starts a commit; the caller has given the task a thread. */
  begin(t: TaskInstance, seal: boolean): void {
    const { job } = this.#container;
    const stores = t.stores.length;
    const commit: Commit = {
      task: t,
      number: seal ? 0 : job.nextCommitNumber(t.task),
      seal,
      at: 0,
      startedAt: job.world.now,
      stepStartedAt: job.world.now,
      syncEndedAt: -1,
      holdsSemaphore: false,
      idMillis: 0,
      idNano: 0,
      inputOffsets: [],
      changelogOffsets: Array.from({ length: stores }, () => null),
      indexes: Array.from({ length: stores }, () => null),
      uploadsLeft: 0,
      remoteSince: 0,
    };
    this.#live.add(commit);
    this.#beginStep(commit);
  }

  /** Commits under way, the waiting ones included. */
  get live(): number {
    return this.#live.size;
  }

  /** The crash took these with it. */
  cutOff(): void {
    // A commit counts as started from its id on.
    const { job } = this.#container;
    for (const commit of this.#live) {
      const hasBegun = commit.idMillis > 0;
      if (hasBegun) job.commits.cutOff++;
      job.probe.onCommitEnd?.(commit, hasBegun ? 'cut-off' : 'not-begun', null);
    }
    this.#live.clear();
  }

  #stepOf(commit: Commit): number {
    return this.#container.steps[commit.at] as number;
  }

  #beginStep(commit: Commit): void {
    const c = this.#container;
    const step = this.#stepOf(commit);
    const { job } = c;
    commit.stepStartedAt = job.world.now;
    if (job.faults.watchesSteps && job.faults.atStep(c, commit, step, 'before', 0)) return;
    const delay = this.#effect(commit, step);
    if (!c.alive) return;
    if (delay >= 0) job.world.post(STEP_DONE, c.actor, delay, commit.task.local, step, commit);
    if (job.faults.watchesSteps) job.faults.atStep(c, commit, step, 'during', delay);
  }

  /** Begins the step's effect. Returns its length in µs, or -1 when its end is announced by somebody else. */
  #effect(commit: Commit, step: number): number {
    const c = this.#container;
    const { costs } = c.job.plan;
    const t = commit.task;
    switch (step) {
      case CREATE_ID:
      case FREEZE_OFFSETS:
      case SUBMIT_ASYNC:
        return costs.commitStepMicros;
      case FLUSH_PRODUCERS:
        if (c.producer.failed) {
          c.die(1, 'a producer flush failed');
          return -1;
        }
        t.flushing = commit;
        c.producer.flush(t.local);
        return -1;
      case FLUSH_STORES: {
        // Dirty cache entries are sent to the changelog now: after the only producer flush (defect L1).
        let bytes = 0;
        for (const store of t.stores) {
          store.flushCache();
          bytes += store.memtableEntries * costs.changelogEntryBytes;
        }
        return costs.storeFlushMicros + Math.round((bytes / costs.localDiskBytesPerSecond) * 1e6);
      }
      case CHECKPOINT_STORES:
        return costs.storeCheckpointMicros;
      case NEWEST_OFFSETS:
        return reachesKafka(c.host) ? costs.brokerRequestMicros : costs.brokerRequestMicros + 5_000_000;
      case UPLOAD:
        return this.remote.beginUpload(commit);
      case WRITE_FILES_V1:
      case WRITE_FILES_V2:
        return costs.writeFilesMicros;
      case APPEND_V1:
      case APPEND_V2:
        this.appends.append(commit, step);
        return -1;
      case CLEANUP:
        return this.remote.beginCleanup(commit);
      case TRIM_INPUT:
        return costs.brokerRequestMicros;
      default:
        return 0;
    }
  }

  /** A step has ended: what it has done becomes true, and the next one begins. */
  onStepDone(commit: Commit, step: number): void {
    const c = this.#container;
    const { job } = c;
    if (step !== this.#stepOf(commit)) throw new Error(`step ${step} ended while commit stands at ${commit.at}`);
    this.#stepTook(commit, step);
    const goOn = this.#finish(commit, step);
    if (!goOn || !c.alive) return;
    if (job.faults.watchesSteps && job.faults.atStep(c, commit, step, 'after', 0)) return;
    this.#advance(commit);
  }

  #stepTook(commit: Commit, step: number): void {
    const { job } = this.#container;
    const micros = job.world.now - commit.stepStartedAt;
    job.commits.step(step, micros);
    job.probe.onCommitStep?.(commit, step, micros);
  }

  #advance(commit: Commit): void {
    const last = this.#stepOf(commit);
    commit.at++;
    if (last === COMPLETE) return;
    if (last === SUBMIT_ASYNC) {
      commit.syncEndedAt = this.#container.job.world.now;
      this.#container.job.commits.syncEnded(commit.syncEndedAt - commit.startedAt);
      // Begin the async stage before the thread goes on: it runs on the commit pool.
      this.#beginStep(commit);
      if (this.#container.alive) this.#container.loop.release(commit.task);
      return;
    }
    this.#beginStep(commit);
  }

  /** Makes the step's result true; false when the commit ends or waits here. */
  #finish(commit: Commit, step: number): boolean {
    const c = this.#container;
    const { job } = c;
    const t = commit.task;
    switch (step) {
      case CHECK_PREVIOUS:
        return this.#checkPrevious(t);
      case ACQUIRE_SEMAPHORE:
        return this.#acquire(commit);
      case CREATE_ID:
        t.lastCommitStart = job.world.now;
        commit.idMillis = Math.floor(job.clockOf(c.host) / 1000);
        commit.idNano = job.nextNano();
        job.commits.started++;
        return true;
      case FREEZE_OFFSETS:
        commit.inputOffsets = Array.from(t.last);
        job.probe.onFrozen?.(commit);
        return true;
      case FLUSH_STORES:
        for (const store of t.stores) {
          store.flushMemtable();
          job.storage.measure(store.dirs);
        }
        return true;
      case CHECKPOINT_STORES:
        for (const store of t.stores) if (store.config.persistent) store.checkpoint(checkpointId(commit));
        return true;
      case NEWEST_OFFSETS:
        t.stores.forEach((store, s) => {
          const newest = store.config.changelog ? job.tasks[t.task]!.changelogs[s]!.newest : -1;
          commit.changelogOffsets[s] = newest < 0 ? null : newest;
        });
        return true;
      case UPLOAD:
        t.lastIndex = commit.indexes.map((index, s) => index ?? t.lastIndex[s] ?? null);
        t.freshUpload = false;
        return true;
      case WRITE_FILES_V1:
      case WRITE_FILES_V2:
        this.#writeFiles(commit, step);
        return true;
      case CLEANUP:
        this.remote.cleanUp(commit);
        return true;
      case TRIM_INPUT:
        job.trimInputs(t.task, commit.inputOffsets);
        return true;
      case COMPLETE:
        this.#complete(commit, null);
        return true;
      default:
        return true;
    }
  }

  #checkPrevious(t: TaskInstance): boolean {
    if (t.commitException === null) return true;
    t.exceptions++;
    if (afterPreviousFailure(t.exceptions, this.#container.config) === 'die') {
      this.#container.die(1, `the previous commit had failed: ${t.commitException}`);
      return false;
    }
    t.commitException = null;
    return true;
  }

  #acquire(commit: Commit): boolean {
    const c = this.#container;
    const t = commit.task;
    const { job } = c;
    if (t.permits > 0) {
      t.permits--;
      this.#own(commit);
      return true;
    }
    const since = job.world.now - t.lastCommitStart;
    if (whenSemaphoreHeld(since, c.config.commitMaxDelayMicros) === 'skip') {
      job.commits.skipped++;
      job.probe.onCommitEnd?.(commit, 'skipped', null);
      this.#end(commit);
      return false;
    }
    job.commits.blocked++;
    t.waiter = commit;
    t.waiterTimeout = job.world.postCancellable(
      COMMIT_TIMEOUT,
      c.actor,
      c.config.commitTimeoutMicros,
      t.local,
      0,
      commit,
    );
    return false;
  }

  #own(commit: Commit): void {
    const { job } = this.#container;
    commit.holdsSemaphore = true;
    commit.task.liveCommits++;
    const overlapping = commit.task.liveCommits > 1;
    job.laws.check(
      'O5',
      job.world.now,
      overlapping ? { task: commit.task.task, commit: commit.number, live: commit.task.liveCommits } : null,
    );
  }

  /** The commit returns without having done anything durable. */
  #end(commit: Commit): void {
    this.#live.delete(commit);
    this.#container.loop.release(commit.task);
  }

  onCommitTimeout(commit: Commit): void {
    const c = this.#container;
    const t = commit.task;
    t.waiter = null;
    t.timeouts++;
    c.job.commits.timedOut++;
    c.job.probe.onCommitEnd?.(commit, 'timed-out', null);
    if (afterCommitTimeout(t.timeouts, c.config) === 'die') {
      c.die(1, 'a commit waited longer than task.commit.timeout.ms for the one before it');
      return;
    }
    // Releases a permit it never had (defect L2): from here on two commits of the task can overlap.
    t.permits++;
    this.#end(commit);
  }

  #complete(commit: Commit, failure: string | null): void {
    const c = this.#container;
    const t = commit.task;
    const { job } = c;
    this.#live.delete(commit);
    t.liveCommits--;
    job.commits.asyncEnded(job.world.now - commit.syncEndedAt);
    job.probe.onCommitEnd?.(commit, failure === null ? 'completed' : 'failed', failure);
    if (failure === null) {
      job.commits.completed++;
      t.exceptions = 0;
      t.timeouts = 0;
    } else {
      job.commits.failed++;
      t.commitException = failure;
    }
    const waiter = t.waiter;
    if (waiter === null) {
      t.permits++;
      if (c.phase === 'stopping') c.stopWhenQuiet();
      return;
    }
    t.waiter = null;
    job.world.cancel(t.waiterTimeout);
    this.#own(waiter);
    this.#stepTook(waiter, ACQUIRE_SEMAPHORE);
    this.#advance(waiter);
  }

  // ---- step 4 ---------------------------------------------------------------------------------------------------

  producersFlushed(t: TaskInstance): void {
    const commit = t.flushing;
    if (commit === null) return;
    t.flushing = null;
    this.#container.job.world.post(STEP_DONE, this.#container.actor, 0, t.local, FLUSH_PRODUCERS, commit);
  }

  #writeFiles(commit: Commit, step: number): void {
    const { job } = this.#container;
    commit.task.stores.forEach((store, s) => {
      if (!store.config.persistent) return;
      store.dirs.writtenAt = job.world.now;
      if (step !== WRITE_FILES_V1 || !store.config.changelog) return;
      const offset = commit.changelogOffsets[s] ?? null;
      store.dirs.offset = offset;
      const dir = store.dirs.checkpoints.find((each) => each.id === checkpointId(commit));
      if (dir !== undefined) dir.offset = offset;
    });
  }
}
