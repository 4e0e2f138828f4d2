/**
 * The frontier of a breadth-first search: the states of one level, those of the next, and for every state ever pushed
 * the number of its parent and the action that led here, so that a path is read backwards instead of kept. States are
 * numbered in the order pushed; a level is a run of numbers, and going back a level is going to a smaller number.
 */

/** Two levels of states, and the way to every state seen so far. */
export class Frontier<State> {
  #level: (State | undefined)[] = [];
  #next: State[] = [];
  /** Number of the first state of the level being expanded. */
  #start = 0;
  #count = 0;
  #parents: Int32Array = new Int32Array(64);
  #actions: Uint32Array = new Uint32Array(64);
  readonly #ids: string[] = [];
  readonly #numberOfId = new Map<string, number>();

  /** States in the level being expanded. */
  get width(): number {
    return this.#level.length;
  }

  /** Number of the first state of the next level; a state with a smaller number is no deeper than those being expanded. */
  get nextStart(): number {
    return this.#start + this.#level.length;
  }

  /** Adds a state to the next level; `parent` is the number of the state it came from, -1 for none. */
  push(state: State, parent: number, actionId: string): void {
    if (this.#count === this.#parents.length) {
      const [parents, actions] = [this.#parents, this.#actions];
      this.#parents = new Int32Array(this.#count * 2);
      this.#parents.set(parents);
      this.#actions = new Uint32Array(this.#count * 2);
      this.#actions.set(actions);
    }
    this.#parents[this.#count] = parent;
    this.#actions[this.#count] = this.#intern(actionId);
    this.#count++;
    this.#next.push(state);
  }

  /** Goes to the next level; false when it is empty. */
  advance(): boolean {
    this.#start += this.#level.length;
    this.#level = this.#next;
    this.#next = [];
    return this.#level.length > 0;
  }

  /** Hands over the state at a place of the level; the frontier forgets it, so that its memory can be used again. */
  take(place: number): State {
    const state = this.#level[place] as State;
    this.#level[place] = undefined;
    return state;
  }

  /** Number of the state at a place of the level. */
  numberOf(place: number): number {
    return this.#start + place;
  }

  /** The ids of the actions from the initial state to the state with this number. */
  pathTo(number: number): string[] {
    const path: string[] = [];
    for (let at = number; this.#parents[at]! >= 0; at = this.#parents[at]!) path.push(this.#ids[this.#actions[at]!]!);
    return path.reverse();
  }

  #intern(id: string): number {
    const known = this.#numberOfId.get(id);
    if (known !== undefined) return known;
    this.#numberOfId.set(id, this.#ids.length);
    return this.#ids.push(id) - 1;
  }
}
