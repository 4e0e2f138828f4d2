// The blob store (samza.md §3.4): incremental uploads, a time to live that only a clean-up takes off, soft deletes, and a
// clean-up that may be done any number of times.
import { describe, expect, test } from 'vitest';
import { BLOB_TTL, KIND_NAMES } from '../../models/actions.ts';
import { BlobStore, type SnapshotIndex, type Upload } from '../../models/blob-store.ts';
import type { SstFile } from '../../models/samza/host.ts';
import { World, runTimed } from '../../sim/index.ts';

const ttl = 1000;
const indexBytes = 50;

/** A store in a world of its own, with its notices of what went. */
function lonelyStore() {
  const world = new World(KIND_NAMES);
  const blobs = new BlobStore(world, ttl, indexBytes);
  const gone: string[] = [];
  blobs.onGone = (why, by) => void gone.push(`${why} by ${by}`);
  const model = {
    apply: (kind: number, _actor: number, a: number): void => {
      if (kind !== BLOB_TTL) throw new Error(`no action ${KIND_NAMES[kind]}`);
      blobs.expire(a);
    },
  };
  const run = (micros: number): void => void runTimed(world, model, world.now + micros);
  return { blobs, gone, run };
}

function file(id: number, entries: number): SstFile {
  const none = new Int32Array(entries);
  return { id, keys: none, count: none, mix: none, bytes: entries * 10 };
}

function uploadOf(files: readonly SstFile[], previous: SnapshotIndex | null = null, fresh: boolean = false): Upload {
  const notify = { actor: 0, commit: null, tries: 0 };
  return { task: 0, store: 0, checkpointId: 'id', files, previous, fresh, blobs: null, index: null, notify };
}

/** Uploads files and index in one go. */
function snapshot(blobs: BlobStore, files: readonly SstFile[], previous: SnapshotIndex | null = null): SnapshotIndex {
  const upload = uploadOf(files, previous);
  blobs.putFiles(upload);
  return blobs.putIndex(upload);
}

describe('an upload', () => {
  test('sends only the files that the previous snapshot does not hold', () => {
    const { blobs } = lonelyStore();
    const [a, b, c] = [file(1, 3), file(2, 5), file(3, 7)];
    expect(blobs.bytesToUpload(uploadOf([a, b]))).toBe(80);
    const first = snapshot(blobs, [a, b]);
    expect(blobs.bytesToUpload(uploadOf([b, c], first))).toBe(70);
    const second = snapshot(blobs, [b, c], first);
    expect(blobs.bytesUploaded).toBe(150);
    expect(second.blobs[0]).toBe(first.blobs[1]);
    expect(second.removed).toEqual([first.blobs[0]]);
    expect(blobs.index(second.id)).toBe(second);
  });

  test('that must be fresh sends everything, whatever lies there', () => {
    const { blobs } = lonelyStore();
    const first = snapshot(blobs, [file(1, 3)]);
    expect(blobs.bytesToUpload(uploadOf([file(1, 3)], first, true))).toBe(30);
  });

  test('of files without an index leaves blobs that nobody can find, until their time is over', () => {
    const { blobs, gone, run } = lonelyStore();
    blobs.putFiles(uploadOf([file(1, 3)]));
    expect(blobs.bytes).toBe(30);
    run(ttl - 1);
    expect(blobs.bytes).toBe(30);
    run(1);
    expect(blobs.bytes).toBe(0);
    expect(gone).toEqual(['expired by TTL']);
  });
});

describe('time to live', () => {
  test('ends everything that no clean-up has taken it off, the index included', () => {
    const { blobs, run } = lonelyStore();
    const index = snapshot(blobs, [file(1, 3), file(2, 5)]);
    run(ttl);
    expect([index.gone, ...index.blobs.map((blob) => blob.gone)]).toEqual(['expired', 'expired', 'expired']);
    expect(blobs.index(index.id)).toBeNull();
    expect(blobs.bytes).toBe(0);
  });

  test('is taken off by the clean-up, in time', () => {
    const { blobs, gone, run } = lonelyStore();
    const index = snapshot(blobs, [file(1, 3)]);
    run(ttl - 1);
    blobs.cleanUp(index, 'me');
    run(100 * ttl);
    expect([index.gone, index.blobs[0]!.gone]).toEqual(['no', 'no']);
    expect(blobs.bytes).toBe(30 + indexBytes);
    expect(gone).toEqual([]);
  });

  test('of a file that a later snapshot shares is off as soon as that one is cleaned up', () => {
    const { blobs, run } = lonelyStore();
    const shared = file(1, 3);
    const first = snapshot(blobs, [shared]);
    run(ttl - 10);
    blobs.cleanUp(snapshot(blobs, [shared, file(2, 1)], first), 'me');
    run(10 * ttl);
    expect(first.blobs[0]!.gone).toBe('no');
  });

  test('runs on from each upload of its own', () => {
    const { blobs, run } = lonelyStore();
    const first = snapshot(blobs, [file(1, 1)]);
    run(600);
    const second = snapshot(blobs, [file(2, 1)]);
    run(400);
    expect([first.gone, second.gone]).toEqual(['expired', 'no']);
    run(600);
    expect(second.gone).toBe('expired');
  });
});

describe('the clean-up of a commit', () => {
  test('deletes what its snapshot no longer has, and the previous index; both stay readable', () => {
    const { blobs, gone } = lonelyStore();
    const [a, b, c] = [file(1, 3), file(2, 5), file(3, 7)];
    const first = snapshot(blobs, [a, b]);
    blobs.cleanUp(first, 'one');
    const second = snapshot(blobs, [b, c], first);
    blobs.cleanUp(second, 'two');
    expect(first.blobs.map((blob) => blob.gone)).toEqual(['deleted', 'no']);
    expect(first.gone).toBe('deleted');
    // Soft: a reader with getDeleted still gets both (SAMZA-2787).
    expect(blobs.index(first.id)).toBe(first);
    expect(blobs.bytes).toBe(50 + 70 + indexBytes);
    expect(gone).toEqual(['deleted by two']);
  });

  test('may be repeated: nothing is deleted, counted or freed twice', () => {
    const { blobs } = lonelyStore();
    const first = snapshot(blobs, [file(1, 3)]);
    blobs.cleanUp(first, 'one');
    const second = snapshot(blobs, [file(2, 5)], first);
    blobs.cleanUp(second, 'one');
    const before = { bytes: blobs.bytes, first: first.gone, second: second.gone, blob: second.blobs[0]!.gone };
    for (let i = 0; i < 3; i++) blobs.cleanUp(second, 'heir');
    expect({ bytes: blobs.bytes, first: first.gone, second: second.gone, blob: second.blobs[0]!.gone }).toEqual(before);
    expect(before).toEqual({ bytes: 50 + indexBytes, first: 'deleted', second: 'no', blob: 'no' });
  });

  test('of a zombie deletes what its successor builds upon', () => {
    const { blobs } = lonelyStore();
    const [a, b] = [file(1, 3), file(2, 5)];
    const base = snapshot(blobs, [a]);
    blobs.cleanUp(base, 'both');
    const zombie = snapshot(blobs, [b], base); // it has merged a away
    const successor = snapshot(blobs, [a, file(3, 1)], base); // it still has a
    blobs.cleanUp(successor, 'successor');
    blobs.cleanUp(zombie, 'zombie');
    expect(successor.blobs.map((blob) => blob.gone)).toEqual(['deleted', 'no']);
  });

  test('keeps a history of a thousand snapshots from piling up', () => {
    const { blobs } = lonelyStore();
    let index = snapshot(blobs, [file(0, 1)]);
    const first = index;
    for (let i = 1; i < 1500; i++) {
      index = snapshot(blobs, [file(i, 1)], index);
      blobs.cleanUp(index, 'me');
    }
    expect(blobs.bytes).toBe(10 + indexBytes);
    expect(blobs.index(first.id)).toBeNull();
    expect(index.previous!.previous).toBeNull();
  });
});

test('a store counts whom it did not answer, and is back when the last of its outages is over', () => {
  const { blobs } = lonelyStore();
  expect(blobs.answers()).toBe(true);
  blobs.outages += 2;
  expect([blobs.answers(), blobs.answers()]).toEqual([false, false]);
  blobs.outages--;
  expect(blobs.answers()).toBe(false);
  blobs.outages--;
  expect(blobs.answers()).toBe(true);
  expect(blobs.refused).toBe(3);
});
