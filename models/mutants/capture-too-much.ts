/** Recording a channel does not stop at its marker: what was sent after the cut is in the channel state (FLINK-17568). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { chandyLamport } from '../protocols/chandy-lamport.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

export const captureTooMuch: Mutant = {
  name: 'captureTooMuch',
  broken: 'what comes after the marker is recorded too',
  base: chandyLamport,
  protocol: withTask(chandyLamport, () => ({
    record(state, _place, input, _record, fx) {
      for (const { checkpoint } of (state as { open: { checkpoint: number }[] }).open)
        fx.captureRecord(checkpoint, input);
    },
  })),
  topology: joinTopology({ records: 2 }),
  environment: PEACE,
  law: 'C2',
  expected: KILLED,
};
