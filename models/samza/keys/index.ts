/** Samza's configuration keys: the table (a row is in key.ts), a key's row, and what a list of entries makes of it. */
export { samzaKeys } from './table.ts';
export { findKey, nearestSamzaKey } from './find-key.ts';
export type { SamzaEntry } from './values.ts';
export type { JobKeys } from './read-job.ts';
export { type ParsedSamzaConfig, parseSamzaConfig } from './parse.ts';
