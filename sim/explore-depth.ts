/**
 * Depth-first search: holds the states of one path only, so it reaches where breadth first runs out of memory. Its
 * counterexamples are correct but need not be shortest. Under a limit of depth a state is expanded again when a shorter
 * way to it turns up, since more of the graph is in reach from there: the states seen are those breadth first sees.
 */
import type { Explorable, SearchAction } from './explorable.ts';
import { audit, auditAmple, isAudited } from './explore-audit.ts';
import type { SearchRecord } from './explore-record.ts';

/** A state on the current path and the actions still to be tried there. */
interface Frame<State> {
  readonly state: State;
  readonly number: number;
  readonly actions: readonly SearchAction[];
  /** Index of the ample action to take first, or -1. */
  readonly ample: number;
  /** Index of the action to try next; -1 stands for the ample one. */
  next: number;
  /** The action being tried. */
  trying: string;
}

/** Searches from the initial state, deepest first, and fills the record. */
export function searchDepth<State>(model: Explorable<State>, record: SearchRecord<State>): void {
  const stack: Frame<State>[] = [];
  const shortest: number[] | null = record.maxDepth === Infinity ? null : [];
  const cut = new Set<number>();

  const open = (state: State, number: number, isNew: boolean): void => {
    const actions = model.enabled(state);
    const depth = stack.length;
    if (shortest !== null) shortest[number] = depth;
    if (isNew) record.reachEnd(state, actions, () => stack.map((frame) => frame.trying));
    if (actions.length > 0 && depth >= record.maxDepth) {
      cut.add(number);
      return;
    }
    cut.delete(number);
    if (isNew && isAudited(number)) {
      audit(model, state, actions);
      if (record.reduction === 1) auditAmple(model, state, actions);
    }
    const ample = record.reduction === 1 ? actions.findIndex((action) => action.ample === true) : -1;
    stack.push({ state, number, actions, ample, next: ample >= 0 ? -1 : 0, trying: '' });
  };

  const root = model.initial();
  open(root, record.enter(root, 0), true);
  while (stack.length > 0 && !record.halted) {
    const frame = stack.at(-1)!;
    const at = frame.next++;
    if (at >= frame.actions.length) {
      stack.pop();
      continue;
    }
    if (at === frame.ample) continue;
    const action = frame.actions[at < 0 ? frame.ample : at]!;
    const child = at === frame.actions.length - 1 ? frame.state : model.fork(frame.state);
    frame.trying = action.id;
    record.apply(child, action, () => stack.map((frame) => frame.trying));
    const entered = record.enter(child, stack.length);
    if (record.halted) break;
    const number = entered >= 0 ? entered : ~entered;
    // A step back onto the current path closes a cycle: the other actions must be tried as well, or a ring of ample
    // steps would hide them.
    if (at < 0 && (entered >= 0 || stack.every((frame) => frame.number !== number))) frame.next = frame.actions.length;
    if (entered >= 0) {
      open(child, number, true);
    } else if (shortest !== null && stack.length < shortest[number]!) {
      record.raise(shortest[number]!, stack.length);
      open(child, number, false);
    }
  }
  if (cut.size > 0) record.truncated = true;
}
