/**
 * The checkpoint topic: one partition, compacted, keyed by (task, version). The last append wins; there is no epoch, no
 * writer id and no compare-and-set, which is what makes a late writer dangerous (samza.md §2).
 */
import type { World } from '../../sim/index.ts';

/** One checkpoint record as it lies in the topic. */
export interface CheckpointRecord {
  readonly task: number;
  readonly version: 1 | 2;
  /** CheckpointId: the writer's wall clock in ms, and a number that tells equal clocks apart. */
  readonly idMillis: number;
  readonly idNano: number;
  /** Last processed offset per SSP of the task, in the task's SSP order; -1: not in the checkpoint. */
  readonly inputOffsets: readonly number[];
  /** Newest changelog offset per store (-1: empty log); null where the backend gives none. */
  readonly changelogOffsets: readonly (number | null)[];
  /** Blob id of the snapshot index per store; null: none. V1 cannot carry it. */
  readonly snapshotIndexes: readonly (number | null)[];
  /** Number of the commit in its task instance and the container that wrote it, for messages only. */
  readonly commit: number;
  readonly writer: string;
  /** True time of the append, for the live-age rule between versions (the broker's record timestamp). */
  appendedAt: number;
}

const KEPT = 4;

export class CheckpointTopic {
  readonly actor: number;
  records: number = 0;
  /** Appends since the last compaction: what a reader has to scan. */
  #scan: number = 0;
  readonly #world: World;
  /** Newest few records per (task, version), newest last. */
  readonly #last: Map<number, CheckpointRecord[]> = new Map();
  /** Stalls under way; several may overlap. */
  #stalls: number = 0;
  readonly #waiting: unknown[] = [];
  readonly #compactEvery: number;

  constructor(world: World, segmentRecords: number) {
    this.#world = world;
    this.actor = world.addActor('checkpoint-topic');
    this.#compactEvery = Math.max(1, segmentRecords);
  }

  /** Holds a request back while the leader stalls; false: go on and append. */
  park(request: unknown): boolean {
    if (this.#stalls > 0) this.#waiting.push(request);
    return this.#stalls > 0;
  }

  append(record: CheckpointRecord): void {
    record.appendedAt = this.#world.now;
    const key = record.task * 2 + record.version;
    const kept = this.#last.get(key) ?? [];
    kept.push(record);
    if (kept.length > KEPT) kept.shift();
    this.#last.set(key, kept);
    this.records++;
    if (++this.#scan >= this.#compactEvery + this.#last.size) this.#scan = this.#last.size;
    this.#world.state.addInts(key, record.commit, record.inputOffsets[0] ?? -1);
  }

  /** Newest record of a task in one version. */
  newest(task: number, version: 1 | 2): CheckpointRecord | null {
    return this.#last.get(task * 2 + version)?.at(-1) ?? null;
  }

  /**
   * The checkpoint a container gets that reads `versions` in order of priority: an earlier version wins unless a later
   * one's record was appended more than `liveMaxAgeMicros` after it.
   */
  read(task: number, versions: readonly (1 | 2)[], liveMaxAgeMicros: number): CheckpointRecord | null {
    let best: CheckpointRecord | null = null;
    for (const version of versions) {
      const record = this.newest(task, version);
      if (record === null) continue;
      if (best === null || record.appendedAt > best.appendedAt + liveMaxAgeMicros) best = record;
    }
    return best;
  }

  /** Records a reader scans from oldest to head. */
  get scanLength(): number {
    return this.#scan;
  }

  /** The leader dies: the newest record of every task whose record is among the last appended goes. Returns how many went. */
  loseNewest(records: number): number {
    const newestFirst = [...this.#last.values()]
      .flat()
      .toSorted((x, y) => y.appendedAt - x.appendedAt)
      .slice(0, records);
    for (const record of newestFirst) {
      const kept = this.#last.get(record.task * 2 + record.version) as CheckpointRecord[];
      kept.splice(kept.indexOf(record), 1);
    }
    return newestFirst.length;
  }

  stall(): void {
    this.#stalls++;
  }

  /** Returns the requests that had been waiting, in order. */
  unstall(): readonly unknown[] {
    this.#stalls--;
    return this.#stalls > 0 ? [] : this.#waiting.splice(0);
  }
}
