/**
 * A machine: container slots, and a disk that outlives every process on it. On the disk lie, per store of a task, the
 * current RocksDB directory and the checkpoint directories beside it; both are lists of immutable SST files, so a
 * checkpoint is a list of hard links and an incremental upload is a set difference.
 */

/** An immutable sorted-string table: the values some keys had when a memtable was flushed or files were merged. */
export interface SstFile {
  readonly id: number;
  readonly keys: Int32Array;
  readonly count: Int32Array;
  readonly mix: Int32Array;
  readonly bytes: number;
}

/** `<store>/<task>-<checkpointId>`. `offset` is the OFFSET file: null while it was never written (no V1 file step). */
export interface CheckpointDir {
  readonly id: string;
  readonly files: readonly SstFile[];
  offset: number | null;
}

export interface StoreDirs {
  /** Current store directory, oldest file first; empty when it was deleted. */
  current: SstFile[];
  /** OFFSET file of the current directory. */
  offset: number | null;
  /** True time of the last write of OFFSET or CHECKPOINT-V2 in the current directory, µs; -1: never. */
  writtenAt: number;
  checkpoints: CheckpointDir[];
  /** Bytes of its distinct files when they were last added up. */
  bytes: number;
}

export interface Host {
  readonly index: number;
  up: boolean;
  /** Counts outages, so that a timer of an earlier one is known to be stale. */
  outages: number;
  /** End of the current outage, µs. */
  upAt: number;
  /** ResourceManager no longer counts on this host's NodeManager. */
  expired: boolean;
  /** Counts silences of the NodeManager, for stale expiry timers. */
  silences: number;
  /** Partitions that are open, by what they cut; several may overlap. */
  readonly cuts: { 'node-manager': number; 'cluster-manager': number; kafka: number };
  /** Live container processes, zombies included. */
  running: number;
  readonly disk: Map<string, StoreDirs>;
}

export function newHost(index: number): Host {
  return {
    index,
    up: true,
    outages: 0,
    upAt: 0,
    expired: false,
    silences: 0,
    cuts: { 'node-manager': 0, 'cluster-manager': 0, kafka: 0 },
    running: 0,
    disk: new Map(),
  };
}

/** NodeManager and ResourceManager hear each other. */
export function isManaged(host: Host): boolean {
  return host.cuts['node-manager'] === 0 && host.cuts['cluster-manager'] === 0;
}

export function reachesMaster(host: Host): boolean {
  return host.cuts['cluster-manager'] === 0;
}

export function reachesKafka(host: Host): boolean {
  return host.cuts.kafka === 0;
}

export function storeDirs(host: Host, task: number, store: string): StoreDirs {
  const path = `${store}/${task}`;
  let dirs = host.disk.get(path);
  if (dirs === undefined) {
    dirs = { current: [], offset: null, writtenAt: -1, checkpoints: [], bytes: 0 };
    host.disk.set(path, dirs);
  }
  return dirs;
}

/** Deletes the current directory. */
export function deleteCurrent(dirs: StoreDirs): void {
  dirs.current = [];
  dirs.offset = null;
  dirs.writtenAt = -1;
}
