/**
 * The network thread sees a barrier and asks the task, by a letter in its mailbox, to snapshot; the task goes on reading
 * until it comes to the letter (FLINK-17568).
 */
import { PEACE, joinTopology } from '../dataflow/topology.ts';
import type { Control } from '../dataflow/protocol.ts';
import { flinkUnaligned } from '../protocols/flink-unaligned.ts';
import { KILLED, type Mutant } from './mutant.ts';
import { withTask } from './wrap.ts';

interface WithMailbox {
  readonly mailbox: { readonly input: number; readonly control: Control }[];
}

export const mailboxSnapshot: Mutant = {
  name: 'mailboxSnapshot',
  broken: 'barriers are handled by a letter to the task, which reads on in the meantime',
  seen: ['FLINK-17568'],
  base: flinkUnaligned,
  protocol: withTask(flinkUnaligned, (base) => ({
    start: (place, restored) => ({ ...(base.start(place, restored) as object), mailbox: [] }),
    control(state, _place, input, control, fx) {
      const { name, checkpoint } = control;
      (state as WithMailbox).mailbox.push({
        input,
        control: { name, checkpoint, priority: control.priority ?? false },
      });
      fx.setTimer('mailbox');
    },
    timer(state, place, name, fx) {
      if (name !== 'mailbox') return base.timer?.(state, place, name, fx);
      for (const { input, control } of (state as WithMailbox).mailbox.splice(0))
        base.control(state, place, input, control, fx);
    },
  })),
  topology: joinTopology(),
  environment: PEACE,
  law: 'C2',
  expected: KILLED,
};
