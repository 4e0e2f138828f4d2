/** C5: records of a FIFO channel arrive in the order they were sent, with no gap and no repeat, across restores too. */
import type { FlowLaw } from './law.ts';

export const channelOrder: FlowLaw = {
  id: 'C5',
  statement: 'sequence numbers on a FIFO channel have no gap, repeat or inversion, across restores too',
  scope: 'step',
  check({ world, step }) {
    const { delivered } = step;
    if (delivered === null || !world.topology.channels[delivered.channel]!.fifo) return null;
    if (delivered.record.n === delivered.expected) return null;
    return {
      channel: world.channelNames[delivered.channel] as string,
      number: delivered.record.n,
      expected: delivered.expected,
    };
  },
};
