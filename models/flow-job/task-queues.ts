/**
 * A first-in first-out queue for each task. Nearly all of them are empty at nearly all times: an empty one costs two integers,
 * an element a place in a list that all share.
 */
export class TaskQueues<T> {
  /** By task: places of the first and of the last element; -1: none. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** By place: the element, and the place of the next one. Free places are linked as well. */
  readonly #elements: (T | undefined)[] = [];
  readonly #next: number[] = [];
  #free: number = -1;

  constructor(tasks: number) {
    this.#first = new Int32Array(tasks).fill(-1);
    this.#last = new Int32Array(tasks).fill(-1);
  }

  push(task: number, element: T): void {
    let place = this.#free;
    if (place < 0) place = this.#elements.length;
    else this.#free = this.#next[place]!;
    this.#elements[place] = element;
    this.#next[place] = -1;
    const last = this.#last[task]!;
    if (last < 0) this.#first[task] = place;
    else this.#next[last] = place;
    this.#last[task] = place;
  }

  /** Takes out the first element; undefined: there is none. */
  shift(task: number): T | undefined {
    const place = this.#first[task]!;
    if (place < 0) return undefined;
    const element = this.#elements[place];
    const next = this.#next[place]!;
    this.#first[task] = next;
    if (next < 0) this.#last[task] = -1;
    this.#elements[place] = undefined;
    this.#next[place] = this.#free;
    this.#free = place;
    return element;
  }

  /** The elements of one task, first to last. */
  of(task: number): T[] {
    const elements: T[] = [];
    for (let place = this.#first[task]!; place >= 0; place = this.#next[place]!)
      elements.push(this.#elements[place] as T);
    return elements;
  }

  clear(task: number): void {
    while (this.#first[task]! >= 0) this.shift(task);
  }
}
