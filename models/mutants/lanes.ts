/** One source with two channels to one operator: the smallest job in which barriers have to be aligned. */
import { type Topology, chainTopology } from '../dataflow/topology.ts';

export function lanesTopology(records: number): Topology {
  const chain = chainTopology({ records });
  return { ...chain, name: 'two lanes', channels: [chain.channels[0]!, ...chain.channels] };
}
