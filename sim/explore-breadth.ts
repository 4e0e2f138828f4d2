/**
 * Breadth-first search, level by level: the first path to a state is a shortest one, so the first breach of a law is a
 * shortest counterexample. A breach at the end of a path of length d is shorter than one by a step from the same level;
 * therefore a search that halts still asks the rest of its level for ends.
 */
import type { Explorable, SearchAction } from './explorable.ts';
import { audit, auditAmple, isAudited } from './explore-audit.ts';
import { Frontier } from './explore-frontier.ts';
import type { SearchRecord } from './explore-record.ts';

/** Searches from the initial state, level by level, and fills the record. */
export function searchBreadth<State>(model: Explorable<State>, record: SearchRecord<State>): void {
  const frontier = new Frontier<State>();
  const root = model.initial();
  record.enter(root, 0);
  frontier.push(root, -1, '');
  for (let depth = 0; !record.halted && frontier.advance(); depth++) {
    for (let place = 0; place < frontier.width; place++) expandPlace(model, record, { frontier, place, depth });
  }
}

interface Place<State> {
  readonly frontier: Frontier<State>;
  readonly place: number;
  readonly depth: number;
}

function expandPlace<State>(model: Explorable<State>, record: SearchRecord<State>, at: Place<State>): void {
  const { frontier, place, depth } = at;
  const state = frontier.take(place);
  const number = frontier.numberOf(place);
  const actions = model.enabled(state);
  record.reachEnd(state, actions, () => frontier.pathTo(number));
  if (actions.length === 0 || record.halted) return;
  if (depth >= record.maxDepth) {
    record.truncated = true;
    return;
  }

  if (isAudited(number)) {
    audit(model, state, actions);
    if (record.reduction === 1) auditAmple(model, state, actions);
  }

  const step = (from: State, action: SearchAction): number => {
    record.apply(from, action, () => [...frontier.pathTo(number), action.id]);
    const entered = record.enter(from, depth + 1);
    if (entered >= 0) frontier.push(from, number, action.id);
    return entered;
  };
  const ample = record.reduction === 1 ? actions.findIndex((action) => action.ample === true) : -1;
  if (ample >= 0) {
    const entered = step(model.fork(state), actions[ample]!);
    // Every cycle has a step that goes no deeper. Taking the others there keeps a ring of ample steps from hiding them.
    if (entered >= 0 || ~entered >= frontier.nextStart) return;
  }
  const last = actions.length - 1;
  for (let i = 0; i <= last && !record.halted; i++) {
    // The last action may have the state itself: nobody else holds it any more.
    if (i !== ample) step(i === last ? state : model.fork(state), actions[i]!);
  }
}
