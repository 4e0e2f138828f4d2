/** At the end of input the operator's mailbox closes before its last requests have answered (FLINK-24846). */
import { PEACE, chainTopology } from '../dataflow/topology.ts';
import { flinkAligned } from '../protocols/flink-aligned.ts';
import { KILLED, type Mutant } from './mutant.ts';

export const asyncLostAtEnd: Mutant = {
  name: 'asyncLostAtEnd',
  broken: 'requests still open when all input has been read are forgotten',
  seen: ['FLINK-24846'],
  base: flinkAligned,
  protocol: {
    ...flinkAligned,
    engine: {
      capture(part, { records }) {
        const { application } = part;
        const isAtEnd = application.received.length > 0 && application.received.every((each) => each === records);
        return isAtEnd ? { ...part, application: { ...application, waiting: [], armed: 0 } } : part;
      },
    },
  },
  topology: { ...chainTopology({ records: 2 }), deferred: true },
  environment: { ...PEACE, crashes: 1 },
  law: 'S2',
  expected: KILLED,
};
