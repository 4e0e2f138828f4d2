/** L3: after the storm everything flows again, also to a reader of committed records. Asked at the end of a path. */
import { attemptOf } from '../attempts.ts';
import type { FlowLaw } from './law.ts';

export const drained: FlowLaw = {
  id: 'L3',
  statement: 'calm drains every channel, and no transaction of an older attempt holds readers up',
  scope: 'end',
  check({ world, state }) {
    const full = world.topology.channels.findIndex((_, channel) => state.channel(channel).queue.length > 0);
    const { unassigned } = state.coordinator.enumerator;
    if (unassigned.length > 0) return { split: unassigned[0]!, handed_out: 'never' };
    if (full >= 0) return { channel: world.channelNames[full] as string, elements: state.channel(full).queue.length };
    // A reader of committed records waits at the first open transaction (Kafka's last stable offset).
    const open = state.output.transactions.findIndex(
      ({ task, status, attempt }) => status === 'open' && attempt < attemptOf(state, task),
    );
    return open < 0 ? null : { transaction: open, of_attempt: state.output.transactions[open]!.attempt };
  },
};
