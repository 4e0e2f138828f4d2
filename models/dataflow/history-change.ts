/**
 * One action as the states on both sides of it, and how a thing is known again on the other side. Elements of channels keep
 * their identity while they wait, so they are their own keys; messages and effects of the network are copied with it, so
 * their text is.
 */
import type { Element, FlowControl, FlowState, InFlight, Message, Part } from './state.ts';

/** States on both sides of one action. */
export interface Change {
  readonly before: FlowState;
  readonly after: FlowState;
  readonly id: string;
}

/** Names and keys: the same text for the same thing on both sides of a change. */
export const cutName = (checkpoint: number): string => `checkpoint ${checkpoint}`;
export const partKey = ({ checkpoint, attempt }: Part): string => `${checkpoint}/${attempt}`;
export const controlName = ({ name, checkpoint }: { name: string; checkpoint: number }): string =>
  `${name} ${checkpoint}`;
export const messageName = ({ name, checkpoint }: Message): string => `${name} ${checkpoint}`;
export const messageKey = (m: Message): string => `${m.from}>${m.to}/${m.attempt}/${m.name}/${m.checkpoint}/${m.data}`;
export const effectKey = (e: InFlight): string =>
  `${e.kind}/${e.task}/${e.attempt}/${e.kind === 'commit' ? `t${e.transaction}` : e.checkpoint}`;

/** As it stands in a delivery's id. */
export function elementId(element: Element): string {
  return element.is === 'record'
    ? `r${element.source}.${element.seq}.${element.n}`
    : `${element.name}-${element.checkpoint}`;
}

/** The same control under the identity it had before it was pulled forward. */
export function pulledForward({ before, after }: Change, channel: number, to: FlowControl): Element | undefined {
  if (!to.priority) return undefined;
  const left = after.channel(channel).queue;
  return before.channel(channel).queue.find((each) => elementId(each) === elementId(to) && !left.includes(each));
}

/** Those of the first list that the second lacks; of equal ones, as many as it lacks. */
export function goneOf<T extends Message | InFlight>(from: readonly T[], left: readonly T[]): T[] {
  const key = (each: T): string => ('kind' in each ? effectKey(each) : messageKey(each));
  const counts = new Map<string, number>();
  for (const each of left) counts.set(key(each), (counts.get(key(each)) ?? 0) + 1);
  return from.filter((each) => {
    const count = counts.get(key(each)) ?? 0;
    if (count > 0) counts.set(key(each), count - 1);
    return count === 0;
  });
}
