/**
 * A search is only as good as the model's word that `fork` gives an independent copy and `apply` depends on nothing but
 * the state. Both are tried on a sample of the states, and a model that breaks its word is told which action showed it;
 * without this, states leak into one another and whole parts of the graph are silently never seen.
 */
import type { Explorable, Fingerprint, SearchAction } from './explorable.ts';

/** True for the first states of a search and for a few of all others. */
export function isAudited(number: number): boolean {
  return number < 64 || number % 64 === 0;
}

/** Takes each action twice from forks of the state; throws if the results differ or the state itself has changed. */
export function audit<State>(model: Explorable<State>, state: State, actions: readonly SearchAction[]): void {
  const before = model.fingerprint(state);
  const ids = actions.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new Error(`enabled() lists '${twice}' twice: an id must say which action it is`);
  for (const action of actions) {
    const [first, second] = [model.fork(state), model.fork(state)];
    model.apply(first, action);
    if (!same(model.fingerprint(state), before) || !same(model.fingerprint(second), before)) {
      throw new Error(`'${action.id}' changed a state it was not applied to: fork() shares a part that apply() writes`);
    }
    model.apply(second, action);
    if (!same(model.fingerprint(first), model.fingerprint(second))) {
      throw new Error(`'${action.id}', taken twice from one state, led to two: apply() depends on something else`);
    }
  }
}

/**
 * Tries every other action on both sides of each action that claims to be ample. Where both orders are possible they must
 * lead to one state; where the other one takes the ample action away (a crash), what it leaves must be the same with and
 * without. Throws if a claim is false.
 */
export function auditAmple<State>(model: Explorable<State>, state: State, actions: readonly SearchAction[]): void {
  for (const ample of actions) {
    if (ample.ample !== true) continue;
    const after = model.fork(state);
    model.apply(after, ample);
    const next = model.enabled(after);
    for (const other of actions) {
      if (other === ample) continue;
      const claim = `'${ample.id}' claims to be ample`;
      const later = next.find(({ id }) => id === other.id);
      if (later === undefined) throw new Error(`${claim}, and '${other.id}' cannot happen any more after it`);
      const ampleFirst = model.fork(after);
      model.apply(ampleFirst, later);
      const otherFirst = model.fork(state);
      model.apply(otherFirst, other);
      const still = model.enabled(otherFirst).find(({ id }) => id === ample.id);
      if (still === undefined) {
        if (same(model.durable(ampleFirst), model.durable(otherFirst))) continue;
        throw new Error(`${claim}, and '${other.id}', which undoes it, leaves something else behind than without it`);
      }
      model.apply(otherFirst, still);
      if (same(model.fingerprint(ampleFirst), model.fingerprint(otherFirst))) continue;
      throw new Error(`${claim}, and makes a difference to '${other.id}': the order of the two shows`);
    }
  }
}

function same(a: Fingerprint, b: Fingerprint): boolean {
  return a.high === b.high && a.low === b.low;
}
