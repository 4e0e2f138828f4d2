/**
 * A buffer is given back twice, and two tasks hold it at the same time: what is written to it last is what both read
 * (FLINK-20654).
 */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const recycledTwice: Mutant = {
  name: 'recycledTwice',
  broken: 'two records of a channel state lie in one buffer',
  seen: ['FLINK-20654'],
  base: flinkUnaligned,
  protocol: {
    ...flinkUnaligned,
    engine: {
      capture: (part) => ({
        ...part,
        channels: part.channels.map(({ channel, records }) => ({
          channel,
          records: records.map(() => records.at(-1)!),
        })),
      }),
    },
  },
  topology: joinTopology({ records: 2 }),
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
