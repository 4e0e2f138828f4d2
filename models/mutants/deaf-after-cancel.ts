/**
 * A checkpoint is cancelled while the announcement of its barrier on another input is queued. The announcement is polled and
 * finds nothing, and the error path loses what comes after it on that input (FLINK-21104).
 */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { type UnalignedTask, flinkUnalignedTimeout } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

interface WithDeafness extends UnalignedTask {
  /** Inputs whose control elements get lost. */
  deaf: readonly number[];
}

export const deafAfterCancel: Mutant = {
  name: 'deafAfterCancel',
  broken: 'after an abort, control elements of inputs whose barrier was announced get lost',
  seen: ['FLINK-21104'],
  base: flinkUnalignedTimeout,
  protocol: withTask(flinkUnalignedTimeout, (base) => ({
    start: (place, restored) => ({ ...(base.start(place, restored) as object), deaf: [] }),
    control(state, place, input, control, fx) {
      if (!(state as WithDeafness).deaf.includes(input)) base.control(state, place, input, control, fx);
    },
    message(state, place, name, checkpoint, fx) {
      const task = state as WithDeafness;
      if (name === 'abort' && checkpoint === task.current) task.deaf = task.announced;
      base.message(state, place, name, checkpoint, fx);
    },
  })),
  topology: joinTopology(),
  environment: { ...PEACE, timeouts: 1 },
  law: 'L1',
  expected: KILLED,
};
