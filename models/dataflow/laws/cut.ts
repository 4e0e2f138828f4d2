/**
 * What laws C1-C4 look at: the parts of the checkpoint that has just completed, and what both ends of a channel say in them.
 * The parts carry what each task had sent and received at its own cut, which is all these laws need.
 */
import type { Part } from '../state.ts';
import type { FlowFacts, FlowView } from './law.ts';

/** The part of a task in the checkpoint that has just completed. */
export function partOf({ state, step }: FlowView, task: number): Part | undefined {
  return state.store.parts.find((part) => part.task === task && part.checkpoint === step.completed);
}

/** What both ends of a channel say about it. */
export interface ChannelCut {
  readonly channel: number;
  /** Messages sent before the sender's cut. */
  readonly sent: number;
  /** Messages in the receiver's part, and their numbers where the channel may reorder. */
  readonly received: number;
  readonly got: readonly number[];
  /** Numbers of the messages in the channel state. */
  readonly captured: readonly number[];
}

/** What both ends of a channel say about it; undefined when a part is missing (C1's business). */
function channelCut(view: FlowView, channel: number): ChannelCut | undefined {
  const { topology } = view.world;
  const { from, to } = topology.channels[channel]!;
  const sender = partOf(view, from);
  const receiver = partOf(view, to);
  if (sender === undefined || receiver === undefined) return undefined;
  const output = view.world.place(view.state, from).outputs.indexOf(channel);
  const input = view.world.place(view.state, to).inputs.indexOf(channel);
  return {
    channel,
    sent: sender.application.sent[output] as number,
    received: receiver.application.received[input] as number,
    got: receiver.application.got[input] as number[],
    captured: (receiver.channels.find((each) => each.channel === channel)?.records ?? []).map((record) => record.n),
  };
}

/** The first channel whose two ends disagree, with what the check says of it. */
export function firstOf(view: FlowView, check: (cut: ChannelCut) => FlowFacts | null): FlowFacts | null {
  for (let channel = 0; channel < view.world.topology.channels.length; channel++) {
    const cut = channelCut(view, channel);
    const facts = cut === undefined ? null : check(cut);
    if (facts !== null) {
      return {
        checkpoint: view.step.completed as number,
        channel: view.world.channelNames[channel] as string,
        ...facts,
      };
    }
  }
  return null;
}
