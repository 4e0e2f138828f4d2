/** What a job tells those who watch it from outside, and how its commits end. */
import type { CheckpointRecord } from '../kafka/checkpoint-topic.ts';
import type { KeyedState } from '../logic.ts';
import type { Container } from './container.ts';
import type { Commit } from './task-instance.ts';

/** How a commit ends; one that a crash ends before it has an id has not begun. */
export type CommitEnd = 'completed' | 'failed' | 'skipped' | 'timed-out' | 'cut-off' | 'not-begun';

/** Told of what a checker may want to see from outside: the crash matrix, tests of single windows. */
export interface JobProbe {
  /** freeze-offsets is done: the commit covers inputs up to these offsets. */
  readonly onFrozen?: (commit: Commit) => void;
  readonly onCheckpoint?: (record: CheckpointRecord) => void;
  /** A step of the commit took so long; what it has done becomes true right after. */
  readonly onCommitStep?: (commit: Commit, step: number, micros: number) => void;
  /** The commit is over, one way or another; `why` for those that failed. */
  readonly onCommitEnd?: (commit: Commit, end: CommitEnd, why: string | null) => void;
  readonly onOutputs?: (ssp: number, from: number, to: number) => void;
  readonly onDeath?: (container: Container) => void;
  /** A store of the task has been restored, its trim not yet sent. */
  readonly onRestored?: (container: Container, task: number, store: number, state: KeyedState) => void;
  /** Consumers are placed, nothing has been processed yet. */
  readonly onRunning?: (container: Container) => void;
}
