/**
 * The world: actors, and the actions that are pending for them. An action says what may happen next (a message lands,
 * an upload ends, a timer fires); applying it is the model's business. The world is untimed: the due time of an action
 * only tells the timed chooser which one to take first, and a replay may take any other.
 *
 * The one rule behind crashes: an action is addressed to an actor, and dies with that actor's incarnation. What must
 * outlive a crashed sender (an append on the wire, an upload under way) is addressed to what it acts on, so it lands.
 *
 * Pending actions live in struct-of-arrays slots; posting and applying allocate nothing.
 */
import { ACTION } from './action-record.ts';
import { RollingDigest } from './digest.ts';
import { EventQueue } from './queue.ts';
import { type FetchAhead, announcerOf } from './upcoming.ts';

/** Applies actions: the whole of what is simulated. Must be deterministic and may post further actions. */
export interface Model {
  apply(kind: number, actor: number, a: number, b: number, payload: unknown): void;
}

/** Ranks an action among those due at the same microsecond; smaller goes first. Whole numbers below 2^20. */
export type TieRank = (kind: number, actor: number, nth: number) => number;

const COMPACT_FROM = 1024;
/** A handle is stamp * SLOTS + slot; the stamp, of the queue's sequence, tells an action from an earlier one in the same slot. */
const SLOTS = 2 ** 26;
const STAMPS = 2 ** 27;
const SLOTS_AT_FIRST = 256;
// What is imported is read from memory at each use; a constant of this file is not.
const { reals: REALS, ints: INTS, a: A, b: B, kind: KIND, actor: ACTOR, generation: GENERATION, nth: NTH } = ACTION;
const { free: FREE, cancelled: CANCELLED, loaded: LOADED } = ACTION;
/** In a free slot, where the next one is. */
const LINK = ACTOR;

/** Actors, pending actions and the clock of one run. */
export class World {
  /** Simulated time, µs: the due time of the action being applied. */
  now: number = 0;
  /** Actions applied so far. */
  events: number = 0;
  readonly queue: EventQueue = new EventQueue(SLOTS_AT_FIRST);
  /** Which actions were applied, when, in which order. */
  readonly order: RollingDigest = new RollingDigest();
  /** Fed by the model with every change of simulated state. */
  readonly state: RollingDigest = new RollingDigest();
  /** Fed by the model with every charge of time or bytes. */
  readonly cost: RollingDigest = new RollingDigest();

  private readonly kindNames: readonly string[];
  /** By actor: its incarnation, then how many actions of each kind were posted for it. */
  actors: Int32Array;
  /** Integers an actor has in `actors`. */
  readonly perActor: number;
  private readonly rank: TieRank | null;
  private readonly actorNames: string[] = [];
  /** By slot; null: none. */
  readonly payload: unknown[] = Array.from({ length: SLOTS_AT_FIRST }, () => null);
  /** First free slot; each links to the next, -1 at the end. */
  free: number = 0;
  private cancelled: number = 0;

  /** `kindNames[k]` is the word for actions of kind k, as it stands in action ids. */
  constructor(kindNames: readonly string[], rank: TieRank | null = null) {
    this.kindNames = kindNames;
    this.perActor = 1 + kindNames.length;
    this.rank = rank;
    this.actors = new Int32Array(64 * this.perActor);
    this.linkFree(0);
  }

  /** Adds an actor; names are what ids and traces show and must be unique. */
  addActor(name: string): number {
    const actor = this.actorNames.length;
    this.actorNames.push(name);
    if (actor * this.perActor >= this.actors.length) this.reserveActors(actor * 2);
    return actor;
  }

  /** Makes room for so many actors in all, and no more: for who knows beforehand how many will come. */
  reserveActors(actors: number): void {
    const integers = actors * this.perActor;
    if (integers <= this.actors.length) return;
    const larger = new Int32Array(integers);
    larger.set(this.actors);
    this.actors = larger;
  }

  /** For models whose state does not fit the cache: calls `fetch` with what is soon applied, once many actions are pending. */
  fetchAhead(fetch: FetchAhead): void {
    this.queue.announce(announcerOf(this.queue, fetch));
  }

  actorName(actor: number): string {
    return this.actorNames[actor] as string;
  }

  /** Ends the actor's incarnation: everything pending for it is dropped, and its name serves the next incarnation. */
  retire(actor: number): void {
    this.actors[actor * this.perActor]!++;
  }

  /** Makes an action pending `delayMicros` (whole, >= 0) from now. */
  post(kind: number, actor: number, delayMicros: number, a: number = 0, b: number = 0, payload: unknown = null): void {
    if (!(delayMicros >= 0) || this.free < 0) this.prepare(kind, delayMicros);
    const slot = this.free;
    const { queue, actors } = this;
    const of = actor * this.perActor;
    const nth = actors[of + 1 + kind]!;
    actors[of + 1 + kind] = nth + 1;
    const { ints, reals } = queue;
    const at = slot * INTS;
    this.free = ints[at + LINK]!;
    ints[at + KIND] = kind;
    ints[at + ACTOR] = actor;
    ints[at + GENERATION] = actors[of]!;
    ints[at + NTH] = nth;
    reals[slot * REALS + A] = a;
    reals[slot * REALS + B] = b;
    if (payload !== null) this.load(slot, payload);
    if (this.rank === null) queue.add(this.now + delayMicros, slot);
    else this.pushRanked(slot, delayMicros, this.rank);
  }

  private pushRanked(slot: number, delayMicros: number, rank: TieRank): void {
    const { ints } = this.queue;
    const at = slot * INTS;
    this.queue.push(this.now + delayMicros, rank(ints[at + KIND]! & ~LOADED, ints[at + ACTOR]!, ints[at + NTH]!), slot);
  }

  /** Refuses what cannot be posted, and makes slots when there are none. */
  private prepare(kind: number, delayMicros: number): void {
    if (!(delayMicros >= 0)) throw new Error(`action ${this.kindNames[kind]} posted with delay ${delayMicros} µs`);
    this.free = this.grownSlots();
  }

  /** Posts an action that may be taken back, and returns the handle to `cancel` it by. */
  postCancellable(
    kind: number,
    actor: number,
    delayMicros: number,
    a: number = 0,
    b: number = 0,
    payload: unknown = null,
  ): number {
    if (this.free < 0) this.free = this.grownSlots();
    const slot = this.free;
    this.post(kind, actor, delayMicros, a, b, payload);
    return this.stampOf(slot) * SLOTS + slot;
  }

  /** Takes back a pending action; one that has been applied, dropped or cancelled already is left alone. */
  cancel(handle: number): void {
    const slot = handle % SLOTS;
    const at = slot * INTS;
    if (this.stampOf(slot) !== Math.floor(handle / SLOTS)) return;
    // The slot may be free, but then nothing live stands in it.
    const { ints } = this.queue;
    if (ints[at + KIND] === FREE || ints[at + GENERATION] === CANCELLED) return;
    ints[at + GENERATION] = CANCELLED;
    this.payload[slot] = null;
    this.cancelled++;
    if (this.cancelled > COMPACT_FROM && this.cancelled * 2 > this.queue.size) this.compact();
  }

  /** True when the slot's action may still be applied: not cancelled, and its actor's incarnation lives. */
  isLive(slot: number): boolean {
    const ints = this.queue.ints;
    const at = slot * INTS;
    return ints[at + GENERATION] === this.actors[ints[at + ACTOR]! * this.perActor];
  }

  /** Frees a slot that was taken out of the queue and is not live. */
  drop(slot: number): void {
    if (this.queue.ints[slot * INTS + GENERATION] === CANCELLED) this.cancelled--;
    this.payload[slot] = null;
    this.release(slot);
  }

  /** Tells an action from the others that are or were in its slot. */
  private stampOf(slot: number): number {
    return this.queue.sequenceOf(slot) % STAMPS;
  }

  private load(slot: number, payload: unknown): void {
    this.payload[slot] = payload;
    this.queue.ints[slot * INTS + KIND]! |= LOADED;
  }

  private release(slot: number): void {
    const at = slot * INTS;
    this.queue.ints[at + KIND] = FREE;
    this.queue.ints[at + LINK] = this.free;
    this.free = slot;
  }

  /**
   * Applies an action that was taken out of the queue, or drops it and returns false when it may not be applied any more.
   * Time never runs backwards, whatever the chooser.
   */
  applySlot(slot: number, model: Model): boolean {
    const { ints, reals } = this.queue;
    const at = slot * INTS;
    const kindAndLoad = ints[at + KIND]!;
    const actor = ints[at + ACTOR]!;
    if (ints[at + GENERATION] !== this.actors[actor * this.perActor]) {
      this.drop(slot);
      return false;
    }
    const due = this.queue.dueOf(slot);
    if (due > this.now) this.now = due;
    const kind = kindAndLoad & ~LOADED;
    this.order.addAction(kind, actor, ints[at + NTH]!, this.now);
    this.events++;
    const a = reals[slot * REALS + A]!;
    const b = reals[slot * REALS + B]!;
    let payload: unknown = null;
    if (kindAndLoad !== kind) {
      payload = this.payload[slot];
      this.payload[slot] = null;
    }
    this.release(slot);
    model.apply(kind, actor, a, b, payload);
    return true;
  }

  /** The stable id of a pending action: kind, actor and how many of the kind were posted for the actor before it. */
  actionId(slot: number): string {
    const at = slot * INTS;
    const ints = this.queue.ints;
    return `${this.kindNames[ints[at + KIND]! & ~LOADED]}:${this.actorNames[ints[at + ACTOR]!]}#${ints[at + NTH]}`;
  }

  dueOf(slot: number): number {
    return this.queue.dueOf(slot);
  }

  /** What a trace needs of a pending action. */
  peek(slot: number): { kind: number; actor: number; a: number; b: number; payload: unknown } {
    const { ints, reals } = this.queue;
    return {
      kind: ints[slot * INTS + KIND]! & ~LOADED,
      actor: ints[slot * INTS + ACTOR]!,
      a: reals[slot * REALS + A]!,
      b: reals[slot * REALS + B]!,
      payload: this.payload[slot],
    };
  }

  /** Ids of everything that could be applied next, sorted by text: the untimed view of the world. */
  enabled(): string[] {
    const ids: string[] = [];
    this.queue.forEach((slot) => {
      if (this.isLive(slot)) ids.push(this.actionId(slot));
    });
    return ids.toSorted();
  }

  /** Takes the live action with this id out of the queue and returns its slot; -1 when it is not enabled. */
  take(id: string): number {
    let found = -1;
    this.queue.forEach((slot) => {
      if (found < 0 && this.isLive(slot) && this.actionId(slot) === id) found = slot;
    });
    if (found >= 0) this.queue.filter((slot) => slot !== found);
    return found;
  }

  private compact(): void {
    const dropped: number[] = [];
    this.queue.filter((slot) => {
      if (this.isLive(slot)) return true;
      dropped.push(slot);
      return false;
    });
    for (const slot of dropped) this.drop(slot);
  }

  /** Makes twice as many slots and returns the first free one. */
  private grownSlots(): number {
    const old = this.payload.length;
    this.queue.reserve(old * 2);
    for (let slot = old; slot < old * 2; slot++) this.payload.push(null);
    this.linkFree(old);
    return old;
  }

  /** Makes a chain of free slots, from this one to the last. */
  private linkFree(from: number): void {
    const slots = this.payload.length;
    for (let slot = from; slot < slots; slot++) {
      this.queue.ints[slot * INTS + KIND] = FREE;
      this.queue.ints[slot * INTS + LINK] = slot + 1 < slots ? slot + 1 : -1;
    }
    this.free = from;
  }
}
