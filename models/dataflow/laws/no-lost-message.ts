/** C3: what crosses the cut forwards is in the channel state; where splits are messages, they too are somewhere. */
import { firstOf } from './cut.ts';
import type { FlowLaw } from './law.ts';
import { splitOutOfPlace } from './splits.ts';

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

/** C3 where splits are messages, too. */
export const noLostSplit: FlowLaw = {
  ...noLostMessage,
  check: (view) => noLostMessage.check(view) ?? splitOutOfPlace(view),
};
