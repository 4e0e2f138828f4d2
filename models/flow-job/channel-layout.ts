/**
 * Where everything lies in the records of channels and in the elements that wait on them (`channels.ts`). Whoever reads them
 * for every record takes these as constants of its own file: an exported one is read from memory at each use.
 */

/** In place of a source: the element is a control. */
export const CONTROL = -1;

// ---- words of an element, counted from its slot -------------------------------------------------------------------

export const SOURCE = 0;
export const SEQ = 1;
export const HASH = 2;
export const N = 3;
export const TAG = 4;
export const HOPS = 5;
/** When it is across, µs: an index into `times`, counted from half the slot. */
export const DUE = 3;

// ---- a channel's record -------------------------------------------------------------------------------------------

/** Integers, and reals, of a channel's record; those of channel c begin at c times as many. */
export const CHANNEL_INTS = 16;
export const CHANNEL_REALS: number = CHANNEL_INTS / 2;
/** Its ring: first element, size - 1, head, elements that wait. */
export const BASE = 0;
export const MASK = 1;
export const HEAD = 2;
export const COUNT = 3;
/** How many of those that wait are records. */
export const RECORDS = 4;
export const FROM = 5;
export const TO = 6;
/** Records put on it, and records processed by its receiver. */
export const SENT = 7;
export const RECEIVED = 8;
/** Some of the flags below. */
export const FLAGS = 9;
/** The next in its receiver's list of ready inputs; -1: none. */
export const NEXT_READY = 10;
/** Tells its delays from those of others. */
export const DELAY_SALT = 11;
/** Which of the job's delays it has. */
export const DELAY = 12;
/** Consumed records that are kept. */
export const BEHIND = 13;
/** Real: when the newest element that keeps its place is across. */
export const LAST_DUE = 7;

/** Its receiver takes nothing from it. */
export const IS_BLOCKED = 1;
/** It stands in its receiver's list of ready inputs. */
export const QUEUED = 2;
/** Blocked, and its head has arrived. */
export const HELD = 4;
/** Elements are delivered in the order they arrive. */
export const UNORDERED = 8;
