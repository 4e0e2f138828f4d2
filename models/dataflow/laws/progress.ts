/** L1-L3: after the storm something completes, nothing stays blocked, and every channel drains. Asked at the end of a path. */
import type { FlowLaw } from './law.ts';

export const progress: FlowLaw = {
  id: 'L1',
  statement: 'in calm, a checkpoint completes',
  scope: 'end',
  check({ world, state }) {
    if (!state.environment.calm) return null;
    const newest = Math.max(0, ...state.store.everCompleted);
    if (newest === state.store.nextId - 1) return null;
    const pending = world.protocol.coordinator.pending(state.coordinator.protocol);
    const blocked = world.topology.tasks.flatMap((task, i) => (state.task(i).blocked.length > 0 ? [task.name] : []));
    return {
      calm_checkpoint: state.store.nextId - 1,
      newest_completed: newest,
      pending: pending.join(' ') || 'none',
      blocked: blocked.join(' ') || 'none',
    };
  },
};

export const released: FlowLaw = {
  id: 'L2',
  statement: 'in the end no input stays blocked and no slot stays taken',
  scope: 'end',
  check({ world, state }) {
    for (let task = 0; task < state.tasks; task++) {
      const input = state.task(task).blocked[0];
      if (input !== undefined) return { task: world.name(task), blocked: world.channelNames[input] as string };
    }
    const pending = world.protocol.coordinator.pending(state.coordinator.protocol);
    return pending.length === 0 ? null : { pending: pending.join(' ') };
  },
};

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
      ({ status, attempt }) => status === 'open' && attempt < state.store.attempt,
    );
    return open < 0 ? null : { transaction: open, of_attempt: state.output.transactions[open]!.attempt };
  },
};
