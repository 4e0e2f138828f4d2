/** C4: the offset in the part of a source is the place in its input up to which it had sent. */
import { partOf } from './cut.ts';
import type { FlowLaw } from './law.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

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
