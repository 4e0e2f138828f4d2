/**
 * What a job keeps of each task and needs for nearly every record: one record per task, two cache lines long, in two views of
 * one buffer. With a hundred thousand tasks every event falls on a task that is in no cache; then each array of its own would
 * be another trip to memory.
 */
import { viewsOf } from './cache-lines.ts';
import { FREE } from './task-status.ts';

/** Integers, and reals, of a task's record; those of task t begin at t times as many. */
export const TASK_INTS = 32;
export const TASK_REALS: number = TASK_INTS / 2;

// ---- first line: every task ---------------------------------------------------------------------------------------

/** What it is doing (`task-status.ts`). */
export const STATUS = 0;
/** 1: it stands in the queue of tasks that may be able to go on. */
export const MARKED = 1;
/** How many things it has to attend to before records: owed snapshots, mail, elements that overtake. */
export const ATTENTION = 2;
/** Its inputs with something to take, in the order in which they became ready, linked through the channels; -1: none. */
export const FIRST_READY = 3;
export const LAST_READY = 4;
/** Blocked inputs whose head has arrived. */
export const HELD_INPUTS = 5;
/** Outputs without room. */
export const FULL_OUTPUTS = 6;
/** Time one record takes, µs. */
export const SERVICE = 7;
/** The input whose record it serves; -1: none, or a source's own. */
export const SERVING = 8;
/** Sum of the hashes of the records in its state, modulo 2^32. */
export const FOLDED = 9;
/** IS_SOURCE, IS_SINK or 0. */
export const ROLE = 10;
/** Where its time goes (`ledgers/time-budget.ts`). */
export const CATEGORY = 11;
/** Its routes: the first, and the one after the last (`graph.ts`). */
export const ROUTE = 12;
export const ROUTE_END = 13;
/** Real: since when it serves, or does the synchronous part of a snapshot. */
export const SERVING_FROM = 7;

// ---- second line: sources -----------------------------------------------------------------------------------------

/** Number among the sources; -1: it is none. */
export const SOURCE_INDEX = 16;
/** Position in the log; the furthest before the newest restart. */
export const READ = 17;
export const READ_BEFORE = 18;
/** 1: an action is pending for the moment when the next record is there. */
export const READING = 19;
/** Tells the hashes of its records from those of others. */
export const SALT = 20;
/** Real: when the next record is there, µs. */
export const NEXT_TIME = 11;

export const IS_SOURCE = 1;
export const IS_SINK = 2;

export class TaskTable {
  readonly ints: Int32Array;
  readonly reals: Float64Array;

  constructor(tasks: number) {
    const { ints, reals } = viewsOf(tasks * TASK_INTS);
    this.ints = ints;
    this.reals = reals;
    for (let task = 0; task < tasks; task++) {
      const at = task * TASK_INTS;
      this.ints[at + STATUS] = FREE;
      this.ints[at + FIRST_READY] = -1;
      this.ints[at + LAST_READY] = -1;
      this.ints[at + SERVING] = -1;
      this.ints[at + SOURCE_INDEX] = -1;
    }
  }

  /** What the task is doing. */
  status(task: number): number {
    return this.ints[task * TASK_INTS + STATUS]!;
  }

  setStatus(task: number, status: number): void {
    this.ints[task * TASK_INTS + STATUS] = status;
  }

  isSource(task: number): boolean {
    return this.ints[task * TASK_INTS + ROLE] === IS_SOURCE;
  }

  isSink(task: number): boolean {
    return this.ints[task * TASK_INTS + ROLE] === IS_SINK;
  }

  /** Sum of the hashes of the records in its state, modulo 2^32. */
  folded(task: number): number {
    return this.ints[task * TASK_INTS + FOLDED]!;
  }

  setFolded(task: number, folded: number): void {
    this.ints[task * TASK_INTS + FOLDED] = folded;
  }

  /** A source's position in its log. */
  read(task: number): number {
    return this.ints[task * TASK_INTS + READ]!;
  }

  /** The furthest position ever. */
  readMax(task: number): number {
    return Math.max(this.ints[task * TASK_INTS + READ_BEFORE]!, this.read(task));
  }

  /** The source goes on at this position, whose record is there at `time`. */
  moveTo(task: number, seq: number, time: number): void {
    const at = task * TASK_INTS;
    this.ints[at + READ_BEFORE] = this.readMax(task);
    this.ints[at + READ] = seq;
    this.reals[task * TASK_REALS + NEXT_TIME] = time;
  }

  /** Nothing is ready, served or owed any more. */
  reset(task: number): void {
    const { ints } = this;
    const at = task * TASK_INTS;
    ints[at + SERVING] = -1;
    ints[at + READING] = 0;
    ints[at + ATTENTION] = 0;
    ints[at + FIRST_READY] = -1;
    ints[at + LAST_READY] = -1;
    ints[at + HELD_INPUTS] = 0;
    ints[at + FOLDED] = 0;
  }
}
