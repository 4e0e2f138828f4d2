// The incremental backend of one task: which files it has, and which of them a checkpoint uploads.
import { describe, expect, test } from 'vitest';

import {
  type Backend,
  FILES_MAX,
  captureFiles,
  confirm,
  countsIn,
  flush,
  forget,
  freshBackend,
  remember,
} from '../../models/dataflow/shared-files.ts';

/** Uploads of a checkpoint: names, with * where a placeholder stands. */
function checkpoint(backend: Backend, id: number): readonly string[] {
  const path = (name: number): string => `${name}@c${id}`;
  const captured = captureFiles(backend, backend.base, { task: 1, key: path, path });
  remember(backend, id, captured);
  return captured.map(({ reference }) => (reference.path === null ? `${reference.key}*` : reference.path));
}

describe('a flush', () => {
  test('writes what was processed since the one before into a file of its own', () => {
    const backend = freshBackend();
    flush(backend, [1, 0, 2]);
    flush(backend, [1, 1, 3]);
    expect(backend.files).toEqual([
      { name: 1, counts: [1, 0, 2] },
      { name: 2, counts: [0, 1, 1] },
    ]);
    expect(countsIn(backend.files, 3)).toEqual([1, 1, 3]);
  });

  test('writes nothing where there is nothing', () => {
    const backend = freshBackend();
    flush(backend, [0, 0]);
    flush(backend, [1, 0]);
    flush(backend, [1, 0]);
    expect(backend.files.map(({ name }) => name)).toEqual([1]);
  });

  test('merges when there are many files, into one with a name of its own and the same counts', () => {
    const backend = freshBackend();
    for (let n = 1; n <= FILES_MAX + 1; n++) flush(backend, [n]);
    expect(backend.files).toEqual([{ name: FILES_MAX + 2, counts: [FILES_MAX + 1] }]);
  });
});

describe('a checkpoint', () => {
  test('uploads every file until one before it is confirmed, and refers to the files of that one then', () => {
    const backend = freshBackend();
    flush(backend, [1]);
    expect(checkpoint(backend, 1)).toEqual(['1@c1']);
    flush(backend, [2]);
    expect(checkpoint(backend, 2)).toEqual(['1@c2', '2@c2']);
    confirm(backend, 1);
    expect(checkpoint(backend, 3)).toEqual(['1@c1*', '2@c3']);
    confirm(backend, 3);
    expect(checkpoint(backend, 4)).toEqual(['1@c1*', '2@c3*']);
  });

  test('uploads again what a given-up one had uploaded', () => {
    const backend = freshBackend();
    flush(backend, [1]);
    checkpoint(backend, 1);
    forget(backend, 1);
    confirm(backend, 1);
    expect(checkpoint(backend, 2)).toEqual(['1@c2']);
  });

  test('is confirmed once: news of an older one changes nothing', () => {
    const backend = freshBackend();
    flush(backend, [1]);
    checkpoint(backend, 1);
    checkpoint(backend, 2);
    confirm(backend, 2);
    confirm(backend, 1);
    expect(backend.base).toBe(2);
  });
});
