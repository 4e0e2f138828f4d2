/** Messages in flight on the first input are not recorded (FLINK-18252, FLINK-20097). */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { chandyLamport } from '../protocols/chandy-lamport.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects } from './wrap.ts';

export const forgetChannelState: Mutant = {
  name: 'forgetChannelState',
  broken: 'the channel state of the first input is forgotten',
  base: chandyLamport,
  protocol: withEffects(chandyLamport, (fx, { place }) => ({
    captureRecord(checkpoint, input) {
      if (input !== place.inputs[0]) fx.captureRecord(checkpoint, input);
    },
  })),
  topology: joinTopology(),
  environment: PEACE,
  law: 'C3',
  expected: KILLED,
};
