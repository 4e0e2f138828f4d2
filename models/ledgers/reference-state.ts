/**
 * The truth to compare with: what the state of a task would be had every input been folded exactly once, in order, with
 * no store, cache, changelog or crash in between. It moves forward with the offsets it is asked for, so that checking
 * every restore costs one extra fold of each record; asked for an earlier cut, it folds again from the start.
 */
import { DEDUP_WINDOW, type KeyedState, type RecordContent, emptyState, fold } from '../logic.ts';
import type { JobLogic } from '../plan.ts';
import type { RecordLedger } from './record-ledger.ts';

export interface StateDifference {
  readonly keys: number;
  /** Sum over keys of how far the count is above, and below, the reference. */
  readonly over: number;
  readonly under: number;
  readonly wrongKeys: number;
  /** The first key that differs, or -1. */
  readonly firstKey: number;
}

export class ReferenceState {
  readonly #logic: JobLogic;
  readonly #content: RecordContent;
  readonly #ledgers: readonly RecordLedger[];
  readonly #state: KeyedState;
  /** Per SSP: the offset up to which (exclusive) inputs are folded; -1: none yet. */
  readonly #upTo: Float64Array;

  constructor(logic: JobLogic, content: RecordContent, ledgers: readonly RecordLedger[]) {
    this.#logic = logic;
    this.#content = content;
    this.#ledgers = ledgers;
    this.#state = emptyState(content.keys);
    this.#upTo = new Float64Array(ledgers.length).fill(-1);
  }

  /** The fold of the processed inputs with offset <= last[i] on SSP i; -1 for none. The result is overwritten by the next call. */
  at(last: readonly number[] | Float64Array): KeyedState {
    for (let i = 0; i < this.#ledgers.length; i++) {
      if ((last[i] as number) + 1 < (this.#upTo[i] as number)) {
        this.#restart();
        break;
      }
    }
    for (let i = 0; i < this.#ledgers.length; i++) this.#advance(i, (last[i] as number) + 1);
    return this.#state;
  }

  #restart(): void {
    this.#state.count.fill(0);
    this.#state.mix.fill(0);
    this.#upTo.fill(-1);
  }

  #advance(i: number, to: number): void {
    const ledger = this.#ledgers[i] as RecordLedger;
    if (ledger.base < 0) return;
    let offset = Math.max(this.#upTo[i] as number, ledger.base);
    // Records that were passed over are in no state; the run of processed ones is nearly always one interval.
    let sureUpTo = offset;
    for (; offset < to; offset++) {
      if (offset >= sureUpTo) {
        sureUpTo = ledger.seen.prefixEnd(offset);
        if (sureUpTo <= offset) continue;
      }
      const hash = this.#content.hash(ledger.ssp, offset);
      fold(this.#logic, this.#state, this.#content.key(hash), hash, offset);
    }
    this.#upTo[i] = Math.max(this.#upTo[i] as number, offset);
  }
}

/** How `state` differs from `reference`, key by key. */
export function compareStates(state: KeyedState, reference: KeyedState): StateDifference {
  let keys = 0;
  let over = 0;
  let under = 0;
  let wrongKeys = 0;
  let firstKey = -1;
  for (let key = 0; key < state.count.length; key++) {
    const difference = (state.count[key] as number) - (reference.count[key] as number);
    if (reference.count[key] !== 0 || reference.mix[key] !== 0) keys++;
    if (difference > 0) over += difference;
    if (difference < 0) under -= difference;
    if (difference !== 0 || state.mix[key] !== reference.mix[key]) {
      wrongKeys++;
      if (firstKey < 0) firstKey = key;
    }
  }
  return { keys, over, under, wrongKeys, firstKey };
}

/** Which records of a deduplicating job owe an output: the first of their key in each window of offsets. */
export class OwedOutputs {
  readonly #content: RecordContent;
  readonly #ssp: number;
  readonly #first: Float64Array;
  #next: number = 0;

  constructor(content: RecordContent, ssp: number) {
    this.#content = content;
    this.#ssp = ssp;
    this.#first = new Float64Array(content.keys).fill(-1);
  }

  owes(offset: number): boolean {
    const windowStart = offset - (offset % DEDUP_WINDOW);
    if (windowStart > this.#next) this.#next = windowStart;
    for (; this.#next <= offset; this.#next++) {
      const key = this.#keyAt(this.#next);
      if ((this.#first[key] as number) < this.#next - (this.#next % DEDUP_WINDOW)) this.#first[key] = this.#next;
    }
    const key = this.#keyAt(offset);
    if ((this.#first[key] as number) < windowStart + DEDUP_WINDOW) return this.#first[key] === offset;
    // A replay from an earlier window than the newest: look again.
    for (let o = windowStart; o < offset; o++) if (this.#keyAt(o) === key) return false;
    return true;
  }

  #keyAt(offset: number): number {
    return this.#content.key(this.#content.hash(this.#ssp, offset));
  }
}
