/** Stream jobs to be tuned that ship with Tidemark; their files lie in streams/. */

export interface StreamEntry {
  readonly name: string;
  readonly topic: 'streams';
  /** Path below scenarios/. */
  readonly file: string;
}

/** In the order in which a newcomer should meet them. */
export const streamCatalog: readonly StreamEntry[] = [
  'page-view-counts',
  'lambda-batches',
  'risk-control',
  'trading',
  'iot-vehicles',
  'big-state',
].map((name) => ({ name, topic: 'streams', file: `streams/${name}.yaml` }));
