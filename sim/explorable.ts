/**
 * A model that can be searched: states that fork cheaply, a canonical list of enabled actions with stable ids, and one
 * function that applies one of them. It is the same idea as `World`, for instances small enough that every order of
 * events can be tried; random runs, shrinking and exhaustive search all use this interface and nothing else.
 */

/** What may happen next. The id says what it is (`deliver:s0>join#3`), never at which position of the list it stands. */
export interface SearchAction {
  readonly id: string;
  /** Weight class for swarm runs: each run draws a weight per class, some near zero. */
  readonly kind: string;
  /**
   * True when the action touches only volatile state of one actor, commutes with every other enabled action, creates
   * nothing that outlives a crash, and stays enabled until taken: a search may take it alone (ample set of one).
   */
  readonly ample?: boolean;
}

/** Something that must not be, as ids and numbers. Sentences are made in reports/. */
export interface SearchViolation {
  readonly law: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** 64 bits as two unsigned 32-bit halves. */
export interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

export interface Explorable<State> {
  initial(): State;
  /** Canonical order, no duplicates; empty at the end of every path. */
  enabled(state: State): readonly SearchAction[];
  /** In place. Deterministic. The action must be enabled. Returns what broke at this step. */
  apply(state: State, action: SearchAction): readonly SearchViolation[];
  /** An independent copy; parts that are not written afterwards may be shared. */
  fork(state: State): State;
  /** Equal iff behaviourally equal. */
  fingerprint(state: State): Fingerprint;
  /** Fingerprint of what a crash leaves: durable state and surviving in-flight effects. */
  durable(state: State): Fingerprint;
  /** Laws that speak of the end of a path (quiescence): called where nothing is enabled any more. */
  atEnd(state: State): readonly SearchViolation[];
}
