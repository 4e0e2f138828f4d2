/** What became of every checkpoint of a run. */
export * from './history.ts';
export { SamzaCheckpointWatch } from './samza-history.ts';
export { flowCheckpointHistory } from './flow-history.ts';
