/**
 * Kinds of actions of a timed dataflow job. Those of a task die with its incarnation; what must outlive it (messages to
 * the coordinator, uploads, commits) is addressed to what it acts on.
 */

/** The head of a channel has crossed it; a: channel. */
export const ARRIVE = 0;
/** The task has finished the record it was serving. */
export const SERVED = 1;
/** The source's next record is there to be read. */
export const READ = 2;
/** The synchronous part of a snapshot is over. */
export const SYNCED = 3;
/** A priority element has crossed a channel; a: channel. */
export const OVERTAKE = 4;
/** A protocol's timer is due; payload: its name. */
export const TIMER = 5;
/** A message reaches a task; payload: the message. */
export const TELL_TASK = 6;
/** The restarted task has its state and runs. */
export const RUNNING = 7;
/** A message reaches the coordinator; payload: the message. */
export const TELL_COORDINATOR = 8;
/** A part's upload ends; payload: the part. */
export const UPLOADED = 9;
/** A completed checkpoint has been written; a: checkpoint, b: attempt. */
export const STORED = 10;
/** A checkpoint has had its time; a: checkpoint. */
export const EXPIRE = 11;
/** The periodic trigger; a: generation of the timer. */
export const TICK = 12;
/** A commit reaches the outside world; a: transaction, b: attempt, payload: task. */
export const COMMIT = 13;
/** A planned crash; a: index in the plan's faults, -1 for one drawn at random. */
export const CRASH = 14;
/** The failure is noticed. */
export const DETECT = 15;
/** A message to a task is lost; payload: the message. */
export const LOST = 16;

/** Words for action ids, by kind. */
export const FLOW_JOB_KINDS: readonly string[] = [
  'arrive',
  'served',
  'read',
  'synced',
  'overtake',
  'timer',
  'tell-task',
  'running',
  'tell-coordinator',
  'upload',
  'store',
  'expire',
  'tick',
  'commit',
  'crash',
  'detect',
  'lose',
];
