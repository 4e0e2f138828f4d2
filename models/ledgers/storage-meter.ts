/**
 * Bytes that lie around: changelogs, the checkpoint topic, store directories on hosts, and how much a restore read.
 * Blob bytes are counted by the blob store itself.
 */
import type { Host } from '../samza/host.ts';

/** A V1 or V2 record with a handful of offsets, bytes (samza.md §2). */
const CHECKPOINT_RECORD_BYTES = 400;

export class StorageMeter {
  changelogBytes: number = 0;
  changelogBytesMax: number = 0;
  checkpointRecords: number = 0;
  restored: number = 0;
  diskBytesMax: number = 0;
  readonly #disk: number[] = [];

  changelog(delta: number): void {
    this.changelogBytes += delta;
    if (this.changelogBytes > this.changelogBytesMax) this.changelogBytesMax = this.changelogBytes;
  }

  get checkpointTopicBytes(): number {
    return this.checkpointRecords * CHECKPOINT_RECORD_BYTES;
  }

  /** Adds up the distinct files in all store directories of the host; hard links count once. */
  measureDisk(host: Host, hosts: number): void {
    const seen = new Set<number>();
    let bytes = 0;
    for (const dirs of host.disk.values()) {
      for (const files of [dirs.current, ...dirs.checkpoints.map((dir) => dir.files)]) {
        for (const file of files) {
          if (seen.has(file.id)) continue;
          seen.add(file.id);
          bytes += file.bytes;
        }
      }
    }
    this.#disk[host.index] = bytes;
    let total = 0;
    for (let i = 0; i < hosts; i++) total += this.#disk[i] ?? 0;
    if (total > this.diskBytesMax) this.diskBytesMax = total;
  }

  get diskBytes(): number {
    return this.#disk.reduce((sum, bytes) => sum + bytes, 0);
  }
}
