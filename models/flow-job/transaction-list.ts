/**
 * The transactions of all sinks, by number. One that is over, and that nobody can commit or abort any more, is forgotten but
 * for what it came to: so memory follows the transactions under way, not simulated time.
 */
import { mix32 } from '../../sim/index.ts';
import type { JobTransaction } from './transactions.ts';

/** Below this many forgotten places at the front, moving the rest costs more than the places. */
const FORGOTTEN_MIN = 64;

/** Whose it is, and what becomes of it. */
export type TransactionFate = Pick<JobTransaction, 'task' | 'attempt' | 'checkpoint' | 'status'>;

/** How transactions ended: how many, and a sum over all that was known of each, whatever the order. */
export interface TransactionEnds {
  committed: number;
  aborted: number;
  sum: number;
}

/** Counts one that has ended among the others. */
export function addEnd(ends: TransactionEnds, id: number, transaction: TransactionFate): void {
  const { task, attempt, checkpoint, status } = transaction;
  if (status !== 'committed' && status !== 'aborted') throw new Error(`transaction ${id} is ${status}`);
  ends[status]++;
  const known = mix32(mix32(id, task), mix32(attempt, checkpoint));
  ends.sum = (ends.sum + mix32(known, Number(status === 'committed'))) | 0;
}

export class TransactionList {
  readonly ends: TransactionEnds = { committed: 0, aborted: 0, sum: 0 };
  /** The first has the number `#from`; null: it is forgotten, and so are all before `#first`. */
  #list: (JobTransaction | null)[] = [];
  #from: number = 0;
  #first: number = 0;

  /** How many were ever opened: the number of the next one. */
  get opened(): number {
    return this.#from + this.#list.length;
  }

  /** Places that are taken, those of forgotten ones among them. */
  get places(): number {
    return this.#list.length;
  }

  /** Adds one and returns its number. */
  add(transaction: JobTransaction): number {
    return this.#from + this.#list.push(transaction) - 1;
  }

  /** The transaction, or null when it is forgotten. */
  get(id: number): JobTransaction | null {
    return this.#list[id - this.#from] ?? null;
  }

  /** It is over for good. */
  forget(id: number): void {
    const transaction = this.get(id);
    if (transaction === null) return;
    addEnd(this.ends, id, transaction);
    this.#list[id - this.#from] = null;
    while (this.#list[this.#first] === null) this.#first++;
    if (this.#first < FORGOTTEN_MIN || this.#first * 2 < this.#list.length) return;
    this.#list = this.#list.slice(this.#first);
    this.#from += this.#first;
    this.#first = 0;
  }

  /** Visits those that are not forgotten, oldest first. */
  forEach(visit: (transaction: JobTransaction, id: number) => void): void {
    this.#list.forEach((transaction, at) => {
      if (transaction !== null) visit(transaction, this.#from + at);
    });
  }
}
