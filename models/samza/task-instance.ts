/**
 * One running TaskInstance: positions in its inputs, its stores, and the commits it has under way. All of it is volatile;
 * what survives the process lies on hosts, in logs and in the blob store.
 */
import type { SnapshotIndex } from '../blob-store.ts';
import type { CheckpointRecord } from '../kafka/checkpoint-topic.ts';
import type { TaskStore } from './task-store.ts';

/** One commit of one task, from the moment the run loop picks it up. */
export interface Commit {
  readonly task: TaskInstance;
  /** 0 is the seal commit of the start, then 1, 2, … in this task over the whole run. */
  readonly number: number;
  readonly seal: boolean;
  /** Position in the list of steps. */
  at: number;
  readonly startedAt: number;
  stepStartedAt: number;
  syncEndedAt: number;
  holdsSemaphore: boolean;
  idMillis: number;
  idNano: number;
  /** Last processed offset per SSP, copied at freeze-offsets; -1: nothing processed. */
  inputOffsets: number[];
  /** Newest changelog offset per store; null: none. */
  changelogOffsets: (number | null)[];
  /** Snapshot index per store; null: not a blob store. */
  indexes: (SnapshotIndex | null)[];
  uploadsLeft: number;
  /** When the upload, then the clean-up, was first tried: retries end a fixed time after it. */
  remoteSince: number;
}

/** CheckpointId as directory names and snapshot indexes show it. */
export function checkpointId(commit: Commit): string {
  return `${commit.idMillis}-${commit.idNano}`;
}

/** A process call of an AsyncStreamTask that has been dispatched. */
export interface Work {
  readonly ssp: number;
  readonly from: number;
  readonly records: number;
  done: boolean;
}

export class TaskInstance {
  /** Number of the task in the job, and of this instance in its container. */
  readonly task: number;
  readonly local: number;
  /** Positions in the lists below are positions in the job's SSP list of the task. */
  readonly next: Float64Array;
  /** Last offset whose processing is complete (contiguous prefix); -1: none. */
  readonly last: Float64Array;
  /** Where this instance began, and up to where the records had been processed before it. */
  readonly startedFrom: Float64Array;
  readonly seenBefore: Float64Array;
  stores: TaskStore[] = [];
  outputLane: number = -1;
  /** The checkpoint the task started from. */
  checkpoint: CheckpointRecord | null = null;
  lastIndex: (SnapshotIndex | null)[] = [];
  freshUpload: boolean = false;

  queued: boolean = false;
  processing: boolean = false;
  committing: boolean = false;
  needCommit: boolean = false;
  inFlight: number = 0;
  /** SSP (position), first offset and size of the process call under way (StreamTask). */
  opSsp: number = 0;
  opFrom: number = 0;
  opReplays: number = 0;
  roundRobin: number = 0;
  readonly works: Work[] = [];
  messages: number = 0;
  /** When the last process call completed, µs; at start: when the consumers began. */
  progressedAt: number = 0;

  permits: number = 1;
  waiter: Commit | null = null;
  waiterTimeout: number = -1;
  flushing: Commit | null = null;
  lastCommitStart: number = 0;
  /** Failure of an async stage, noticed by the next commit attempt. */
  commitException: string | null = null;
  exceptions: number = 0;
  timeouts: number = 0;
  uploadPoisoned: boolean = false;
  liveCommits: number = 0;

  /** SSPs that have not yet reached the head found at start. */
  behind: number = 0;
  readonly catchUpTo: Float64Array;

  constructor(task: number, local: number, ssps: number) {
    this.task = task;
    this.local = local;
    this.next = new Float64Array(ssps);
    this.last = new Float64Array(ssps).fill(-1);
    this.startedFrom = new Float64Array(ssps);
    this.seenBefore = new Float64Array(ssps);
    this.catchUpTo = new Float64Array(ssps);
  }
}

/** Only the contiguous prefix of completed callbacks moves the offsets, over all SSPs of the task together. */
export function releaseCallbacks(t: TaskInstance, work: Work): void {
  work.done = true;
  let released = 0;
  while (released < t.works.length && (t.works[released] as Work).done) {
    const done = t.works[released++] as Work;
    t.last[done.ssp] = done.from + done.records - 1;
  }
  t.works.splice(0, released);
}
