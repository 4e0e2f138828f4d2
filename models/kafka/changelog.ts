/**
 * One changelog partition: the writes of one store of one task, in order, by whichever container sent them. Compaction
 * keeps the last record of each key below the compactable boundary, and never touches anything younger than
 * min.compaction.lag or in the active segment.
 */
import { ROLL_SEGMENT, SEGMENT_COMPACTS } from '../actions.ts';
import { type KeyedState, emptyState } from '../logic.ts';
import type { World } from '../../sim/index.ts';
import type { Batch } from './batch.ts';
import { LogPartition } from './log-partition.ts';

export interface ChangelogLimits {
  readonly keys: number;
  readonly entryBytes: number;
  readonly segmentBytes: number;
  readonly segmentMicros: number;
  readonly minCompactionLagMicros: number;
}

export class Changelog extends LogPartition {
  /** Retained records, oldest first; `offset` rises and may have holes after compaction. */
  offset: Float64Array = new Float64Array(64);
  key: Int32Array = new Int32Array(64);
  count: Int32Array = new Int32Array(64);
  mix: Int32Array = new Int32Array(64);
  size: number = 0;
  /** Offset below which the log has been cut or re-created; a checkpointed offset below it is out of range. */
  oldest: number = 0;
  bytesWritten: number = 0;
  readonly keys: number;
  readonly #limits: ChangelogLimits;
  #segmentStart: number = 0;
  /** Raised when the log is cut or created anew: boundaries of before mean nothing then. */
  #epoch: number = 0;
  #onChange: ((delta: number) => void) | null = null;

  constructor(world: World, name: string, partition: number, limits: ChangelogLimits) {
    super(world, name, partition);
    this.keys = limits.keys;
    this.#limits = limits;
    world.post(ROLL_SEGMENT, this.actor, limits.segmentMicros);
  }

  /** `onChange` is told every change of the retained bytes. */
  meter(onChange: (delta: number) => void): void {
    this.#onChange = onChange;
  }

  /** Newest offset, or -1 when the log is empty (Kafka: end - 1, null if empty). */
  get newest(): number {
    return this.size === 0 ? -1 : (this.offset[this.size - 1] as number);
  }

  protected appendBatch(batch: Batch): void {
    for (let i = 0; i < batch.n; i++) {
      if (this.size === this.key.length) this.#grow();
      const n = this.size++;
      this.offset[n] = this.head++;
      this.key[n] = batch.a[i] as number;
      this.count[n] = batch.count[i] as number;
      this.mix[n] = batch.mix[i] as number;
    }
    this.world.state.addInts(this.actor, this.head, batch.n);
    const bytes = batch.n * this.#limits.entryBytes;
    this.bytesWritten += bytes;
    this.#onChange?.(bytes);
    if ((this.head - this.#segmentStart) * this.#limits.entryBytes >= this.#limits.segmentBytes) this.#close();
  }

  rollSegment(): void {
    this.#close();
    this.world.post(ROLL_SEGMENT, this.actor, this.#limits.segmentMicros);
  }

  /** Keeps, of the records below `boundary`, the last one of each key. */
  compactBelow(boundary: number, epoch: number): void {
    if (epoch !== this.#epoch) return;
    const last = new Float64Array(this.keys).fill(-1);
    let end = 0;
    while (end < this.size && (this.offset[end] as number) < boundary) {
      last[this.key[end] as number] = this.offset[end] as number;
      end++;
    }
    let kept = 0;
    for (let i = 0; i < this.size; i++) {
      if (i < end && last[this.key[i] as number] !== this.offset[i]) continue;
      this.offset[kept] = this.offset[i] as number;
      this.key[kept] = this.key[i] as number;
      this.count[kept] = this.count[i] as number;
      this.mix[kept] = this.mix[i] as number;
      kept++;
    }
    this.#onChange?.((kept - this.size) * this.#limits.entryBytes);
    this.size = kept;
  }

  loseNewest(records: number): number {
    const lost = Math.min(records, this.size);
    this.size -= lost;
    this.head -= lost;
    if (this.#segmentStart > this.head) {
      this.#segmentStart = this.head;
      this.#epoch++;
    }
    this.#onChange?.(-lost * this.#limits.entryBytes);
    return lost;
  }

  /** The topic is deleted and created anew: offsets begin at 0 again. */
  recreate(): void {
    this.#epoch++;
    this.#onChange?.(-this.size * this.#limits.entryBytes);
    this.size = 0;
    this.head = 0;
    this.oldest = 0;
    this.#segmentStart = 0;
  }

  /** Index of the first retained record at or above `offset`. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.offset[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Writes the records of [from, to] (inclusive offsets) into the state, in order; returns how many. */
  applyTo(state: KeyedState, from: number, to: number): number {
    let i = this.indexAt(from);
    const first = i;
    for (; i < this.size && (this.offset[i] as number) <= to; i++) {
      const key = this.key[i] as number;
      state.count[key] = this.count[i] as number;
      state.mix[key] = this.mix[i] as number;
    }
    return i - first;
  }

  /** The last value of every key up to an offset (inclusive): what a full replay gives. */
  contents(upTo: number): KeyedState {
    const state = emptyState(this.keys);
    this.applyTo(state, 0, upTo);
    return state;
  }

  #close(): void {
    if (this.head === this.#segmentStart) return;
    this.#segmentStart = this.head;
    this.world.post(SEGMENT_COMPACTS, this.actor, this.#limits.minCompactionLagMicros, this.head, this.#epoch);
  }

  #grow(): void {
    const size = this.key.length * 2;
    const grown = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.offset = grown(new Float64Array(size), this.offset);
    this.key = grown(new Int32Array(size), this.key);
    this.count = grown(new Int32Array(size), this.count);
    this.mix = grown(new Int32Array(size), this.mix);
  }
}
