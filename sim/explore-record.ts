/**
 * What a search has seen: the states and their durable projections, the ends of paths, and for each law the first of the
 * shortest ways to break it. Both orders of search fill the same record, so their results can be compared field by field.
 */
import { type Counterexample, mayEnd } from './explore-path.ts';
import { VisitedSet } from './explore-visited.ts';
import type { Explorable, SearchAction, SearchViolation } from './explorable.ts';

/** How far to search, and in which order. */
export interface ExploreOptions {
  /** Breadth first finds the shortest counterexamples; depth first needs far less memory. Breadth unless given. */
  readonly order?: 'breadth' | 'depth';
  /** Distinct states after which the search is given up; a million unless given. */
  readonly maxStates?: number;
  /** Length of the longest path; no limit unless given. */
  readonly maxDepth?: number;
  /**
   * 1: where an enabled action is marked ample, only the first such one is tried. The same laws break, but the shortest
   * counterexample may be a few steps longer, for it takes ample steps it does not need. 0 unless given.
   */
  readonly reduction?: 0 | 1;
  /** End the search at the first breach of any law (true) or of the named law. False unless given. */
  readonly stopAtFirst?: boolean | string;
  /** Kinds of actions that may happen but need not: where only these are enabled, a path may end too. None unless given. */
  readonly faultKinds?: readonly string[];
}

/** What a search found. Two searches of one model with the same options give the same result. */
export interface ExploreResult {
  /** Distinct states, the initial one included. */
  readonly states: number;
  /** Actions applied. Depth first under `maxDepth` may expand a state again, having found a shorter way to it. */
  readonly transitions: number;
  /** Distinct fingerprints of what a crash would leave; no reduction changes it. */
  readonly durableProjections: number;
  /** Every reachable state was seen: nothing was cut off by a limit or by stopping at a breach. */
  readonly emptied: boolean;
  /** For each broken law, in order of its id, the first of the shortest counterexamples met. */
  readonly violations: readonly Counterexample[];
  /** States by the length of the shortest path found to them. */
  readonly depths: readonly number[];
  /** Distinct states in which a path may end. */
  readonly endStates: number;
}

/** The record of one search, filled by `explore-breadth.ts` or `explore-depth.ts`. */
export class SearchRecord<State> {
  readonly visited: VisitedSet = new VisitedSet();
  readonly depths: number[] = [];
  transitions: number = 0;
  /** A limit cut something off. */
  truncated: boolean = false;
  /** No further action is to be applied: the table of states is full, or a wanted breach was found. */
  halted: boolean = false;
  readonly reduction: 0 | 1;
  readonly maxDepth: number;

  readonly #durable = new VisitedSet();
  readonly #violations = new Map<string, Counterexample>();
  readonly #model: Explorable<State>;
  readonly #maxStates: number;
  readonly #stopAtFirst: boolean | string;
  readonly #faultKinds: readonly string[];
  #endStates = 0;

  constructor(model: Explorable<State>, options: ExploreOptions) {
    this.#model = model;
    this.#maxStates = options.maxStates ?? 1_000_000;
    this.maxDepth = options.maxDepth ?? Infinity;
    this.reduction = options.reduction ?? 0;
    this.#stopAtFirst = options.stopAtFirst ?? false;
    this.#faultKinds = options.faultKinds ?? [];
  }

  /** Numbers a state: its number if it is new, `~number` (negative) if it is known, and halts when there is no room. */
  enter(state: State, depth: number): number {
    const print = this.#model.fingerprint(state);
    if (this.visited.size >= this.#maxStates) {
      const known = this.visited.indexOf(print);
      if (known < 0) {
        this.truncated = true;
        this.halted = true;
        return ~0;
      }
      return ~known;
    }
    const index = this.visited.add(print);
    if (index >= 0) {
      this.depths[depth] = (this.depths[depth] ?? 0) + 1;
      this.#durable.add(this.#model.durable(state));
    }
    return index;
  }

  /** A shorter path to a known state was found. */
  raise(from: number, to: number): void {
    this.depths[from]!--;
    this.depths[to] = (this.depths[to] ?? 0) + 1;
  }

  /** Applies an action to the state and notes what broke; `pathOf` gives the path with the action as its last step. */
  apply(state: State, action: SearchAction, pathOf: () => readonly string[]): void {
    this.transitions++;
    this.#note(this.#model.apply(state, action), pathOf);
  }

  /** Counts a state in which a path may end, and asks the laws that speak of ends. */
  reachEnd(state: State, actions: readonly SearchAction[], pathOf: () => readonly string[]): void {
    if (!mayEnd(actions, this.#faultKinds)) return;
    this.#endStates++;
    this.#note(this.#model.atEnd(state), pathOf);
  }

  result(): ExploreResult {
    return {
      states: this.visited.size,
      transitions: this.transitions,
      durableProjections: this.#durable.size,
      emptied: !this.truncated && !this.halted,
      violations: [...this.#violations.values()].sort((a, b) => (a.law < b.law ? -1 : 1)),
      depths: this.depths,
      endStates: this.#endStates,
    };
  }

  #note(found: readonly SearchViolation[], pathOf: () => readonly string[]): void {
    if (found.length === 0) return;
    const path = pathOf();
    for (const { law, facts } of found) {
      const shortest = this.#violations.get(law);
      if (shortest === undefined || path.length < shortest.path.length) this.#violations.set(law, { law, facts, path });
      if (this.#stopAtFirst === true || this.#stopAtFirst === law) this.halted = true;
    }
  }
}
