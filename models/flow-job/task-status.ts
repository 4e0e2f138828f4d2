/** What a task is doing, as far as others have to know. */

/** Nothing: it may take what comes. */
export const FREE = 0;
/** Reading or processing one record. */
export const SERVING = 1;
/** The synchronous part of a snapshot. */
export const SYNCING = 2;
/** Restoring its state. */
export const STARTING = 3;
/** Crashed, and nobody has noticed. */
export const DOWN = 4;
