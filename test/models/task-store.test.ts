// The layers of a store (samza.md §3.1) against a slow twin of Maps and arrays: what user code sees, what RocksDB holds,
// what went to the changelog in which order, and what lies on disk after any number of flushes and merges.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SstFile, type StoreDirs, newHost, storeDirs } from '../../models/samza/host.ts';
import { TaskStore } from '../../models/samza/task-store.ts';
import { countsStore, samzaOf } from './plan-builder.ts';

const keys = 12;
const entryBytes = 100;

interface Shape {
  readonly cacheSize: number;
  readonly writeBatch: number;
  readonly memtableEntries: number;
  readonly persistent: boolean;
}

function freshDirs(): StoreDirs {
  return storeDirs(newHost(0), 0, 'counts');
}

/** A store with its changelog written down as `key=count`. */
function storeOf(shape: Shape, dirs: StoreDirs = freshDirs()) {
  const sent: string[] = [];
  const writer = { sendEntry: (lane: number, key: number, count: number) => void sent.push(`${lane}:${key}=${count}`) };
  const config = {
    ...samzaOf([countsStore]).stores[0]!,
    objectCacheSize: shape.cacheSize,
    writeBatchSize: shape.writeBatch,
    persistent: shape.persistent,
  };
  const place = { dirs, lane: 3, writer, fileIds: { next: 1 } };
  const store = new TaskStore(config, keys, place, { entryBytes, memtableEntries: shape.memtableEntries });
  const put = (key: number, count: number): void => {
    store.view.count[key] = count;
    store.view.mix[key] = count * 7;
    store.put(key);
  };
  return { store, dirs, sent, put };
}

/** The twin: every layer as the plainest structure there is. */
class Twin {
  readonly view: Map<number, number> = new Map();
  readonly raw: Map<number, number> = new Map();
  readonly disk: Map<number, number> = new Map();
  readonly sent: string[] = [];
  /** Keys in the cache, most recently used first. */
  cache: number[] = [];
  dirty: number[] = [];
  memtable: Set<number> = new Set();
  readonly #shape: Shape;

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  put(key: number, count: number): void {
    this.view.set(key, count);
    if (this.#shape.cacheSize === 0) {
      this.#writeThrough(key);
      return;
    }
    if (!this.dirty.includes(key)) this.dirty.push(key);
    this.get(key);
    if (this.dirty.length >= this.#shape.writeBatch) this.flushCache();
  }

  get(key: number): void {
    if (this.#shape.cacheSize === 0) return;
    this.cache = [key, ...this.cache.filter((other) => other !== key)];
    if (this.cache.length <= this.#shape.cacheSize) return;
    const evicted = this.cache.pop()!;
    if (this.dirty.includes(evicted)) this.flushCache();
  }

  flushCache(): void {
    for (const key of this.dirty.splice(0)) this.#writeThrough(key);
  }

  flushMemtable(): void {
    if (this.#shape.persistent) for (const key of this.memtable) this.disk.set(key, this.raw.get(key)!);
    this.memtable = new Set();
  }

  #writeThrough(key: number): void {
    this.sent.push(`3:${key}=${this.view.get(key)}`);
    this.raw.set(key, this.view.get(key)!);
    this.memtable.add(key);
    if (this.memtable.size >= this.#shape.memtableEntries) this.flushMemtable();
  }
}

function asMap(state: { readonly count: Int32Array }): Map<number, number> {
  return new Map([...state.count.entries()].filter(([, count]) => count !== 0));
}

/** What a reader of the files finds: a newer file hides an older one. */
function contentsOf(files: readonly SstFile[]): Map<number, number> {
  return new Map(files.flatMap((file) => [...file.keys].map((key, i) => [key, file.count[i]!] as const)));
}

const shapes = fc.record({
  cacheSize: fc.constantFrom(0, 1, 2, 5, 11, 12, 1000),
  writeBatch: fc.constantFrom(1, 2, 5, 500),
  memtableEntries: fc.constantFrom(1, 2, 4, 100),
  persistent: fc.boolean(),
});
const key = fc.nat(keys - 1);
const command = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('put' as const), key, count: fc.integer({ min: 1, max: 1e6 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
  { weight: 1, arbitrary: fc.constant({ do: 'flush cache' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'flush memtable' as const }) },
);

describe('a store and its twin agree', () => {
  test('on what user code sees, RocksDB holds, the changelog got and the disk keeps', () => {
    fc.assert(
      fc.property(shapes, fc.array(command, { maxLength: 200 }), (shape, commands) => {
        const { store, dirs, sent, put } = storeOf(shape);
        const twin = new Twin(shape);
        for (const each of commands) {
          switch (each.do) {
            case 'put':
              put(each.key, each.count);
              twin.put(each.key, each.count);
              break;
            case 'get':
              store.get(each.key);
              twin.get(each.key);
              break;
            case 'flush cache':
              expect(store.flushCache()).toBe(twin.dirty.length);
              twin.flushCache();
              break;
            case 'flush memtable':
              expect(store.flushMemtable()).toBe(shape.persistent ? twin.memtable.size * entryBytes : 0);
              twin.flushMemtable();
              break;
          }
          expect(store.dirtyEntries).toBe(twin.dirty.length);
          expect(store.memtableEntries).toBe(twin.memtable.size);
          expect(sent).toEqual(twin.sent);
        }
        expect(asMap(store.view)).toEqual(twin.view);
        expect(asMap(store.raw)).toEqual(twin.raw);
        expect(contentsOf(dirs.current)).toEqual(twin.disk);
      }),
    );
  });

  test('on what a process finds that opens the files after a crash', () => {
    fc.assert(
      fc.property(shapes, fc.array(command, { maxLength: 200 }), (shape, commands) => {
        const { store, dirs, put } = storeOf(shape);
        const twin = new Twin(shape);
        for (const each of commands) {
          if (each.do === 'put') {
            put(each.key, each.count);
            twin.put(each.key, each.count);
          } else if (each.do === 'flush memtable') {
            store.flushMemtable();
            twin.flushMemtable();
          }
        }
        const after = storeOf(shape, dirs).store;
        after.load(dirs.current);
        expect(asMap(after.raw)).toEqual(twin.disk);
        expect(asMap(after.view)).toEqual(twin.disk);
        expect(after.dirtyEntries + after.memtableEntries).toBe(0);
      }),
    );
  });
});

describe('the object cache', () => {
  const shape: Shape = { cacheSize: 3, writeBatch: 3, memtableEntries: 100, persistent: true };

  test('lets nothing go while a few keys are written again and again', () => {
    const { sent, put } = storeOf(shape);
    for (let i = 1; i <= 50; i++) put(i % 2, i);
    expect(sent).toEqual([]);
  });

  test('sends the newest value only, once its write batch is full, in the order in which keys became dirty', () => {
    const { sent, put } = storeOf(shape);
    for (const [at, count] of [
      [4, 1],
      [2, 1],
      [4, 2],
      [9, 1],
    ] as const)
      put(at, count);
    expect(sent).toEqual(['3:4=2', '3:2=1', '3:9=1']);
  });

  test('that evicts a dirty key sends all dirty keys, the new one included', () => {
    const { store, sent, put } = storeOf({ ...shape, writeBatch: 500 });
    put(1, 1);
    put(2, 1);
    put(3, 1);
    store.get(1);
    put(4, 1); // 2 is the least recently used
    expect(sent).toEqual(['3:1=1', '3:2=1', '3:3=1', '3:4=1']);
  });

  test('that evicts a clean key sends nothing', () => {
    const { store, sent, put } = storeOf({ ...shape, writeBatch: 500 });
    for (const at of [1, 2, 3, 4, 5]) store.get(at);
    put(6, 1);
    store.get(7);
    store.get(8);
    expect(sent).toEqual([]);
    store.get(9);
    expect(sent).toEqual(['3:6=1']);
  });

  test('of size 0 is off: every put goes through at once', () => {
    const { store, sent, put } = storeOf({ ...shape, cacheSize: 0 });
    put(1, 1);
    put(1, 2);
    expect(sent).toEqual(['3:1=1', '3:1=2']);
    expect([store.dirtyEntries, store.memtableEntries]).toEqual([0, 1]);
  });
});

describe('files on disk', () => {
  const shape: Shape = { cacheSize: 0, writeBatch: 500, memtableEntries: 100, persistent: true };

  test('are merged, so that their number stays small, and a checkpoint keeps those it has linked', () => {
    const { store, dirs, put } = storeOf(shape);
    const most: number[] = [];
    for (let i = 1; i <= 300; i++) {
      put((i * 5) % keys, i);
      put((i * 7) % keys, i + 1000);
      store.flushMemtable();
      if (i === 37) store.checkpoint('c');
      most.push(dirs.current.length);
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(8);
    const linked = dirs.checkpoints[0]!;
    expect([linked.id, linked.offset]).toEqual(['c', null]);
    // Files are immutable: what was linked at flush 37 is what the first 37 flushes had written.
    const then = new Map<number, number>();
    for (let i = 1; i <= 37; i++) {
      then.set((i * 5) % keys, i);
      then.set((i * 7) % keys, i + 1000);
    }
    expect(contentsOf(linked.files)).toEqual(then);
    expect(dirs.current.every((file) => file.bytes === file.keys.length * entryBytes)).toBe(true);
    expect(new Set(dirs.current.map((file) => file.id)).size).toBe(dirs.current.length);
  });

  test('of an in-memory store are none', () => {
    const { store, dirs, put } = storeOf({ ...shape, persistent: false });
    put(1, 1);
    expect(store.flushMemtable()).toBe(0);
    expect(dirs.current).toEqual([]);
    expect(store.memtableEntries).toBe(0);
  });

  test('of restored records bypass cache and changelog', () => {
    const { store, dirs, sent } = storeOf({ ...shape, cacheSize: 3 });
    store.restoreEntry(5, 42, 1);
    expect([store.view.count[5], store.raw.count[5], store.dirtyEntries]).toEqual([42, 42, 0]);
    expect(store.flushMemtable()).toBe(entryBytes);
    expect(contentsOf(dirs.current).get(5)).toBe(42);
    expect(sent).toEqual([]);
    store.undo(5);
    store.undo(6);
    expect(sent).toEqual(['3:5=42', '3:6=0']);
  });
});
