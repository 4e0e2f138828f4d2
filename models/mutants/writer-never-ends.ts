/**
 * A task is told of an abort before it has begun to write the channel state. When the barrier comes after all, a writer is
 * begun that nobody ends; it stands in the way of all later ones (FLINK-28474, FLINK-26803).
 */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { type UnalignedTask, flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withEffects, withTask } from './wrap.ts';

interface WithWriter extends UnalignedTask {
  /** A writer is open that nobody will end. */
  stuck: boolean;
}

const begun = withTask(flinkUnaligned, (base) => ({
  start: (place, restored) => ({ ...(base.start(place, restored) as object), stuck: false }),
  control(state, place, input, control, fx) {
    const task = state as WithWriter;
    if (control.name === 'barrier' && task.aborted.includes(control.checkpoint)) task.stuck = true;
    base.control(state, place, input, control, fx);
  },
}));

export const writerNeverEnds: Mutant = {
  name: 'writerNeverEnds',
  broken: 'a barrier behind its abort opens a writer that is never closed, and later parts wait for it',
  seen: ['FLINK-28474', 'FLINK-26803'],
  base: flinkUnaligned,
  protocol: withEffects(begun, (fx, { state }) => ({
    upload(checkpoint) {
      if (!(state as WithWriter).stuck) fx.upload(checkpoint);
    },
  })),
  topology: joinTopology(),
  environment: { ...PEACE, timeouts: 1 },
  law: 'L1',
  expected: KILLED,
};
