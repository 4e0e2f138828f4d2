/**
 * The states a search has seen, as fingerprints of 64 bits: a growing list of them in the order seen, and an
 * open-addressing table of places in that list. About 16 bytes a state, no object per state.
 */
import type { Fingerprint } from './explorable.ts';
import { mix32 } from './hash.ts';

/** A set of fingerprints that numbers its members in the order they were added. */
export class VisitedSet {
  #size = 0;
  #high: Uint32Array = new Uint32Array(64);
  #low: Uint32Array = new Uint32Array(64);
  /** Place in the list plus one, 0 for none. A power of two, at most three quarters full, so a probe always ends. */
  #table: Uint32Array = new Uint32Array(128);

  /** How many distinct fingerprints were added. */
  get size(): number {
    return this.#size;
  }

  /** The number of a fingerprint, or -1. */
  indexOf(print: Fingerprint): number {
    return this.#table[this.#slot(print.high, print.low)]! - 1;
  }

  /** Adds a fingerprint: its new number if it is new, otherwise `~number` of the one that was there (negative). */
  add(print: Fingerprint): number {
    const slot = this.#slot(print.high, print.low);
    const place = this.#table[slot]!;
    if (place !== 0) return ~(place - 1);
    const index = this.#size++;
    if (index === this.#high.length) {
      this.#high = doubled(this.#high);
      this.#low = doubled(this.#low);
    }
    this.#high[index] = print.high;
    this.#low[index] = print.low;
    this.#table[slot] = this.#size;
    if (this.#size * 4 > this.#table.length * 3) this.#grow();
    return index;
  }

  /** The fingerprint with this number, from 0 to `size` - 1. */
  at(index: number): Fingerprint {
    return { high: this.#high[index]!, low: this.#low[index]! };
  }

  /** Where the fingerprint stands in the table, or the free slot where it belongs. */
  #slot(high: number, low: number): number {
    const mask = this.#table.length - 1;
    // A model's own fingerprints may be poor, such as small counters; mixing spreads those too.
    let slot = mix32(high, low) & mask;
    for (;;) {
      const place = this.#table[slot]!;
      if (place === 0) return slot;
      if (this.#low[place - 1] === low >>> 0 && this.#high[place - 1] === high >>> 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let i = 0; i < this.#size; i++) this.#table[this.#slot(this.#high[i]!, this.#low[i]!)] = i + 1;
  }
}

function doubled(words: Uint32Array): Uint32Array {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}
