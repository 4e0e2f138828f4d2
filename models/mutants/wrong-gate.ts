/** Channel state is stored under the number of another channel (FLINK-18139). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { chandyLamport } from '../protocols/chandy-lamport.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const wrongGate: Mutant = {
  name: 'wrongGate',
  broken: 'the channel states of two inputs are exchanged',
  base: chandyLamport,
  protocol: {
    ...chandyLamport,
    engine: {
      capture: (part) => ({
        ...part,
        channels: part.channels.map(({ channel }, i) => ({ channel, records: part.channels.at(i - 1)!.records })),
      }),
    },
  },
  topology: joinTopology(),
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
