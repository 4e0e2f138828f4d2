/**
 * The one producer a container has per system, shared by all its tasks: records wait in a lane per partition until
 * linger.ms is over or somebody flushes, one request per partition is on the wire at a time, and a flush waits for
 * everything anybody had sent before it (samza.md §1.4 step 4, §1.5).
 */
import { APPEND, LINGER } from '../actions.ts';
import type { World } from '../../sim/index.ts';
import { type Acknowledged, type Batch, addEntry, addOutputs, clearBatch, newBatch } from './batch.ts';
import type { LogPartition } from './log-partition.ts';

interface Lane {
  readonly target: LogPartition;
  filling: Batch;
  onWire: Batch | null;
  /** Slot of the pending linger timer, or -1. */
  linger: number;
  /** Linger is over or a flush asked: goes out as soon as the wire is free. */
  ready: boolean;
  /** Records handed to the lane and records acknowledged, since its start. */
  sent: number;
  acked: number;
  readonly flushes: { readonly flush: Flush; readonly upTo: number }[];
}

interface Flush {
  readonly token: number;
  lanes: number;
}

/** What the producer needs of the container it lives in. */
export interface ProducerOwner extends Acknowledged {
  /** A flush has found everything acknowledged. */
  onFlushed(token: number): void;
  /** Draws the one-way latency to a broker, µs. */
  latency(): number;
}

export class Producer {
  readonly #world: World;
  readonly #owner: ProducerOwner;
  readonly #lingerMicros: number;
  readonly #dropErrors: boolean;
  readonly #lanes: Lane[] = [];
  /** Batches that came back acknowledged, to be filled again. */
  readonly #spare: Batch[] = [];
  #cut: boolean = false;
  /** A send failed for good: the next send or flush throws in Samza. */
  failed: boolean = false;
  /** Records dropped under task.drop.producer.errors. */
  dropped: number = 0;

  constructor(world: World, owner: ProducerOwner, options: { lingerMicros: number; dropErrors: boolean }) {
    this.#world = world;
    this.#owner = owner;
    this.#lingerMicros = options.lingerMicros;
    this.#dropErrors = options.dropErrors;
  }

  /** Opens a lane to a partition and returns its number. */
  addLane(target: LogPartition): number {
    this.#lanes.push({
      target,
      filling: newBatch(),
      onWire: null,
      linger: -1,
      ready: false,
      sent: 0,
      acked: 0,
      flushes: [],
    });
    return this.#lanes.length - 1;
  }

  sendEntry(lane: number, key: number, count: number, mix: number): void {
    const into = this.#lanes[lane] as Lane;
    addEntry(into.filling, key, count, mix);
    into.sent++;
    if (into.linger < 0 && !into.ready) this.#startLinger(lane, into);
  }

  sendOutputs(lane: number, ssp: number, from: number, to: number): void {
    const into = this.#lanes[lane] as Lane;
    addOutputs(into.filling, ssp, from, to);
    into.sent += to - from;
    if (into.linger < 0 && !into.ready) this.#startLinger(lane, into);
  }

  /** Calls `onFlushed(token)` once all that was sent so far is acknowledged; at once when that is already so. */
  flush(token: number): void {
    const flush: Flush = { token, lanes: 0 };
    for (let lane = 0; lane < this.#lanes.length; lane++) {
      const from = this.#lanes[lane] as Lane;
      if (from.acked === from.sent) continue;
      flush.lanes++;
      from.flushes.push({ flush, upTo: from.sent });
      if (from.filling.n > 0) {
        from.ready = true;
        this.#transmit(lane, from);
      }
    }
    if (flush.lanes === 0) this.#owner.onFlushed(token);
  }

  onLinger(lane: number): void {
    const from = this.#lanes[lane] as Lane;
    from.linger = -1;
    from.ready = true;
    this.#transmit(lane, from);
  }

  onAcked(lane: number, batch: Batch, refused: boolean): void {
    const from = this.#lanes[lane] as Lane;
    if (refused && !this.#dropErrors) {
      this.failed = true;
      return;
    }
    if (refused) this.dropped += batch.records;
    from.onWire = null;
    from.acked += batch.records;
    clearBatch(batch);
    this.#spare.push(batch);
    if (from.ready && from.filling.n > 0) this.#transmit(lane, from);
    while (from.flushes.length > 0 && (from.flushes[0] as { upTo: number }).upTo <= from.acked) {
      const { flush } = from.flushes.shift() as { flush: Flush };
      if (--flush.lanes === 0) this.#owner.onFlushed(flush.token);
    }
  }

  /** The host loses, or regains, its way to the brokers. Requests wait meanwhile (retries are unlimited). */
  cut(isCut: boolean): void {
    this.#cut = isCut;
    if (!isCut) for (let lane = 0; lane < this.#lanes.length; lane++) this.#transmit(lane, this.#lanes[lane] as Lane);
  }

  /** True when nothing waits and nothing is on the wire. */
  get drained(): boolean {
    return this.#lanes.every((lane) => lane.sent === lane.acked);
  }

  #startLinger(lane: number, into: Lane): void {
    into.linger = this.#world.postCancellable(LINGER, this.#owner.actor, this.#lingerMicros, lane);
  }

  #transmit(lane: number, from: Lane): void {
    if (this.#cut || !from.ready || from.onWire !== null || from.filling.n === 0) return;
    if (from.linger >= 0) {
      this.#world.cancel(from.linger);
      from.linger = -1;
    }
    from.ready = false;
    const batch = from.filling;
    batch.lane = lane;
    batch.sender = this.#owner;
    from.onWire = batch;
    from.filling = this.#spare.pop() ?? newBatch();
    this.#world.post(APPEND, from.target.actor, this.#owner.latency(), 0, 0, batch);
  }
}
