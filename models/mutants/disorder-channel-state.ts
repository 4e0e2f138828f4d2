/** Restored messages come in another order than they were sent in (FLINK-17564, FLINK-20654). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { chandyLamport } from '../protocols/chandy-lamport.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const disorderChannelState: Mutant = {
  name: 'disorderChannelState',
  broken: 'channel state is replayed in reverse',
  base: chandyLamport,
  protocol: {
    ...chandyLamport,
    engine: {
      read: (part) => ({
        ...part,
        channels: part.channels.map(({ channel, records }) => ({ channel, records: records.toReversed() })),
      }),
    },
  },
  topology: joinTopology({ records: 2 }),
  environment: { ...PEACE, crashes: 1 },
  law: 'C5',
  expected: KILLED,
};
