/** Dataflow jobs with a clock that ship with Tidemark; their files lie in dataflows/. */

export interface FlowJobEntry {
  readonly name: string;
  readonly topic: 'dataflows';
  /** Path below scenarios/. */
  readonly file: string;
}

/** In the order in which a newcomer should meet them. */
export const flowJobCatalog: readonly FlowJobEntry[] = [
  'uniform-pipeline',
  'skewed-join',
  'hot-item',
  'trading-low-latency',
  'iot-fleet',
  'back-pressured-pipeline',
  'cyclic-graph',
].map((name) => ({ name, topic: 'dataflows', file: `dataflows/${name}.yaml` }));
