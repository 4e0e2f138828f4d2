/** C2: no effect without its cause: what has been received inside the cut was sent inside it. */
import { firstOf } from './cut.ts';
import type { FlowLaw } from './law.ts';

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
