/**
 * What output and changelog partitions have in common: a leader that takes appends in order, and may stall.
 */
import { ACKED, APPEND } from '../actions.ts';
import type { World } from '../../sim/index.ts';
import type { Batch } from './batch.ts';

/** A partition producers write to. Subclasses say what an append means. */
export abstract class LogPartition {
  readonly actor: number;
  readonly name: string;
  readonly partition: number;
  /** Offset the next record gets. */
  head: number = 0;
  protected readonly world: World;
  /** Stalls under way; several may overlap. */
  #stalls: number = 0;
  readonly #waiting: Batch[] = [];
  /** Produce requests still to be refused (fault `send-failure`). */
  failing: number = 0;
  /** Set by a test of W-acks1: what the leader has but no follower. */
  protected constructor(world: World, name: string, partition: number) {
    this.world = world;
    this.name = name;
    this.partition = partition;
    this.actor = world.addActor(name);
  }

  protected abstract appendBatch(batch: Batch): void;

  /** Undoes the newest `records` appends: they were acknowledged by a leader that died unreplicated. Returns how many went. */
  abstract loseNewest(records: number): number;

  /** The request reaches the leader. An acknowledgement goes back to the sender's incarnation, if it lives. */
  land(batch: Batch, ackDelayMicros: number): void {
    if (this.#stalls > 0) {
      this.#waiting.push(batch);
      return;
    }
    const refused = this.failing > 0;
    if (refused) this.failing--;
    else this.appendBatch(batch);
    // b = 1 tells the producer that the request failed for good.
    const sender = batch.sender;
    if (sender?.alive === true)
      this.world.post(ACKED, sender.actor, ackDelayMicros, batch.lane, refused ? 1 : 0, batch);
  }

  stall(): void {
    this.#stalls++;
  }

  /** Returns how many requests had been waiting. */
  unstall(): number {
    this.#stalls--;
    const waiting = this.#stalls > 0 ? [] : this.#waiting.splice(0);
    for (const batch of waiting) this.world.post(APPEND, this.actor, 0, 0, 0, batch);
    return waiting.length;
  }
}
