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
import { RollingDigest } from './digest.ts';
import { EventQueue } from './queue.ts';

/** Applies actions: the whole of what is simulated. Must be deterministic and may post further actions. */
export interface Model {
  apply(kind: number, actor: number, a: number, b: number, payload: unknown): void;
}

/** Ranks an action among those due at the same microsecond; smaller goes first. Whole numbers below 2^20. */
export type TieRank = (kind: number, actor: number, nth: number) => number;

/** In place of a kind: an action that was taken back, and a slot in which none stands. */
const CANCELLED = -1;
const FREE = -2;
const COMPACT_FROM = 1024;
/** A handle is stamp * SLOTS + slot; the stamp tells an action from an earlier one in the same slot. */
const SLOTS = 2 ** 26;
const STAMPS = 2 ** 27;
const SLOTS_AT_FIRST = 256;
/** A slot is three reals, then six integers: 48 bytes. */
const SLOT_REALS = 6;
const DUE = 0;
const A = 1;
const B = 2;
const SLOT_INTS = 12;
const KIND = 6;
const ACTOR = 7;
const GENERATION = 8;
const STAMP = 9;
const NTH = 10;
const LINK = 11;

/** Actors, pending actions and the clock of one run. */
export class World {
  /** Simulated time, µs: the due time of the action being applied. */
  now: number = 0;
  /** Actions applied so far. */
  events: number = 0;
  readonly queue: EventQueue = new EventQueue();
  /** Which actions were applied, when, in which order. */
  readonly order: RollingDigest = new RollingDigest();
  /** Fed by the model with every change of simulated state. */
  readonly state: RollingDigest = new RollingDigest();
  /** Fed by the model with every charge of time or bytes. */
  readonly cost: RollingDigest = new RollingDigest();

  readonly #kindNames: readonly string[];
  readonly #rank: TieRank | null;
  readonly #actorNames: string[] = [];
  #generation: Int32Array = new Int32Array(64);
  #counters: Int32Array;
  /**
   * The slots: pending actions, a record each, so that an action touches one cache line and not a dozen. `ints` and
   * `reals` are two views of one buffer.
   */
  #ints: Int32Array = new Int32Array(SLOT_INTS * SLOTS_AT_FIRST);
  #reals: Float64Array = new Float64Array(this.#ints.buffer);
  #payload: unknown[] = Array.from({ length: SLOTS_AT_FIRST }, () => null);
  /** First free slot; each links to the next, -1 at the end. */
  #free: number = 0;
  #cancelled: number = 0;

  /** `kindNames[k]` is the word for actions of kind k, as it stands in action ids. */
  constructor(kindNames: readonly string[], rank: TieRank | null = null) {
    this.#kindNames = kindNames;
    this.#rank = rank;
    this.#counters = new Int32Array(64 * kindNames.length);
    this.#linkFree(0);
  }

  /** Adds an actor; names are what ids and traces show and must be unique. */
  addActor(name: string): number {
    const actor = this.#actorNames.length;
    this.#actorNames.push(name);
    if (actor >= this.#generation.length) {
      const generation = new Int32Array(this.#generation.length * 2);
      generation.set(this.#generation);
      this.#generation = generation;
      const counters = new Int32Array(this.#counters.length * 2);
      counters.set(this.#counters);
      this.#counters = counters;
    }
    return actor;
  }

  actorName(actor: number): string {
    return this.#actorNames[actor] as string;
  }

  /** Ends the actor's incarnation: everything pending for it is dropped, and its name serves the next incarnation. */
  retire(actor: number): void {
    this.#generation[actor] = (this.#generation[actor] as number) + 1;
  }

  /** Makes an action pending `delayMicros` (whole, >= 0) from now and returns a handle to cancel it by. */
  post(
    kind: number,
    actor: number,
    delayMicros: number,
    a: number = 0,
    b: number = 0,
    payload: unknown = null,
  ): number {
    if (!(delayMicros >= 0)) throw new Error(`action ${this.#kindNames[kind]} posted with delay ${delayMicros} µs`);
    if (this.#free < 0) this.#growSlots();
    const slot = this.#free;
    const counter = actor * this.#kindNames.length + kind;
    const nth = this.#counters[counter] as number;
    this.#counters[counter] = nth + 1;
    const ints = this.#ints;
    const at = slot * SLOT_INTS;
    this.#free = ints[at + LINK]!;
    const stamp = (ints[at + STAMP]! + 1) % STAMPS;
    ints[at + KIND] = kind;
    ints[at + ACTOR] = actor;
    ints[at + GENERATION] = this.#generation[actor] as number;
    ints[at + STAMP] = stamp;
    ints[at + NTH] = nth;
    const due = this.now + delayMicros;
    const reals = this.#reals;
    const real = slot * SLOT_REALS;
    reals[real + DUE] = due;
    reals[real + A] = a;
    reals[real + B] = b;
    if (payload !== null) this.#payload[slot] = payload;
    this.queue.push(due, this.#rank === null ? 0 : this.#rank(kind, actor, nth), slot);
    return stamp * SLOTS + slot;
  }

  /** Takes back a pending action; one that has been applied, dropped or cancelled already is left alone. */
  cancel(handle: number): void {
    const slot = handle % SLOTS;
    const at = slot * SLOT_INTS;
    if (this.#ints[at + STAMP] !== Math.floor(handle / SLOTS)) return;
    // A stamp that no new action has raised yet: the slot may be free, but then nothing live stands in it.
    if (this.#ints[at + KIND]! < 0) return;
    this.#ints[at + KIND] = CANCELLED;
    this.#payload[slot] = null;
    this.#cancelled++;
    if (this.#cancelled > COMPACT_FROM && this.#cancelled * 2 > this.queue.size) this.#compact();
  }

  /** True when the slot's action may still be applied: not cancelled, and its actor's incarnation lives. */
  isLive(slot: number): boolean {
    const ints = this.#ints;
    const at = slot * SLOT_INTS;
    return ints[at + KIND] !== CANCELLED && ints[at + GENERATION] === this.#generation[ints[at + ACTOR]!];
  }

  /** Frees a slot that was popped from the queue and is not live. */
  drop(slot: number): void {
    if (this.#ints[slot * SLOT_INTS + KIND] === CANCELLED) this.#cancelled--;
    this.#payload[slot] = null;
    this.#release(slot);
  }

  #release(slot: number): void {
    const at = slot * SLOT_INTS;
    this.#ints[at + KIND] = FREE;
    this.#ints[at + LINK] = this.#free;
    this.#free = slot;
  }

  /** Applies a live action that was taken out of the queue. Time never runs backwards, whatever the chooser. */
  applySlot(slot: number, model: Model): void {
    const ints = this.#ints;
    const at = slot * SLOT_INTS;
    const real = slot * SLOT_REALS;
    const due = this.#reals[real + DUE]!;
    if (due > this.now) this.now = due;
    const kind = ints[at + KIND]!;
    const actor = ints[at + ACTOR]!;
    this.order.addInts(kind, actor, ints[at + NTH]!);
    this.order.add(this.now);
    this.events++;
    const a = this.#reals[real + A]!;
    const b = this.#reals[real + B]!;
    const payload = this.#payload[slot];
    if (payload !== null) this.#payload[slot] = null;
    this.#release(slot);
    model.apply(kind, actor, a, b, payload);
  }

  /** The stable id of a pending action: kind, actor and how many of the kind were posted for the actor before it. */
  actionId(slot: number): string {
    const at = slot * SLOT_INTS;
    const ints = this.#ints;
    return `${this.#kindNames[ints[at + KIND]!]}:${this.#actorNames[ints[at + ACTOR]!]}#${ints[at + NTH]}`;
  }

  dueOf(slot: number): number {
    return this.#reals[slot * SLOT_REALS + DUE]!;
  }

  /** What a trace needs of a pending action. */
  peek(slot: number): { kind: number; actor: number; a: number; b: number; payload: unknown } {
    const at = slot * SLOT_INTS;
    const real = slot * SLOT_REALS;
    return {
      kind: this.#ints[at + KIND]!,
      actor: this.#ints[at + ACTOR]!,
      a: this.#reals[real + A]!,
      b: this.#reals[real + B]!,
      payload: this.#payload[slot],
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
    if (found >= 0) {
      this.queue.filter((slot) => slot !== found);
    }
    return found;
  }

  #compact(): void {
    const dropped: number[] = [];
    this.queue.filter((slot) => {
      if (this.isLive(slot)) return true;
      dropped.push(slot);
      return false;
    });
    for (const slot of dropped) this.drop(slot);
  }

  #growSlots(): void {
    const old = this.#payload.length;
    const ints = new Int32Array(this.#ints.length * 2);
    ints.set(this.#ints);
    this.#ints = ints;
    this.#reals = new Float64Array(ints.buffer);
    for (let slot = old; slot < old * 2; slot++) this.#payload.push(null);
    this.#linkFree(old);
  }

  /** Makes a chain of free slots, from this one to the last. */
  #linkFree(from: number): void {
    const slots = this.#payload.length;
    for (let slot = from; slot < slots; slot++) {
      this.#ints[slot * SLOT_INTS + KIND] = FREE;
      this.#ints[slot * SLOT_INTS + LINK] = slot + 1 < slots ? slot + 1 : -1;
    }
    this.#free = from;
  }
}
