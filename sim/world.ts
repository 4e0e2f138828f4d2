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

const CANCELLED = -1;
const COMPACT_FROM = 1024;
/** A handle is stamp * SLOTS + slot; the stamp tells an action from an earlier one in the same slot. */
const SLOTS = 2 ** 26;
const STAMPS = 2 ** 27;

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
  #kind: Int32Array = new Int32Array(256);
  #actor: Int32Array = new Int32Array(256);
  #slotGeneration: Int32Array = new Int32Array(256);
  #stamp: Int32Array = new Int32Array(256);
  #nth: Int32Array = new Int32Array(256);
  /** 1 while an action that is neither applied nor cancelled stands in the slot. */
  #pending: Uint8Array = new Uint8Array(256);
  #due: Float64Array = new Float64Array(256);
  #a: Float64Array = new Float64Array(256);
  #b: Float64Array = new Float64Array(256);
  #payload: unknown[] = Array.from({ length: 256 }, () => null);
  #free: Int32Array = new Int32Array(256);
  #freeCount: number = 256;
  #cancelled: number = 0;

  /** `kindNames[k]` is the word for actions of kind k, as it stands in action ids. */
  constructor(kindNames: readonly string[], rank: TieRank | null = null) {
    this.#kindNames = kindNames;
    this.#rank = rank;
    this.#counters = new Int32Array(64 * kindNames.length);
    for (let i = 0; i < 256; i++) this.#free[i] = 255 - i;
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
    if (this.#freeCount === 0) this.#growSlots();
    const slot = this.#free[--this.#freeCount] as number;
    const counter = actor * this.#kindNames.length + kind;
    const nth = this.#counters[counter] as number;
    this.#counters[counter] = nth + 1;
    this.#kind[slot] = kind;
    this.#pending[slot] = 1;
    this.#actor[slot] = actor;
    this.#slotGeneration[slot] = this.#generation[actor] as number;
    this.#nth[slot] = nth;
    const stamp = ((this.#stamp[slot] as number) + 1) % STAMPS;
    this.#stamp[slot] = stamp;
    const due = this.now + delayMicros;
    this.#due[slot] = due;
    this.#a[slot] = a;
    this.#b[slot] = b;
    this.#payload[slot] = payload;
    this.queue.push(due, this.#rank === null ? 0 : this.#rank(kind, actor, nth), slot);
    return stamp * SLOTS + slot;
  }

  /** Takes back a pending action; one that has been applied, dropped or cancelled already is left alone. */
  cancel(handle: number): void {
    const slot = handle % SLOTS;
    if (this.#stamp[slot] !== Math.floor(handle / SLOTS)) return;
    // A stamp that no new action has raised yet: the slot may be free, but then nothing live stands in it.
    if (!this.#pending[slot]) return;
    this.#pending[slot] = 0;
    this.#kind[slot] = CANCELLED;
    this.#payload[slot] = null;
    this.#cancelled++;
    if (this.#cancelled > COMPACT_FROM && this.#cancelled * 2 > this.queue.size) this.#compact();
  }

  /** True when the slot's action may still be applied: not cancelled, and its actor's incarnation lives. */
  isLive(slot: number): boolean {
    return (
      this.#kind[slot] !== CANCELLED && this.#slotGeneration[slot] === this.#generation[this.#actor[slot] as number]
    );
  }

  /** Frees a slot that was popped from the queue and is not live. */
  drop(slot: number): void {
    if (this.#kind[slot] === CANCELLED) this.#cancelled--;
    this.#pending[slot] = 0;
    this.#payload[slot] = null;
    this.#free[this.#freeCount++] = slot;
  }

  /** Applies a live action that was taken out of the queue. Time never runs backwards, whatever the chooser. */
  applySlot(slot: number, model: Model): void {
    const due = this.#due[slot] as number;
    if (due > this.now) this.now = due;
    const kind = this.#kind[slot] as number;
    const actor = this.#actor[slot] as number;
    this.order.addInts(kind, actor, this.#nth[slot] as number);
    this.order.add(this.now);
    this.events++;
    this.#pending[slot] = 0;
    const payload = this.#payload[slot];
    this.#payload[slot] = null;
    this.#free[this.#freeCount++] = slot;
    model.apply(kind, actor, this.#a[slot] as number, this.#b[slot] as number, payload);
  }

  /** The stable id of a pending action: kind, actor and how many of the kind were posted for the actor before it. */
  actionId(slot: number): string {
    return `${this.#kindNames[this.#kind[slot] as number]}:${this.#actorNames[this.#actor[slot] as number]}#${this.#nth[slot]}`;
  }

  dueOf(slot: number): number {
    return this.#due[slot] as number;
  }

  /** What a trace needs of a pending action. */
  peek(slot: number): { kind: number; actor: number; a: number; b: number; payload: unknown } {
    return {
      kind: this.#kind[slot] as number,
      actor: this.#actor[slot] as number,
      a: this.#a[slot] as number,
      b: this.#b[slot] as number,
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
    const old = this.#kind.length;
    const size = old * 2;
    const grow = <T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#kind = grow(this.#kind, new Int32Array(size));
    this.#actor = grow(this.#actor, new Int32Array(size));
    this.#slotGeneration = grow(this.#slotGeneration, new Int32Array(size));
    this.#nth = grow(this.#nth, new Int32Array(size));
    this.#stamp = grow(this.#stamp, new Int32Array(size));
    this.#pending = grow(this.#pending, new Uint8Array(size));
    this.#due = grow(this.#due, new Float64Array(size));
    this.#a = grow(this.#a, new Float64Array(size));
    this.#b = grow(this.#b, new Float64Array(size));
    this.#free = new Int32Array(size);
    for (let slot = size - 1; slot >= old; slot--) {
      this.#free[this.#freeCount++] = slot;
      this.#payload.push(null);
    }
  }
}
