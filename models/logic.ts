/**
 * What user code does with a record, as a pure fold over (count, mix) per key. `count` is the value a user would look at,
 * `mix` a fingerprint of which records went into it, so that a lost and a doubled update cannot cancel out.
 * Keys and contents of records are functions of (seed, stream, partition, offset): a log never stores them, and any
 * prefix can be folded again by a checker.
 */
import { hash32, portablePow } from '../sim/index.ts';
import type { JobLogic } from './plan.ts';

/** Two integer columns, one cell per key of the task. Absent keys are (0, 0). */
export interface KeyedState {
  readonly count: Int32Array;
  readonly mix: Int32Array;
}

export function emptyState(keys: number): KeyedState {
  return { count: new Int32Array(keys), mix: new Int32Array(keys) };
}

/** Deduplication remembers a key for this many offsets of its partition (an alert at most once per window). */
export const DEDUP_WINDOW = 1024;

/** What the record at an offset is: a pure function of its place. */
export class RecordContent {
  readonly keys: number;
  readonly #seed: number;
  /** Alias table (Walker): key popularity by Zipf; empty for uniform keys. */
  readonly #threshold: Float64Array;
  readonly #alias: Int32Array;

  /** `keys` per partition, popularity falling as rank^-skew. */
  constructor(seed: number, keys: number, skew: number) {
    this.keys = keys;
    this.#seed = seed;
    this.#threshold = new Float64Array(skew > 0 ? keys : 0);
    this.#alias = new Int32Array(skew > 0 ? keys : 0);
    if (skew > 0) this.#buildAlias(skew);
  }

  /** 32 bits that identify the record. */
  hash(ssp: number, offset: number): number {
    return hash32(this.#seed, ssp, offset) | 0;
  }

  /** Key index of a record with this hash, in [0, keys). */
  key(hash: number): number {
    const h = hash >>> 0;
    if (this.#threshold.length === 0) return h % this.keys;
    const scaled = (h / 4_294_967_296) * this.keys;
    const slot = Math.floor(scaled);
    return scaled - slot < (this.#threshold[slot] as number) ? slot : (this.#alias[slot] as number);
  }

  #buildAlias(skew: number): void {
    const n = this.keys;
    const weight = Float64Array.from({ length: n }, (_, rank) => portablePow(rank + 1, -skew));
    let sum = 0;
    for (const w of weight) sum += w;
    const small: number[] = [];
    const large: number[] = [];
    for (let k = 0; k < n; k++) {
      weight[k] = ((weight[k] as number) * n) / sum;
      ((weight[k] as number) < 1 ? small : large).push(k);
    }
    while (small.length > 0 && large.length > 0) {
      const s = small.pop() as number;
      const l = large.at(-1) as number;
      this.#threshold[s] = weight[s] as number;
      this.#alias[s] = l;
      weight[l] = (weight[l] as number) - (1 - (weight[s] as number));
      if (weight[l] < 1) small.push(large.pop() as number);
    }
    for (const k of small.concat(large)) this.#threshold[k] = 1;
  }
}

/**
 * Folds the record into the state in place. Returns bit 0: an output is emitted; bit 1: the key's value changed.
 * `offset` matters to `dedup` only, whose memory of a key lasts one window.
 */
export function fold(logic: JobLogic, state: KeyedState, key: number, hash: number, offset: number): number {
  switch (logic) {
    case 'stateless':
      return 1;
    case 'count':
      state.count[key] = (state.count[key] as number) + 1;
      state.mix[key] = ((state.mix[key] as number) + hash) | 0;
      return 3;
    case 'dedup': {
      const window = Math.floor(offset / DEDUP_WINDOW) + 1;
      if ((state.count[key] as number) >= window) return 0;
      state.count[key] = window;
      state.mix[key] = hash;
      return 3;
    }
    case 'match':
      // Sides by the hash's top bit; count is the signed resting quantity, mix the order-sensitive history.
      state.count[key] = (state.count[key] as number) + (hash < 0 ? -1 : 1);
      state.mix[key] = (Math.imul(state.mix[key] as number, 31) + hash) | 0;
      return 3;
  }
}
