// What is soon applied, told to a model whose state does not fit the cache, so that it can read ahead.
import { ACTION } from './action-record.ts';
import type { EventQueue } from './queue.ts';

/** Actions that are applied soon: in the first `count` places of each list, what `apply` will be given. */
export interface Upcoming {
  count: number;
  kinds: Int32Array;
  actors: Int32Array;
  operands: Float64Array;
}

/**
 * Reads what applying these actions will read, and does nothing else: read for many in a row, it is brought from memory at the
 * same time, and is at hand when their turns come. What it returns is of no account.
 */
export type FetchAhead = (upcoming: Upcoming) => number;

const { reals: REALS, ints: INTS, a: A, kind: KIND, actor: ACTOR, loaded: LOADED } = ACTION;
const COUNT_AT_FIRST = 256;

/** Looks the slots up in the queue's records and shows `fetch` what stands in them. */
export function announcerOf(queue: EventQueue, fetch: FetchAhead): (slots: Int32Array) => number {
  let upcoming = upcomingFor(COUNT_AT_FIRST);
  return (slots) => {
    if (slots.length > upcoming.kinds.length) upcoming = upcomingFor(slots.length * 2);
    upcoming.count = slots.length;
    const { kinds, actors, operands } = upcoming;
    const { ints, reals } = queue;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      kinds[i] = ints[slot * INTS + KIND]! & ~LOADED;
      actors[i] = ints[slot * INTS + ACTOR]!;
      operands[i] = reals[slot * REALS + A]!;
    }
    return fetch(upcoming);
  };
}

function upcomingFor(actions: number): Upcoming {
  return {
    count: 0,
    kinds: new Int32Array(actions),
    actors: new Int32Array(actions),
    operands: new Float64Array(actions),
  };
}
