/**
 * One partition of an input stream. Contents are functions of the offset, so the log is two numbers: what the oldest
 * offset still there is and what the next one will be. Records leave by retention, a closed segment at a time.
 */
import { SEGMENT_EXPIRES, ROLL_SEGMENT } from '../actions.ts';
import type { World } from '../../sim/index.ts';

/** Told when records arrive. */
export interface Consumer {
  onArrival(task: number): void;
}

export class InputPartition {
  readonly actor: number;
  /** Index of the SSP among all of the job. */
  readonly ssp: number;
  readonly name: string;
  readonly task: number;
  /** Offset the next record gets. */
  head: number = 0;
  oldest: number = 0;
  /** Whoever polls this partition now: one container, or two when a zombie lives. */
  readonly consumers: Consumer[] = [];
  readonly #world: World;
  readonly #retentionMicros: number | null;
  readonly #segmentMicros: number;
  #rolledAt: number = 0;

  constructor(
    world: World,
    place: { ssp: number; task: number; name: string },
    limits: { retentionMicros: number | null; segmentMicros: number },
  ) {
    this.#world = world;
    this.ssp = place.ssp;
    this.task = place.task;
    this.name = place.name;
    this.#retentionMicros = limits.retentionMicros;
    // A retention below the segment age would never bite in Kafka's own terms; brokers roll at least this often then.
    this.#segmentMicros = Math.max(
      1,
      Math.min(limits.segmentMicros, Math.ceil((limits.retentionMicros ?? Infinity) / 4)),
    );
    this.actor = world.addActor(place.name);
    if (limits.retentionMicros !== null) world.post(ROLL_SEGMENT, this.actor, this.#segmentMicros);
  }

  append(records: number): void {
    this.head += records;
    for (const consumer of this.consumers) consumer.onArrival(this.task);
  }

  /** Closes the active segment; it expires when its newest record is older than the retention. */
  rollSegment(): void {
    if (this.head > this.#rolledAt) {
      this.#rolledAt = this.head;
      this.#world.post(SEGMENT_EXPIRES, this.actor, this.#retentionMicros as number, this.head);
    }
    this.#world.post(ROLL_SEGMENT, this.actor, this.#segmentMicros);
  }

  /** Deletes everything below `offset`: retention, or a job's deleteMessages. */
  deleteBelow(offset: number): void {
    if (offset > this.oldest) this.oldest = Math.min(offset, this.head);
  }
}
