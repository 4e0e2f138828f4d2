/**
 * The commit protocol of Apache Samza as it really is (samza.md §1-§3): every task commits alone, on its own timer, with
 * no coordinator and no barrier. This file holds its decisions and nothing else: which step follows which, when a due
 * commit runs, waits or is skipped, where inputs restart, how a store comes back. All are pure functions of plain data;
 * `samza/` carries the steps out. To build another scheme's decisions, start a file beside this one.
 */

/** One numbered step of TaskInstance.commit (samza.md §1.4). */
export interface CommitStep {
  readonly name: string;
  /** Number in samza.md §1.4. */
  readonly number: string;
  /** sync: the task does not process meanwhile; async: it does. */
  readonly stage: 'sync' | 'async';
}

/** The steps in order; a commit walks through those its job has a use for. */
export const COMMIT_STEPS: readonly CommitStep[] = [
  { name: 'check-previous', number: '0', stage: 'sync' },
  { name: 'acquire-semaphore', number: '1', stage: 'sync' },
  { name: 'create-id', number: '2', stage: 'sync' },
  { name: 'freeze-offsets', number: '3', stage: 'sync' },
  { name: 'flush-producers', number: '4', stage: 'sync' },
  { name: 'flush-tables', number: '5', stage: 'sync' },
  { name: 'flush-stores', number: '6a', stage: 'sync' },
  { name: 'checkpoint-stores', number: '6b', stage: 'sync' },
  { name: 'newest-offsets', number: '6c', stage: 'sync' },
  { name: 'submit-async', number: '7', stage: 'sync' },
  { name: 'upload', number: '8', stage: 'async' },
  { name: 'write-files-v1', number: '9a', stage: 'async' },
  { name: 'append-v1', number: '9b', stage: 'async' },
  { name: 'write-files-v2', number: '9a', stage: 'async' },
  { name: 'append-v2', number: '9b', stage: 'async' },
  { name: 'cleanup', number: '10', stage: 'async' },
  { name: 'trim-input', number: '11', stage: 'async' },
  { name: 'complete', number: '12', stage: 'async' },
];

const index = (name: string): number => COMMIT_STEPS.findIndex((step) => step.name === name);

export const CHECK_PREVIOUS: number = index('check-previous');
export const ACQUIRE_SEMAPHORE: number = index('acquire-semaphore');
export const CREATE_ID: number = index('create-id');
export const FREEZE_OFFSETS: number = index('freeze-offsets');
export const FLUSH_PRODUCERS: number = index('flush-producers');
export const FLUSH_STORES: number = index('flush-stores');
export const CHECKPOINT_STORES: number = index('checkpoint-stores');
export const NEWEST_OFFSETS: number = index('newest-offsets');
export const SUBMIT_ASYNC: number = index('submit-async');
export const UPLOAD: number = index('upload');
export const WRITE_FILES_V1: number = index('write-files-v1');
export const APPEND_V1: number = index('append-v1');
export const WRITE_FILES_V2: number = index('write-files-v2');
export const APPEND_V2: number = index('append-v2');
export const CLEANUP: number = index('cleanup');
export const TRIM_INPUT: number = index('trim-input');
export const COMPLETE: number = index('complete');

/** What decides which steps a commit has. */
export interface CommitShape {
  readonly stores: boolean;
  readonly persistentStores: boolean;
  readonly changelogs: boolean;
  readonly blobs: boolean;
  readonly checkpoints: boolean;
  readonly writeVersions: readonly (1 | 2)[];
  readonly trimsInput: boolean;
}

function applies(step: number, shape: CommitShape): boolean {
  switch (step) {
    case FLUSH_STORES:
      return shape.stores;
    case CHECKPOINT_STORES:
      return shape.persistentStores;
    case NEWEST_OFFSETS:
      return shape.changelogs;
    case UPLOAD:
      return shape.blobs;
    case WRITE_FILES_V1:
      return shape.checkpoints && shape.persistentStores && shape.writeVersions.includes(1);
    case WRITE_FILES_V2:
      return shape.checkpoints && shape.persistentStores && shape.writeVersions.includes(2);
    case APPEND_V1:
      return shape.checkpoints && shape.writeVersions.includes(1);
    case APPEND_V2:
      return shape.checkpoints && shape.writeVersions.includes(2);
    case CLEANUP:
      return shape.stores;
    case TRIM_INPUT:
      return shape.trimsInput;
    default:
      return true;
  }
}

/** The steps a commit of this shape walks through, in order (`writeVersions` decides the order of V1 and V2). */
export function stepsOf(shape: CommitShape): readonly number[] {
  const steps = COMMIT_STEPS.map((_, step) => step).filter((step) => applies(step, shape));
  if (shape.writeVersions[0] !== 2 || shape.writeVersions.length < 2) return steps;
  const v1 = new Set([WRITE_FILES_V1, APPEND_V1]);
  const v2 = new Set([WRITE_FILES_V2, APPEND_V2]);
  const before = steps.filter((step) => step < WRITE_FILES_V1);
  const after = steps.filter((step) => step > APPEND_V2);
  return [...before, ...steps.filter((s) => v2.has(s)), ...steps.filter((s) => v1.has(s)), ...after];
}

/** Step 0: what a failure of the previous async stage does to this commit. */
export function afterPreviousFailure(
  failuresSoFar: number,
  config: { readonly skipCommitDuringFailures: boolean; readonly skipCommitExceptionMaxLimit: number },
): 'continue' | 'die' {
  return config.skipCommitDuringFailures && failuresSoFar <= config.skipCommitExceptionMaxLimit ? 'continue' : 'die';
}

/** Step 1: the semaphore is held by a commit that began `sinceStartMicros` ago. */
export function whenSemaphoreHeld(sinceStartMicros: number, maxDelayMicros: number): 'skip' | 'block' {
  return sinceStartMicros < maxDelayMicros ? 'skip' : 'block';
}

/** Step 1: the blocked thread has waited task.commit.timeout.ms. */
export function afterCommitTimeout(
  timeoutsSoFar: number,
  config: { readonly skipCommitDuringFailures: boolean; readonly skipCommitTimeoutMaxLimit: number },
): 'release-and-return' | 'die' {
  return config.skipCommitDuringFailures && timeoutsSoFar <= config.skipCommitTimeoutMaxLimit
    ? 'release-and-return'
    : 'die';
}

/** Where an SSP begins, and why (samza.md §1.6). `window` names the loss window when records are passed over. */
export interface StartPosition {
  readonly offset: number;
  readonly why: 'checkpoint' | 'default' | 'reset' | 'out-of-range';
}

export function startPosition(facts: {
  /** Checkpointed offset; -1: the SSP is in no checkpoint. */
  readonly checkpointed: number;
  readonly oldest: number;
  readonly head: number;
  readonly offsetDefault: 'upcoming' | 'oldest';
  readonly resetOffset: boolean;
}): StartPosition {
  const fallback = facts.offsetDefault === 'upcoming' ? facts.head : facts.oldest;
  if (facts.resetOffset && facts.checkpointed >= 0) return { offset: fallback, why: 'reset' };
  if (facts.checkpointed < 0) return { offset: fallback, why: 'default' };
  const next = facts.checkpointed + 1;
  // auto.offset.reset follows the same default, `latest` for upcoming.
  if (next < facts.oldest || next > facts.head) return { offset: fallback, why: 'out-of-range' };
  return { offset: next, why: 'checkpoint' };
}

/** How one store comes back. Changelog offsets are inclusive; an empty range has `from > to`. */
export interface RestorePlan {
  /** Which row of the table decided, for messages and tests. */
  readonly row: string;
  /** Files to open before replay: the current directory, a checkpoint directory (by index), or none. */
  readonly base: 'none' | 'current' | number;
  /** Delete checkpoint directories that are not the base. */
  readonly deleteOthers: boolean;
  readonly from: number;
  readonly to: number;
  /** Undo everything after this offset, up to the newest at start; null: no trim. */
  readonly trimAfter: number | null;
}

export interface ChangelogRestoreFacts {
  readonly persistent: boolean;
  readonly logged: boolean;
  readonly cleanOnContainerStart: boolean;
  readonly retainExistingState: boolean;
  /** Checkpointed changelog offset c; null: no marker, or the log was empty at the commit. */
  readonly checkpointed: number | null;
  /** Oldest and newest offset of the changelog now; newest -1: empty. */
  readonly oldest: number;
  readonly newest: number;
  /** Age of the checkpoint by the restoring host's clock, µs. */
  readonly ageMicros: number;
  readonly minCompactionLagMicros: number;
  /** OFFSET files of the checkpoint directories, null where missing. */
  readonly checkpointDirOffsets: readonly (number | null)[];
}

/** Transactional restore (samza.md §3.3), first row that matches. */
export function planTransactionalRestore(facts: ChangelogRestoreFacts): RestorePlan {
  const { checkpointed: c, oldest, newest } = facts;
  const whole = { base: 'none', deleteOthers: true, from: oldest, to: newest } as const;
  if (!facts.logged) {
    return { row: 'not-logged', base: 'none', deleteOthers: facts.persistent, from: 0, to: -1, trimAfter: null };
  }
  if (facts.cleanOnContainerStart) {
    return { row: 'clean-on-start', ...whole, to: c ?? -1, trimAfter: c ?? -1 };
  }
  if (c === null && facts.retainExistingState) return { row: 'retain-existing', ...whole, trimAfter: null };
  if (c === null) return { row: 'no-marker', ...whole, from: 0, to: -1, trimAfter: -1 };
  if (c < oldest || c > newest) return { row: 'out-of-range', ...whole, trimAfter: null };
  if (!facts.persistent) return { row: 'in-memory', ...whole, to: c, trimAfter: c };
  const stale = facts.ageMicros > 0.9 * facts.minCompactionLagMicros;
  const target = stale ? newest : c;
  let base: 'none' | number = 'none';
  let best = -1;
  facts.checkpointDirOffsets.forEach((offset, i) => {
    if (offset !== null && offset >= oldest && offset <= target && offset >= best) {
      best = offset;
      base = i;
    }
  });
  const from = base === 'none' ? oldest : best + 1;
  return { row: stale ? 'lag' : 'normal', base, deleteOthers: true, from, to: target, trimAfter: stale ? null : c };
}

/** Non-transactional restore: everything that ever reached the changelog, whatever was committed. */
export function planNonTransactionalRestore(facts: {
  readonly persistent: boolean;
  readonly logged: boolean;
  readonly cleanOnContainerStart: boolean;
  /** OFFSET file of the current directory, null: none. */
  readonly currentOffset: number | null;
  /** Age of the directory's files, µs; Infinity: no such file. */
  readonly dirAgeMicros: number;
  readonly deleteRetentionMicros: number;
  readonly oldest: number;
  readonly newest: number;
}): RestorePlan {
  if (!facts.logged) {
    const keep = facts.persistent && !facts.cleanOnContainerStart;
    return {
      row: 'not-logged',
      base: keep ? 'current' : 'none',
      deleteOthers: false,
      from: 0,
      to: -1,
      trimAfter: null,
    };
  }
  const usable = facts.persistent && !facts.cleanOnContainerStart && facts.dirAgeMicros < facts.deleteRetentionMicros;
  if (!usable || facts.currentOffset === null) {
    return {
      row: 'replay-all',
      base: 'none',
      deleteOthers: true,
      from: facts.oldest,
      to: facts.newest,
      trimAfter: null,
    };
  }
  const from = Math.max(facts.currentOffset + 1, facts.oldest);
  return { row: 'local', base: 'current', deleteOthers: false, from, to: facts.newest, trimAfter: null };
}

/** Transactional restore needs the flag, no standby and no async commit (samza.md §3.3). */
export function isTransactional(config: {
  readonly transactionalStateRestore: boolean;
  readonly standbyReplicationFactor: number;
  readonly asyncCommit: boolean;
}): boolean {
  return config.transactionalStateRestore && config.standbyReplicationFactor <= 1 && !config.asyncCommit;
}

/** What Samza promises, per kind of thing; laws are chosen from it. */
export const PROMISE = {
  inputs: 'at-least-once',
  outputs: 'at-least-once',
  state: { transactional: 'exactly-once', blob: 'exactly-once', nonTransactional: 'at-least-once' },
} as const;
