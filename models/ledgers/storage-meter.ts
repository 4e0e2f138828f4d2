/**
 * Bytes that lie around: changelogs, the checkpoint topic, store directories on hosts, and how much a restore read.
 * Blob bytes are counted by the blob store itself.
 */
import type { CheckpointDir, Host, SstFile, StoreDirs } from '../samza/host.ts';

/** A V1 or V2 record with a handful of offsets, bytes (samza.md §2). */
const CHECKPOINT_RECORD_BYTES = 400;

export class StorageMeter {
  changelogBytes: number = 0;
  changelogBytesMax: number = 0;
  checkpointRecords: number = 0;
  restored: number = 0;
  diskBytes: number = 0;
  diskBytesMax: number = 0;

  changelog(delta: number): void {
    this.changelogBytes += delta;
    if (this.changelogBytes > this.changelogBytesMax) this.changelogBytesMax = this.changelogBytes;
  }

  get checkpointTopicBytes(): number {
    return this.checkpointRecords * CHECKPOINT_RECORD_BYTES;
  }

  /** Adds up the distinct files of a store's directories again; hard links count once. */
  measure(dirs: StoreDirs): void {
    let bytes = 0;
    for (const file of dirs.current) bytes += file.bytes;
    for (let i = 0; i < dirs.checkpoints.length; i++) {
      for (const file of (dirs.checkpoints[i] as CheckpointDir).files)
        if (!countedBefore(dirs, i, file)) bytes += file.bytes;
    }
    this.#add(bytes - dirs.bytes);
    dirs.bytes = bytes;
  }

  /** Everything on the host's disk is gone. */
  wiped(host: Host): void {
    for (const dirs of host.disk.values()) this.#add(-dirs.bytes);
  }

  #add(bytes: number): void {
    this.diskBytes += bytes;
    if (this.diskBytes > this.diskBytesMax) this.diskBytesMax = this.diskBytes;
  }
}

/** The file lies in the current directory or in an earlier checkpoint directory too. */
function countedBefore(dirs: StoreDirs, checkpoint: number, file: SstFile): boolean {
  if (dirs.current.includes(file)) return true;
  return dirs.checkpoints.some((dir, i) => i < checkpoint && dir.files.includes(file));
}
