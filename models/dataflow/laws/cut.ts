/**
 * C1-C4: the parts of a completed checkpoint form a consistent cut. Asked once, when the checkpoint completes; the parts
 * carry what each task had sent and received at its own cut, which is all the laws need.
 */
import type { Part } from '../state.ts';
import type { FlowFacts, FlowLaw, FlowView } from './law.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function partOf({ state, step }: FlowView, task: number): Part | undefined {
  return state.store.parts.find((part) => part.task === task && part.checkpoint === step.completed);
}

interface ChannelCut {
  readonly channel: number;
  readonly sent: number;
  readonly received: number;
  readonly got: readonly number[];
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

function firstOf(view: FlowView, check: (cut: ChannelCut) => FlowFacts | null): FlowFacts | null {
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

export const complete: FlowLaw = {
  id: 'C1',
  statement: 'a completed checkpoint has exactly one durable part for every task, of the attempt that completed it',
  scope: 'completion',
  check(view) {
    for (let task = 0; task < view.state.tasks; task++) {
      const part = partOf(view, task);
      const name = view.world.name(task);
      if (part === undefined) return { checkpoint: view.step.completed as number, task: name, part: 'missing' };
      if (part.attempt !== view.state.store.attempt) {
        return {
          checkpoint: part.checkpoint,
          task: name,
          part: `of attempt ${part.attempt}`,
          attempt: view.state.store.attempt,
        };
      }
    }
    return null;
  },
};

export const noOrphan: FlowLaw = {
  id: 'C2',
  statement: "what a receiver's part contains was sent before the sender's cut",
  scope: 'completion',
  check: (view) =>
    firstOf(view, ({ sent, received, got, captured }) => {
      const numbers = [...captured, ...(got.length > 0 ? got : received > 0 ? [received - 1] : [])];
      const orphan = numbers.find((n) => n >= sent);
      return orphan === undefined ? null : { orphan, sent_before_cut: sent, in_part: received };
    }),
};

export const noLostMessage: FlowLaw = {
  id: 'C3',
  statement: "a message sent before the cut and not in the receiver's part is in the channel state, once and in order",
  scope: 'completion',
  check: (view) =>
    firstOf(view, ({ channel, sent, received, got, captured }) => {
      const fifo = view.world.topology.channels[channel]!.fifo;
      const due: number[] = [];
      for (let n = fifo ? received : 0; n < sent; n++) if (fifo || !got.includes(n)) due.push(n);
      const kept = fifo ? captured : captured.toSorted((x, y) => x - y);
      if (due.length === kept.length && due.every((n, i) => kept[i] === n)) return null;
      const lost = due.find((n) => !kept.includes(n));
      return { lost: lost ?? 'none', due: due.join(' ') || 'none', captured: captured.join(' ') || 'none' };
    }),
};

export const offsetAgreement: FlowLaw = {
  id: 'C4',
  statement: "the offset in a source's part equals what it had sent before its cut",
  scope: 'completion',
  check(view) {
    for (const source of view.world.sources) {
      const part = partOf(view, source);
      if (part === undefined) continue;
      const { read, received } = part.application;
      // A source that stands in a cycle also passes on what it receives.
      const due = read + sum(received);
      // Each record goes to one subtask of a keyed stage.
      const sent = view.world.keyed === null ? part.application.sent : [sum(part.application.sent)];
      const wrong = sent.find((each) => each !== due);
      if (wrong !== undefined) {
        return {
          checkpoint: part.checkpoint,
          source: view.world.name(source),
          offset: read,
          sent: wrong,
        };
      }
    }
    return null;
  },
};
