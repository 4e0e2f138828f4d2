/**
 * Time as a chooser: of all pending actions the one due first is applied, until none is due before the horizon.
 * This loop is the discrete-event simulator; the file to read first.
 *
 * What it does with an action is what `EventQueue.pop`, `World.applySlot` and `RollingDigest.addAction` do, written out: an
 * engine inlines only so much into one function, and a call for each step of each event costs a fifth of the whole. Replays go
 * through `applySlot`, so that the tests which replay a run and compare its digests hold the two together
 * (test/sim/replay.test.ts), and test/sim/timed.test.ts pops them one by one, at times of more than 32 bits, too.
 */
import { ACTION } from './action-record.ts';
import { DIGEST_TRIPLE_MARK } from './digest.ts';
import { RECORD_LINK } from './queue.ts';
import type { Model, World } from './world.ts';

/** What a chooser may be asked to do besides running. */
export interface Watch {
  /** Called before an action is applied, with its slot. */
  readonly onAction?: ((slot: number) => void) | undefined;
  /** Called every `everyEvents` events. */
  readonly onBeat?: (() => void) | undefined;
  readonly everyEvents?: number;
  /** Stop after this many events in all. */
  readonly maxEvents?: number;
}

const { reals: REALS, ints: INTS, a: A, b: B, kind: KIND, actor: ACTOR, generation: GENERATION, nth: NTH } = ACTION;
const { free: FREE, loaded: LOADED } = ACTION;
const LINK = RECORD_LINK;
const TRIPLE_MARK = DIGEST_TRIPLE_MARK;
// Fewer bytecodes than through Math, and V8 inlines by their number.
const floor = Math.floor;
const imul = Math.imul;

/** Runs to the horizon (inclusive, µs). Returns why it ended; the clock then stands at the horizon unless events ran out. */
export function runTimed(world: World, model: Model, horizonMicros: number, watch: Watch = {}): 'horizon' | 'limit' {
  const { queue, order } = world;
  const { heap } = queue;
  const onAction = watch.onAction;
  const limit = watch.maxEvents ?? Infinity;
  const every = watch.onBeat === undefined ? Infinity : (watch.everyEvents ?? 65_536);
  let beat = world.events + every;
  // The head of an empty queue is due at Infinity, which is behind every horizon, Infinity too.
  const last = Math.min(horizonMicros, Number.MAX_VALUE);
  for (;;) {
    const { runDue } = queue;
    const { firstDue } = heap;
    if (!((runDue < firstDue ? runDue : firstDue) <= last)) break;
    // Before the pop: what is popped must be applied, or the world would have lost it.
    if (world.events >= limit) return 'limit';
    let slot = queue.run;
    if (runDue < firstDue) {
      const next = queue.ints[slot * INTS + LINK]!;
      queue.popped++;
      queue.poppedDue = runDue;
      queue.run = next;
      if (next >= 0) {
        const nextDue = queue.reals[next * REALS]!;
        queue.runDue = nextDue;
        if (nextDue === runDue) queue.ties++;
      } else {
        queue.runDue = Infinity;
        // What comes then is in another bucket, so it is due later: no tie.
        if (firstDue === Infinity) queue.advance();
      }
    } else slot = queue.pop();
    if (onAction !== undefined && world.isLive(slot)) onAction(slot);
    const { ints, reals } = queue;
    const at = slot * INTS;
    const kindAndLoad = ints[at + KIND]!;
    const actor = ints[at + ACTOR]!;
    if (ints[at + GENERATION] !== world.actors[actor * world.perActor]) {
      world.drop(slot);
      continue;
    }
    let { now } = world;
    const due = reals[slot * REALS]!;
    if (due > now) {
      now = due;
      world.now = due;
    }
    const kind = kindAndLoad & ~LOADED;
    const high = floor(now * 2 ** -32);
    if (now >= 0 && high * 2 ** 32 + (now >>> 0) === now) {
      // What `RollingDigest.addAction` does.
      let laneA = order.a ^ kind;
      let laneB = order.b ^ actor;
      laneB = imul(laneB ^ (laneB >>> 15), 0x735a2d97);
      laneA = (imul(laneA ^ (laneA >>> 16), 0x21f0aaad) + laneB) | 0;
      laneB ^= ((laneA << 11) | (laneA >>> 21)) ^ TRIPLE_MARK;
      laneA ^= ints[at + NTH]!;
      laneB = imul(laneB ^ (laneB >>> 15), 0x735a2d97);
      laneA = (imul(laneA ^ (laneA >>> 16), 0x21f0aaad) + laneB) | 0;
      laneB ^= ((laneA << 11) | (laneA >>> 21)) ^ high;
      laneA ^= now | 0;
      laneB = imul(laneB ^ (laneB >>> 15), 0x735a2d97);
      laneA = (imul(laneA ^ (laneA >>> 16), 0x21f0aaad) + laneB) | 0;
      order.a = laneA;
      order.b = laneB ^ ((laneA << 11) | (laneA >>> 21));
    } else order.addAction(kind, actor, ints[at + NTH]!, now);
    const a = reals[slot * REALS + A]!;
    const b = reals[slot * REALS + B]!;
    let payload: unknown = null;
    if (kindAndLoad !== kind) {
      payload = world.payload[slot];
      world.payload[slot] = null;
    }
    ints[at + KIND] = FREE;
    ints[at + ACTOR] = world.free;
    world.free = slot;
    const events = world.events + 1;
    world.events = events;
    model.apply(kind, actor, a, b, payload);
    if (events >= beat) {
      beat = events + every;
      watch.onBeat?.();
    }
  }
  world.now = horizonMicros;
  return 'horizon';
}
