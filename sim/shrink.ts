/**
 * Shortens a path that breaks a law, keeping the law fixed so that the search never slips to another bug. Delta debugging
 * (Zeller and Hildebrandt's ddmin) drops stretches of ids; dependants of a dropped action are left out by the replay and
 * need no attempts of their own. Then single ids and pairs are dropped, and last the steps of each actor are brought
 * together, which makes the path readable even where it cannot become shorter.
 */
import type { Explorable, SearchViolation } from './explorable.ts';
import { explore } from './explore.ts';
import { type PathReplay, replayPath } from './explore-path.ts';

/** Which breach to keep, and how much to spend. */
export interface ShrinkOptions {
  /** Id of the law that the result must break. */
  readonly law: string;
  readonly faultKinds?: readonly string[];
  /** Replays to spend at most, 5000 unless given; the shortest path so far is returned when they are used up. */
  readonly maxReplays?: number;
  /** States to spend at most on a last breadth-first search for a shorter path, among the actions of the input; 0 unless given. */
  readonly finishStates?: number;
}

/** The outcome of shrinking: never longer than the input, and it breaks the same law when `reproduced`. */
export interface ShrinkResult {
  readonly ids: readonly string[];
  /** The breach that `ids` leads to; null when the input did not break the law. */
  readonly violation: SearchViolation | null;
  readonly replays: number;
}

/** Shortens the path as far as the budget goes; an input that does not break the law comes back as it is. */
export function shrink<State>(
  model: Explorable<State>,
  input: readonly string[],
  { law, faultKinds = [], maxReplays = 5000, finishStates = 0 }: ShrinkOptions,
): ShrinkResult {
  let replays = 1;
  const first = replayPath(model, input, { law, faultKinds });
  if (first.violation === null) return { ids: input, violation: null, replays };
  let best: PathReplay = first;

  const replay = (ids: readonly string[]): PathReplay | null => {
    if (replays >= maxReplays) return null;
    replays++;
    // Where the breach shows at the end only, a path with holes does not end: what is still enabled is taken in order.
    return replayPath(model, ids, { law, faultKinds, settleBelow: first.atEnd ? best.ids.length : 0 });
  };
  const tryShorter = (ids: readonly string[]): boolean => {
    const candidate = replay(ids);
    if (candidate === null || candidate.violation === null || candidate.ids.length >= best.ids.length) return false;
    best = candidate;
    return true;
  };
  const tryCalmer = (ids: readonly string[]): boolean => {
    const candidate = replay(ids);
    if (candidate === null || candidate.violation === null || candidate.ids.length > best.ids.length) return false;
    if (candidate.ids.length === best.ids.length && switches(candidate.ids) >= switches(best.ids)) return false;
    best = candidate;
    return true;
  };

  const reduce = (): void => {
    dropStretches(() => best.ids, tryShorter);
    // Each success may open the way for another, and makes the path shorter or calmer, so this ends.
    while (dropPairs(() => best.ids, tryShorter) || bringTogether(() => best.ids, tryCalmer));
  };
  reduce();
  if (finishStates > 0) {
    const shorter = shortestAmong(model, new Set(input), { law, faultKinds, finishStates, below: best.ids.length });
    if (shorter !== null && tryShorter(shorter)) reduce();
  }
  return { ids: best.ids, violation: best.violation, replays };
}

type Attempt = (ids: readonly string[]) => boolean;

/** ddmin: leaves out one of n stretches at a time, n growing until a stretch is a single id. */
function dropStretches(current: () => readonly string[], attempt: Attempt): void {
  let pieces = 2;
  while (current().length >= 2) {
    const length = current().length;
    const size = Math.ceil(length / pieces);
    let dropped = false;
    // From the end: the last stretches are most often the effects of the first ones.
    for (let from = (Math.ceil(length / size) - 1) * size; from >= 0; from -= size) {
      const ids = current();
      if (from >= ids.length) continue;
      dropped = attempt([...ids.slice(0, from), ...ids.slice(from + size)]) || dropped;
    }
    if (dropped) pieces = Math.max(2, pieces - 1);
    else if (size === 1) return;
    else pieces = Math.min(length, pieces * 2);
  }
}

/** Leaves out two ids at a time, the second possibly the first: what was sent and what answers it go together. */
function dropPairs(current: () => readonly string[], attempt: Attempt): boolean {
  let dropped = false;
  for (let i = 0; i < current().length; i++) {
    for (let j = i; j < current().length; j++) {
      const ids = current();
      if (attempt(ids.filter((_, at) => at !== i && at !== j))) {
        dropped = true;
        j = i - 1;
      }
    }
  }
  return dropped;
}

/**
 * Joins each stretch of one actor's ids with the stretch before it of the same actor, moving the later one up or the
 * earlier one down, wherever the breach survives it. True if that shortened the path.
 */
function bringTogether(current: () => readonly string[], attempt: Attempt): boolean {
  const length = current().length;
  let moved = true;
  while (moved) {
    moved = false;
    for (let from = 2; from < current().length; from++) {
      const ids = current();
      const actor = actorOf(ids[from]!);
      if (actorOf(ids[from - 1]!) === actor) continue;
      const earlier = ids.slice(0, from).findLastIndex((id) => actorOf(id) === actor);
      if (earlier < 0) continue;
      const to = stretchEnd(ids, from);
      const begin = ids.slice(0, earlier).findLastIndex((id) => actorOf(id) !== actor) + 1;
      const [mine, others, next] = [ids.slice(begin, earlier + 1), ids.slice(earlier + 1, from), ids.slice(from, to)];
      const up = [...ids.slice(0, begin), ...mine, ...next, ...others, ...ids.slice(to)];
      const down = [...ids.slice(0, begin), ...others, ...mine, ...next, ...ids.slice(to)];
      moved = attempt(up) || attempt(down) || moved;
    }
  }
  return current().length < length;
}

/** Where the stretch of one actor's ids that begins here ends. */
function stretchEnd(ids: readonly string[], from: number): number {
  const actor = actorOf(ids[from]!);
  const end = ids.findIndex((id, at) => at > from && actorOf(id) !== actor);
  return end < 0 ? ids.length : end;
}

/** Whose step an id is: what stands between ':' and '>' or '#'. */
export function actorOf(id: string): string {
  const rest = id.slice(id.indexOf(':') + 1);
  const end = rest.search(/[>#]/);
  return end < 0 ? rest : rest.slice(0, end);
}

/** How often a path goes from one actor to another. */
export function switches(ids: readonly string[]): number {
  let count = 0;
  for (let i = 1; i < ids.length; i++) if (actorOf(ids[i]!) !== actorOf(ids[i - 1]!)) count++;
  return count;
}

function shortestAmong<State>(
  model: Explorable<State>,
  allowed: ReadonlySet<string>,
  limits: { law: string; faultKinds: readonly string[]; finishStates: number; below: number },
): readonly string[] | null {
  const { law, faultKinds, finishStates, below } = limits;
  const restricted: Explorable<State> = {
    initial: () => model.initial(),
    apply: (state, action) => model.apply(state, action),
    fork: (state) => model.fork(state),
    fingerprint: (state) => model.fingerprint(state),
    durable: (state) => model.durable(state),
    enabled: (state) => model.enabled(state).filter(({ id }) => allowed.has(id)),
    // Where only forbidden actions are left the path does not end.
    atEnd: (state) => (model.enabled(state).some(({ kind }) => !faultKinds.includes(kind)) ? [] : model.atEnd(state)),
  };
  const result = explore(restricted, {
    maxStates: finishStates,
    maxDepth: below - 1,
    stopAtFirst: law,
    faultKinds,
  });
  return result.violations.find((found) => found.law === law)?.path ?? null;
}
