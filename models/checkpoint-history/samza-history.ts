/**
 * The history of a Samza run: one entry per commit of a task, since every task commits alone. There are no barriers, so
 * nothing is aligned and nothing in flight is stored.
 */
import { ACQUIRE_SEMAPHORE, COMMIT_STEPS, NEWEST_OFFSETS, UPLOAD } from '../protocols/samza.ts';
import type { Job } from '../samza/job.ts';
import type { CommitEnd, JobProbe } from '../samza/job-probe.ts';
import type { Commit } from '../samza/task-instance.ts';
import { type CheckpointHistory, type CheckpointStatus, CheckpointHistoryWriter } from './history.ts';

interface Open {
  waited: number;
  bytes: number;
  slowestStep: number;
  slowestMicros: number;
}

/** Watches a job through its probe; `job.probe = watch.probe()`. */
export class SamzaCheckpointWatch {
  readonly #job: Job;
  readonly #writer: CheckpointHistoryWriter = new CheckpointHistoryWriter('commit of a task');
  readonly #open: Map<Commit, Open> = new Map();
  /** Per task: bytes of its changelogs that commits have covered so far. */
  readonly #covered: Map<number, number> = new Map();

  constructor(job: Job) {
    this.#job = job;
  }

  probe(): JobProbe {
    return {
      onCommitStep: (commit, step, micros) => this.#step(commit, step, micros),
      onCommitEnd: (commit, end, why) => this.#end(commit, end, why),
    };
  }

  /** Whatever is still under way is pending. */
  close(): CheckpointHistory {
    for (const commit of this.#open.keys()) this.#add(commit, 'pending', null);
    return this.#writer.close();
  }

  #step(commit: Commit, step: number, micros: number): void {
    const open = this.#open.get(commit) ?? { waited: 0, bytes: 0, slowestStep: step, slowestMicros: 0 };
    this.#open.set(commit, open);
    if (step === ACQUIRE_SEMAPHORE) open.waited = micros;
    if (step === NEWEST_OFFSETS) open.bytes += this.#changelogBytes(commit.task.task);
    if (step === UPLOAD) open.bytes += uploadedBytes(commit);
    if (micros <= open.slowestMicros) return;
    open.slowestStep = step;
    open.slowestMicros = micros;
  }

  #end(commit: Commit, end: CommitEnd, why: string | null): void {
    this.#add(commit, end, why);
    this.#open.delete(commit);
  }

  #add(commit: Commit, status: CheckpointStatus, reason: string | null): void {
    const open = this.#open.get(commit);
    const { now } = this.#job.world;
    const { startedAt, syncEndedAt, idMillis } = commit;
    const isDone = status === 'completed';
    const task = `task ${commit.task.task}`;
    const end_to_end_us = status === 'pending' ? null : now - startedAt;
    const sync_us = syncEndedAt < 0 ? null : syncEndedAt - startedAt;
    const async_us = syncEndedAt < 0 || status === 'pending' ? null : now - syncEndedAt;
    const bytes = open === undefined || idMillis === 0 ? null : open.bytes;
    this.#writer.add(
      {
        checkpoint: commit.seal ? `${task} seal` : `${task} commit ${commit.number}`,
        trigger: commit.seal ? 'restart (seal)' : 'task.commit.ms or user code',
        status,
        reason,
        triggered_us: startedAt,
        end_to_end_us,
        waited_us: open === undefined ? null : open.waited,
        sync_us,
        async_us,
        alignment_us: null,
        bytes,
        in_flight_bytes: null,
        acknowledged: isDone ? 1 : 0,
        tasks: 1,
        slowest: open === undefined || open.slowestMicros === 0 ? null : COMMIT_STEPS[open.slowestStep]!.name,
        slowest_us: open === undefined || open.slowestMicros === 0 ? null : open.slowestMicros,
      },
      [{ task, end_to_end_us, sync_us, async_us, alignment_us: null, bytes }],
    );
  }

  /** Written to the changelogs of the task since a commit last read their newest offsets. */
  #changelogBytes(task: number): number {
    const written = this.#job.tasks[task]!.changelogs.reduce((sum, log) => sum + (log?.bytesWritten ?? 0), 0);
    const before = this.#covered.get(task) ?? 0;
    this.#covered.set(task, written);
    // A redeployed or re-created changelog begins anew.
    return written < before ? written : written - before;
  }
}

/** Files of the new indexes that the indexes before did not have. */
function uploadedBytes({ indexes, task }: Commit): number {
  let bytes = 0;
  for (const [store, index] of indexes.entries()) {
    if (index === null) continue;
    const before = new Set(task.lastIndex[store]?.blobs);
    for (const blob of index.blobs) if (!before.has(blob)) bytes += blob.file.bytes;
  }
  return bytes;
}
