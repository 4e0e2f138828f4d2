/**
 * The steps of a commit that need the blob store: upload (8) and clean-up (10). The store may not answer; each request is
 * tried again by itself, with growing pauses, until the retry duration is over (samza.md §3.4).
 */
import { PUT_BLOBS, STEP_DONE, UPLOAD_RETRY } from '../actions.ts';
import type { Upload } from '../blob-store.ts';
import { CLEANUP, UPLOAD } from '../protocols/samza.ts';
import type { Container } from './container.ts';
import { type Commit, checkpointId } from './task-instance.ts';

/** One try at the blob store: the upload of one store, or the clean-up of the commit. */
export interface RemoteAttempt {
  readonly commit: Commit;
  /** Store of the task, or CLEANUP_ATTEMPT. */
  readonly store: number;
  /** Tries before this one. */
  readonly tries: number;
}

const CLEANUP_ATTEMPT = -1;

/** Who carries the commits out. */
export interface CommitOwner {
  isLive(commit: Commit): boolean;
  /** The async stage ends here, with a failure that the next commit attempt will notice. */
  failed(commit: Commit, why: string): void;
}

export class RemoteSteps {
  readonly #container: Container;
  readonly #owner: CommitOwner;

  constructor(container: Container, owner: CommitOwner) {
    this.#container = container;
    this.#owner = owner;
  }

  beginUpload(commit: Commit): number {
    const c = this.#container;
    const t = commit.task;
    if (t.uploadPoisoned) {
      this.#owner.failed(commit, 'an earlier upload of this process had failed for good');
      return -1;
    }
    commit.remoteSince = c.job.world.now;
    commit.uploadsLeft = t.stores.reduce((n, store) => n + (store.config.blob ? 1 : 0), 0);
    t.stores.forEach((store, s) => {
      if (store.config.blob) this.#uploadStore({ commit, store: s, tries: 0 });
    });
    return -1;
  }

  /** Stores are uploaded side by side, and each is tried again by itself. */
  #uploadStore(attempt: RemoteAttempt): void {
    const c = this.#container;
    const { blobs, plan, world } = c.job;
    const { commit, store: s } = attempt;
    const t = commit.task;
    if (!blobs.answers()) {
      this.#retry(attempt);
      return;
    }
    const upload: Upload = {
      task: t.task,
      store: s,
      checkpointId: checkpointId(commit),
      files: t.stores[s]!.dirs.checkpoints.find((dir) => dir.id === checkpointId(commit))?.files ?? [],
      previous: t.lastIndex[s] ?? null,
      fresh: t.freshUpload,
      blobs: null,
      index: null,
      notify: { actor: c.actor, commit, tries: attempt.tries },
    };
    const seconds = blobs.bytesToUpload(upload) / plan.costs.blobBytesPerSecond;
    const micros = Math.round((plan.costs.blobLatencyMicros + seconds * 1e6) * blobs.slowness);
    world.post(PUT_BLOBS, blobs.actor, micros, 0, 0, { upload, container: c });
  }

  /** An index of the commit is stored; the last one ends the step. */
  onIndexStored(upload: Upload, commit: Commit): void {
    commit.indexes[upload.store] = upload.index;
    if (--commit.uploadsLeft > 0 || !this.#owner.isLive(commit)) return;
    this.#container.job.world.post(STEP_DONE, this.#container.actor, 0, commit.task.local, UPLOAD, commit);
  }

  /** The store did not answer: back off and try again, until the retry duration is over (samza.md §3.4). */
  #retry(attempt: RemoteAttempt): void {
    const c = this.#container;
    const { config, job } = c;
    const { commit } = attempt;
    // Another store of the commit has given up already.
    if (!this.#owner.isLive(commit)) return;
    const waited = job.world.now - commit.remoteSince;
    if (waited > config.blobRetryDurationMicros) {
      if (attempt.store !== CLEANUP_ATTEMPT) commit.task.uploadPoisoned = true;
      const what = attempt.store === CLEANUP_ATTEMPT ? 'cleanup' : 'upload';
      this.#owner.failed(commit, `${what}: the blob store did not answer for ${Math.round(waited / 1e6)} s`);
      return;
    }
    let pause = config.blobRetryBackoffMicros;
    for (let i = 0; i < attempt.tries && pause < config.blobRetryBackoffMaxMicros; i++) {
      pause *= config.blobRetryBackoffFactor;
    }
    const micros = Math.round(Math.min(pause, config.blobRetryBackoffMaxMicros));
    const next: RemoteAttempt = { ...attempt, tries: attempt.tries + 1 };
    job.world.post(UPLOAD_RETRY, c.actor, micros, commit.task.local, 0, next);
  }

  onRetry(attempt: RemoteAttempt): void {
    const { commit } = attempt;
    if (!this.#owner.isLive(commit)) return;
    if (attempt.store !== CLEANUP_ATTEMPT) {
      this.#uploadStore(attempt);
      return;
    }
    const delay = this.#askForCleanup(attempt);
    if (delay < 0) return;
    this.#container.job.world.post(STEP_DONE, this.#container.actor, delay, commit.task.local, CLEANUP, commit);
  }

  /** A put reached a store that is down. */
  onUploadRefused(upload: Upload, commit: Commit): void {
    this.#retry({ commit, store: upload.store, tries: upload.notify.tries });
  }

  beginCleanup(commit: Commit): number {
    const { job } = this.#container;
    const remote = commit.indexes.some((index) => index !== null);
    if (!remote) return job.plan.costs.commitStepMicros;
    commit.remoteSince = job.world.now;
    return this.#askForCleanup({ commit, store: CLEANUP_ATTEMPT, tries: 0 });
  }

  #askForCleanup(attempt: RemoteAttempt): number {
    const { blobs, plan } = this.#container.job;
    if (blobs.answers()) return Math.round(plan.costs.blobLatencyMicros * blobs.slowness);
    this.#retry(attempt);
    return -1;
  }

  cleanUp(commit: Commit): void {
    const c = this.#container;
    for (const index of commit.indexes) if (index !== null) c.job.blobs.cleanUp(index, c.name);
    const id = checkpointId(commit);
    for (const store of commit.task.stores) {
      store.dirs.checkpoints = store.dirs.checkpoints.filter((dir) => dir.id === id);
    }
  }
}
