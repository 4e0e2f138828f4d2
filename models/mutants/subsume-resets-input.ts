/**
 * The first barrier of a newer checkpoint ends the older one, and ending it resets what is known of the very input the
 * barrier came on: recording goes on there behind the barrier (FLINK-20097).
 */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import { type UnalignedTask, flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

interface WithReset extends UnalignedTask {
  /** Checkpoint that ended another, and the input it did so on. */
  reset: readonly [checkpoint: number, input: number];
}

export const subsumeResetsInput: Mutant = {
  name: 'subsumeResetsInput',
  broken: 'a barrier that ends an older checkpoint does not end the recording of its own input',
  seen: ['FLINK-20097'],
  base: flinkUnaligned,
  protocol: withTask(flinkUnaligned, (base) => ({
    start: (place, restored) => ({ ...(base.start(place, restored) as object), reset: [0, 0] }),
    record(state, place, input, record, fx) {
      const { current, reset } = state as WithReset;
      if (current !== 0 && reset[0] === current && reset[1] === input) fx.captureRecord(current, input);
      base.record?.(state, place, input, record, fx);
    },
    control(state, place, input, control, fx) {
      const task = state as WithReset;
      const ended = task.current;
      base.control(state, place, input, control, fx);
      if (ended !== 0 && task.current > ended && control.name === 'barrier') task.reset = [task.current, input];
    },
  })),
  topology: joinTopology({ records: 2 }),
  environment: { ...PEACE, checkpoints: 2, timeouts: 1, calm: false },
  law: 'C2',
  expected: KILLED,
};
