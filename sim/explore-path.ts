/**
 * Paths as lists of action ids. An id says what happens, never at which position of a list it stood, so a list can be
 * shortened and replayed: an id that is not enabled when its turn comes is left out, and with it what depends on it.
 */
import type { Explorable, SearchAction, SearchViolation } from './explorable.ts';

/** A law, the facts of its breach, and the actions that lead there from the initial state. */
export interface Counterexample extends SearchViolation {
  readonly path: readonly string[];
}

/** What a replay looks for, and how it ends. */
export interface ReplayOptions {
  /** Stop at the first breach of this law; without it, of any law. */
  readonly law?: string;
  /** Kinds of actions that may happen but need not: with nothing else enabled, the path may end. */
  readonly faultKinds?: readonly string[];
  /** Having replayed all ids, go on with the first enabled action that is no fault while the path is shorter than this. */
  readonly settleBelow?: number;
}

/** What a replay did. */
export interface PathReplay {
  /** The ids that were enabled in their turn, up to the breach; then those of settling. */
  readonly ids: readonly string[];
  readonly violation: SearchViolation | null;
  /** The breach showed at the end of the path, not at its last step. */
  readonly atEnd: boolean;
}

/** Replays ids from the initial state, leaving out those that are not enabled, and stops at the breach. */
export function replayPath<State>(
  model: Explorable<State>,
  ids: readonly string[],
  { law, faultKinds = [], settleBelow = 0 }: ReplayOptions = {},
): PathReplay {
  const state = model.initial();
  const taken: string[] = [];
  const wanted = (found: SearchViolation): boolean => law === undefined || found.law === law;
  const take = (action: SearchAction): SearchViolation | undefined => {
    taken.push(action.id);
    return model.apply(state, action).find(wanted);
  };
  for (const id of ids) {
    const action = model.enabled(state).find((candidate) => candidate.id === id);
    const violation = action === undefined ? undefined : take(action);
    if (violation !== undefined) return { ids: taken, violation, atEnd: false };
  }
  for (;;) {
    const next = model.enabled(state).find(({ kind }) => !faultKinds.includes(kind));
    if (next === undefined) break;
    if (taken.length >= settleBelow) return { ids: taken, violation: null, atEnd: false };
    const violation = take(next);
    if (violation !== undefined) return { ids: taken, violation, atEnd: false };
  }
  const violation = model.atEnd(state).find(wanted) ?? null;
  return { ids: taken, violation, atEnd: violation !== null };
}

/** True when nothing is enabled but faults, which need not happen: a path may end here. */
export function mayEnd(actions: readonly SearchAction[], faultKinds: readonly string[]): boolean {
  return actions.every(({ kind }) => faultKinds.includes(kind));
}
