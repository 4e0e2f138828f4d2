/**
 * What tasks start and do not wait for: timers, uploads of parts, commits of transactions. Timers die with the task; uploads
 * and commits land whatever becomes of it.
 */
import * as kinds from './actions.ts';
import type { FlowJob } from './job.ts';
import type { KeyedDraws } from './keyed-draws.ts';
import type { FlowJobPart } from './parts.ts';
import { DOWN } from './task-status.ts';
import { commitTransaction } from './transactions.ts';

export class Background {
  readonly #job: FlowJob;
  readonly #storeActor: number;
  readonly #outputActor: number;
  /** Which uploads fail. */
  readonly #luck: KeyedDraws;
  /** By task: timers that are armed, with the handle of what is pending for them. */
  readonly #timers: Map<number, Map<string, number>> = new Map();
  /** By transaction: commits on their way. */
  readonly #committing: Map<number, number> = new Map();

  constructor(job: FlowJob, actors: { readonly storeActor: number; readonly outputActor: number }, luck: KeyedDraws) {
    this.#job = job;
    this.#storeActor = actors.storeActor;
    this.#outputActor = actors.outputActor;
    this.#luck = luck;
  }

  /** Arms a timer of the protocol; an alignment's is due when its checkpoint is as old as the time-out says. */
  setTimer(task: number, name: string): void {
    if (this.#timers.get(task)?.has(name) === true) return;
    const checkpoint = Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
    const triggered = this.#job.checkpoints.triggerTimeOf(checkpoint);
    const due = (triggered < 0 ? this.#job.world.now : triggered) + this.#job.plan.checkpoints.alignedTimeoutMicros;
    const handle = this.#job.world.postCancellable(
      kinds.TIMER,
      task,
      Math.max(0, due - this.#job.world.now),
      0,
      0,
      name,
    );
    const armed = this.#timers.get(task);
    if (armed === undefined) this.#timers.set(task, new Map([[name, handle]]));
    else armed.set(name, handle);
  }

  cancelTimer(task: number, name: string): void {
    const handle = this.#timers.get(task)?.get(name);
    if (handle === undefined) return;
    this.#job.world.cancel(handle);
    this.takeTimer(task, name);
  }

  /** True once for a timer that is due and was not cancelled. */
  takeTimer(task: number, name: string): boolean {
    const armed = this.#timers.get(task);
    if (armed?.delete(name) !== true) return false;
    if (armed.size === 0) this.#timers.delete(task);
    return true;
  }

  /** Names of the timers that are armed. */
  timersOf(task: number): readonly string[] {
    return [...(this.#timers.get(task)?.keys() ?? [])].toSorted();
  }

  forgetTimers(task: number): void {
    this.#timers.delete(task);
  }

  /** The upload begins when the synchronous part is over. */
  upload(part: FlowJobPart, channelBytes: number): void {
    const job = this.#job;
    const { task, checkpoint } = part;
    const from = job.attention.syncedAt(task);
    const bytes = part.stateBytes + channelBytes;
    const { uploadMicros, uploadBytesPerSecond } = job.plan.costs;
    const micros = uploadMicros + Math.round((bytes * 1e6) / uploadBytesPerSecond);
    const { failedUploads } = job.plan.faults;
    const fails = failedUploads > 0 && this.#luck.at(task, checkpoint) < failedUploads;
    job.checkpoints.uploading(task, checkpoint, { from, bytes, channelBytes });
    job.onTrace?.({ at: job.world.now, id: null, kind: 'uploading', task, checkpoint, from, bytes, channelBytes });
    const delay = from + micros - job.world.now;
    job.world.post(kinds.UPLOADED, this.#storeActor, delay, fails ? -1 : bytes, from, part);
  }

  /** Bytes below 0: the upload has failed. */
  onUploaded(part: FlowJobPart, bytes: number, from: number): void {
    const job = this.#job;
    const { task, checkpoint, attempt } = part;
    const { now } = job.world;
    const kind = bytes < 0 ? 'fail-upload' : 'upload';
    job.onTrace?.({ at: now, id: job.ids.upload(kind, part), kind, task, checkpoint, attempt });
    const isCurrent = attempt === job.store.attemptOf(task) && job.tasks.status(task) !== DOWN;
    const place = job.places[task]!;
    job.port.enter(place, -1, 0);
    if (bytes < 0) {
      if (isCurrent) job.protocol.task.uploadFailed?.(job.states[task], place, checkpoint, job.port);
    } else {
      job.world.state.addInts(kinds.UPLOADED, task, checkpoint);
      job.store.put(part, bytes);
      job.world.cost.add(bytes);
      job.checkpoints.uploaded(task, checkpoint, attempt, now);
      if (job.meter.uploads === 'blocked-too') job.extraBlocked[task] = job.extraBlocked[task]! + now - from;
      if (isCurrent) job.protocol.task.uploaded(job.states[task], place, checkpoint, job.port);
    }
    job.turns.wake(task);
  }

  requestCommit(task: number, transaction: number): void {
    const job = this.#job;
    this.#committing.set(transaction, (this.#committing.get(transaction) ?? 0) + 1);
    const attempt = job.store.attemptOf(task);
    const { commitMicros } = job.plan.costs;
    job.world.post(kinds.COMMIT, this.#outputActor, commitMicros, transaction, attempt, task);
  }

  /** A commit of the transaction is on its way, whoever asked for it. */
  isCommitting(transaction: number): boolean {
    return this.#committing.has(transaction);
  }

  onCommit(transaction: number, attempt: number, task: number): void {
    const job = this.#job;
    const left = (this.#committing.get(transaction) ?? 1) - 1;
    if (left === 0) this.#committing.delete(transaction);
    else this.#committing.set(transaction, left);
    const id = job.ids.commit(task, transaction, attempt);
    job.onTrace?.({ at: job.world.now, id, kind: 'commit', task, transaction });
    job.world.state.addInts(kinds.COMMIT, task, transaction);
    commitTransaction(job, transaction);
    if (attempt === job.store.attemptOf(task))
      job.pendingCommits[task] = job.pendingCommits[task]!.filter(([, each]) => each !== transaction);
  }
}
