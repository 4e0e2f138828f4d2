/**
 * One store of one running task: the layers of samza.md §3.1. A put stays in the object cache until the cache lets go;
 * then it is sent to the changelog first and put into RocksDB's memtable second; the memtable reaches disk as an SST
 * file when it is full or a commit flushes it. A crash leaves what is on disk and what has left the producer.
 */
import type { KeyedState } from '../logic.ts';
import { emptyState } from '../logic.ts';
import type { StoreConfig } from './config.ts';
import type { SstFile, StoreDirs } from './host.ts';

/** Files merged when this many runs of similar size have gathered (universal compaction). */
const MERGE_AT = 4;

/** Where evicted writes go. */
export interface ChangelogWriter {
  sendEntry(lane: number, key: number, count: number, mix: number): void;
}

export class TaskStore {
  readonly config: StoreConfig;
  readonly dirs: StoreDirs;
  /** What user code sees. */
  readonly view: KeyedState;
  /** What RocksDB holds, memtable included. */
  readonly raw: KeyedState;
  readonly keys: number;
  readonly #entryBytes: number;
  readonly #memtableEntries: number;
  readonly #writer: ChangelogWriter;
  readonly #lane: number;
  readonly #fileIds: { next: number };
  /** Dirty keys of the object cache, in the order they became dirty. */
  readonly #dirty: Int32Array;
  #dirtyCount: number = 0;
  readonly #isDirty: Uint8Array;
  /** LRU list of the cache over key indexes; -1 ends it. Allocated only when the cache is smaller than the key space. */
  readonly #newer: Int32Array | null;
  readonly #older: Int32Array | null;
  readonly #cached: Uint8Array;
  #newest: number = -1;
  #oldest: number = -1;
  #cachedCount: number = 0;
  readonly #memtable: Int32Array;
  #memtableCount: number = 0;
  readonly #inMemtable: Uint8Array;
  /** Merges so far, and per key the last one it was seen in. */
  #merges: number = 0;
  readonly #mergedIn: Int32Array;

  constructor(
    config: StoreConfig,
    keys: number,
    place: { dirs: StoreDirs; lane: number; writer: ChangelogWriter; fileIds: { next: number } },
    limits: { entryBytes: number; memtableEntries: number },
  ) {
    this.config = config;
    this.keys = keys;
    this.dirs = place.dirs;
    this.#writer = place.writer;
    this.#lane = place.lane;
    this.#fileIds = place.fileIds;
    this.#entryBytes = limits.entryBytes;
    this.#memtableEntries = limits.memtableEntries;
    this.view = emptyState(keys);
    this.raw = emptyState(keys);
    this.#dirty = new Int32Array(Math.min(keys, config.writeBatchSize + 1));
    this.#isDirty = new Uint8Array(keys);
    const lru = config.objectCacheSize > 0 && config.objectCacheSize < keys;
    this.#newer = lru ? new Int32Array(keys).fill(-1) : null;
    this.#older = lru ? new Int32Array(keys).fill(-1) : null;
    this.#cached = new Uint8Array(lru ? keys : 0);
    this.#memtable = new Int32Array(keys);
    this.#inMemtable = new Uint8Array(keys);
    this.#mergedIn = new Int32Array(keys);
  }

  /** User code read the key. */
  get(key: number): void {
    if (this.#newer !== null) this.#touch(key);
  }

  /** User code wrote view[key]; lets the cache do what it does then. */
  put(key: number): void {
    if (this.config.objectCacheSize === 0) {
      this.#writeThrough(key);
      return;
    }
    if (this.#isDirty[key] === 0) {
      this.#isDirty[key] = 1;
      this.#dirty[this.#dirtyCount++] = key;
    }
    if (this.#newer !== null) this.#touch(key);
    if (this.#dirtyCount >= this.config.writeBatchSize) this.flushCache();
  }

  /** Sends every dirty entry to the changelog and puts it into RocksDB; returns how many. */
  flushCache(): number {
    const n = this.#dirtyCount;
    for (let i = 0; i < n; i++) {
      const key = this.#dirty[i] as number;
      this.#isDirty[key] = 0;
      this.#writeThrough(key);
    }
    this.#dirtyCount = 0;
    return n;
  }

  get dirtyEntries(): number {
    return this.#dirtyCount;
  }

  get memtableEntries(): number {
    return this.#memtableCount;
  }

  /** Writes the memtable to disk as an SST file; returns its bytes (0 when there was nothing to write). */
  flushMemtable(): number {
    const n = this.#memtableCount;
    if (n === 0 || !this.config.persistent) {
      this.#clearMemtable();
      return 0;
    }
    const keys = this.#memtable.slice(0, n);
    const file = newFile(this.#fileIds.next++, keys, this.raw, this.#entryBytes);
    this.#clearMemtable();
    this.dirs.current.push(file);
    this.#mergeFiles();
    return file.bytes;
  }

  /** Hard links of the current files: a RocksDB checkpoint. */
  checkpoint(id: string): void {
    this.dirs.checkpoints.push({ id, files: [...this.dirs.current], offset: null });
  }

  /** Writes one restored record into RocksDB, bypassing cache and changelog. */
  restoreEntry(key: number, count: number, mix: number): void {
    this.raw.count[key] = count;
    this.raw.mix[key] = mix;
    this.view.count[key] = count;
    this.view.mix[key] = mix;
    this.#noteMemtable(key);
  }

  /** Opens the files on disk: what RocksDB reads at start. */
  load(files: readonly SstFile[]): void {
    for (const file of files) {
      for (let i = 0; i < file.keys.length; i++) {
        const key = file.keys[i] as number;
        this.raw.count[key] = this.view.count[key] = file.count[i] as number;
        this.raw.mix[key] = this.view.mix[key] = file.mix[i] as number;
      }
    }
  }

  /** Trim: writes the current RocksDB value of the key to the changelog again, as an undo record. */
  undo(key: number): void {
    this.#writer.sendEntry(this.#lane, key, this.raw.count[key] as number, this.raw.mix[key] as number);
  }

  #writeThrough(key: number): void {
    const count = this.view.count[key] as number;
    const mix = this.view.mix[key] as number;
    if (this.config.changelog && !this.config.blob) this.#writer.sendEntry(this.#lane, key, count, mix);
    this.raw.count[key] = count;
    this.raw.mix[key] = mix;
    this.#noteMemtable(key);
  }

  #noteMemtable(key: number): void {
    if (this.#inMemtable[key] === 1) return;
    this.#inMemtable[key] = 1;
    this.#memtable[this.#memtableCount++] = key;
    if (this.#memtableCount >= this.#memtableEntries) this.flushMemtable();
  }

  #clearMemtable(): void {
    for (let i = 0; i < this.#memtableCount; i++) this.#inMemtable[this.#memtable[i] as number] = 0;
    this.#memtableCount = 0;
  }

  /** Moves the key to the front of the LRU list; an evicted dirty entry takes all dirty entries down with it. */
  #touch(key: number): void {
    const newer = this.#newer as Int32Array;
    const older = this.#older as Int32Array;
    if (this.#newest === key) return;
    if (this.#cached[key] === 1) {
      const up = newer[key] as number;
      const down = older[key] as number;
      older[up] = down;
      if (down >= 0) newer[down] = up;
      else this.#oldest = up;
    } else {
      this.#cached[key] = 1;
      this.#cachedCount++;
    }
    newer[key] = -1;
    older[key] = this.#newest;
    if (this.#newest >= 0) newer[this.#newest] = key;
    this.#newest = key;
    if (this.#oldest < 0) this.#oldest = key;
    if (this.#cachedCount > this.config.objectCacheSize) {
      const evicted = this.#oldest;
      this.#oldest = newer[evicted] as number;
      older[this.#oldest] = -1;
      newer[evicted] = -1;
      this.#cached[evicted] = 0;
      this.#cachedCount--;
      if (this.#isDirty[evicted] === 1) this.flushCache();
    }
  }

  /** Universal compaction: merges the newest files while they are together at least as large as the next older one. */
  #mergeFiles(): void {
    const files = this.dirs.current;
    if (files.length <= MERGE_AT) return;
    let from = files.length - 1;
    let entries = (files[from] as SstFile).keys.length;
    while (from > 0 && ((files[from - 1] as SstFile).keys.length <= entries || files.length - from < 2)) {
      from--;
      entries += (files[from] as SstFile).keys.length;
    }
    const merged = this.#merged(files.slice(from), Math.min(entries, this.keys));
    files.splice(from, files.length - from, merged);
  }

  /** Newest value of each key, newest file first, so that the first sight of a key is the one that counts. */
  #merged(files: readonly SstFile[], keysMax: number): SstFile {
    this.#merges++;
    const keys = new Int32Array(keysMax);
    const count = new Int32Array(keysMax);
    const mix = new Int32Array(keysMax);
    let n = 0;
    for (let f = files.length - 1; f >= 0; f--) {
      const file = files[f] as SstFile;
      for (let i = 0; i < file.keys.length; i++) {
        const key = file.keys[i] as number;
        if (this.#mergedIn[key] === this.#merges) continue;
        this.#mergedIn[key] = this.#merges;
        keys[n] = key;
        count[n] = file.count[i] as number;
        mix[n++] = file.mix[i] as number;
      }
    }
    const id = this.#fileIds.next++;
    return { id, keys: keys.slice(0, n), count: count.slice(0, n), mix: mix.slice(0, n), bytes: n * this.#entryBytes };
  }
}

/** An SST file of these keys with the values they have in `state`. */
export function newFile(id: number, keys: Int32Array, state: KeyedState, entryBytes: number): SstFile {
  const count = new Int32Array(keys.length);
  const mix = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    count[i] = state.count[keys[i] as number] as number;
    mix[i] = state.mix[keys[i] as number] as number;
  }
  return { id, keys, count, mix, bytes: keys.length * entryBytes };
}
