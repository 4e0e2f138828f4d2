// The loop of `runTimed` takes events out of the queue by itself: against the queue's own `pop`, one event at a time.
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { mix32 } from '../../sim/hash.ts';
import { runTimed } from '../../sim/timed.ts';
import { type Model, World } from '../../sim/world.ts';

interface Job {
  /** Events that are pending at the start. */
  readonly crowd: number;
  /** Delays are below: the fewer, the more events are due at once. */
  readonly delays: number;
  /** Actors that may lose what is pending for them. */
  readonly actors: number;
  /** Ranks are below: 1 leaves events that are due at once in the order they were posted. */
  readonly ranks: number;
  /** By how much later than drawn the events at the start are due; the digest adds times of more than 32 bits in another way. */
  readonly start: number;
  readonly salt: number;
}

/** Each event posts up to two others, by a hash of what it is; few of them end the incarnation of an actor. */
function made({ crowd, delays, actors, ranks, start, salt }: Job): { world: World; model: Model } {
  const world = new World(['one', 'other'], ranks === 1 ? null : (_kind, actor, nth) => mix32(actor, nth) % ranks);
  for (let i = 0; i < actors; i++) world.addActor(`actor ${i}`);
  const post = (hash: number, more = 0): void =>
    world.post(hash & 1, (hash >>> 1) % actors, ((hash >>> 8) % delays) + more, hash >>> 0);
  for (let i = 0; i < crowd; i++) post(mix32(salt, i), start);
  const model: Model = {
    apply(_kind, actor, a) {
      const hash = mix32(salt + 1, a);
      if (hash % 64 === 0) world.retire(actor);
      if (hash % 8 !== 0) post(mix32(salt + 2, a));
      if (hash % 8 === 1) post(mix32(salt + 3, a));
    },
  };
  return { world, model };
}

function answersOf({ now, events, order, queue }: World): unknown {
  return { now, events, order: order.hex(), ties: queue.ties, pending: queue.size };
}

const EVENTS = 2_000;

const jobs = fc.record({
  crowd: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 60, max: 3_000 })),
  delays: fc.constantFrom(1, 2, 30, 1_000, 2 ** 22),
  actors: fc.integer({ min: 1, max: 20 }),
  ranks: fc.constantFrom(1, 4),
  start: fc.constantFrom(0, 0, 0.5, 2 ** 40 + 2 ** 31),
  salt: fc.nat(),
});

test('the loop applies what the queue pops, and counts the same ties', () => {
  fc.assert(
    fc.property(jobs, fc.constantFrom(0, 17, 2 ** 20, Number.MAX_SAFE_INTEGER), (job, horizon) => {
      const looped = made(job);
      const ending = runTimed(looped.world, looped.model, horizon, { maxEvents: EVENTS });
      const popped = made(job);
      const { world, model } = popped;
      while (world.events < EVENTS && world.queue.peekDue() <= horizon) world.applySlot(world.queue.pop(), model);
      if (ending === 'horizon') world.now = horizon;
      expect(answersOf(looped.world)).toEqual(answersOf(world));
    }),
    { numRuns: 150 },
  );
});

test('without a horizon the loop ends when nothing is pending', () => {
  const { world, model } = made({ crowd: 100, delays: 30, actors: 3, ranks: 1, start: 0, salt: 1 });
  const quiet: Model = {
    apply: (kind, actor, a, b, payload) => void (a > 2 ** 31 && model.apply(kind, actor, a, b, payload)),
  };
  expect(runTimed(world, quiet, Infinity)).toBe('horizon');
  expect(world.queue.size).toBe(0);
});
