// The slow twin of the whole engine: a heap of objects, and a closure per event. It is how a simulator is written first; the
// oracle of the order of events, and the measure of the benchmark smoke (test/bench/smoke.mjs), which compiles this file and
// `object-heap.ts` alone.
import { ObjectHeap } from './object-heap.ts';

export class ClosureEngine {
  now: number = 0;
  events: number = 0;
  readonly #heap: ObjectHeap = new ObjectHeap();
  readonly #actions: (() => void)[] = [];
  readonly #free: number[] = [];

  /** Does `action` so much later; what is due at the same time is done in the order of these calls. */
  after(delay: number, action: () => void): void {
    const slot = this.#free.pop() ?? this.#actions.length;
    this.#actions[slot] = action;
    this.#heap.push(this.now + delay, 0, slot);
  }

  /** Runs until so many events were applied in all, or nothing is left. */
  run(eventsMax: number): void {
    while (this.events < eventsMax) {
      const slot = this.#heap.pop();
      if (slot < 0) return;
      this.now = this.#heap.poppedDue;
      this.events++;
      this.#free.push(slot);
      this.#actions[slot]!();
    }
  }
}
