// Which file stands behind a key, and who used it last: Flink's registry as functions of plain data.
import { describe, expect, test } from 'vitest';

import type { FileReference } from '../../../models/dataflow/shared-files.ts';
import {
  type SharedStateRegistry,
  keepFiles,
  registerFiles,
  registryAfterRestart,
  unregisterUnused,
} from '../../../models/protocols/shared-state-registry.ts';

const upload = (key: string, path: string = key): FileReference => ({ task: 1, name: 1, key, path });
const placeholder = (key: string): FileReference => ({ task: 1, name: 1, key, path: null });
const paths = (files: readonly { readonly path: string }[]): readonly string[] => files.map(({ path }) => path);

/** Checkpoint 1 uploaded a and b, checkpoint 2 refers to b and uploaded c. */
function ofTwo(): SharedStateRegistry {
  const registry: SharedStateRegistry = [];
  registerFiles(registry, [upload('b'), upload('a')], 1);
  registerFiles(registry, [placeholder('b'), upload('c')], 2);
  return registry;
}

describe('registering', () => {
  test('keeps who created a file and who used it last, in the order of the keys', () => {
    expect(ofTwo().map(({ key, createdBy, lastUsed }) => [key, createdBy, lastUsed])).toEqual([
      ['a', 1, 1],
      ['b', 1, 2],
      ['c', 2, 2],
    ]);
  });

  test('resolves a placeholder to the file that was uploaded before', () => {
    const { files, isKnown } = registerFiles(ofTwo(), [placeholder('a')], 3);
    expect(paths(files)).toEqual(['a']);
    expect(isKnown).toBe(true);
  });

  test('knows no placeholder for what was never registered', () => {
    expect(registerFiles(ofTwo(), [placeholder('d'), upload('e')], 3)).toMatchObject({ isKnown: false });
  });

  test('keeps the first upload under a key, and names the second as a duplicate', () => {
    const { files, duplicates } = registerFiles(ofTwo(), [upload('a', 'a again')], 3);
    expect(paths(files)).toEqual(['a']);
    expect(duplicates).toEqual(['a again']);
  });

  test('takes the same handle for no duplicate of itself', () => {
    expect(registerFiles(ofTwo(), [upload('a')], 1).duplicates).toEqual([]);
  });

  test('of an old checkpoint, late, does not make a file older than it is', () => {
    const registry = ofTwo();
    registerFiles(registry, [placeholder('b')], 1);
    expect(registry.find(({ key }) => key === 'b')!.lastUsed).toBe(2);
  });
});

describe('letting go', () => {
  test('names what no checkpoint from the lowest retained one on has used, once', () => {
    const registry = ofTwo();
    expect(unregisterUnused(registry, 2)).toEqual(['a']);
    expect(unregisterUnused(registry, 2)).toEqual([]);
    expect(unregisterUnused(registry, 3)).toEqual(['b', 'c']);
  });

  test('spares what may belong to a completed checkpoint, until the tasks start again', () => {
    const registry = ofTwo();
    keepFiles(registry, [{ task: 1, name: 1, key: 'a', path: 'a' }]);
    expect(unregisterUnused(registry, 9)).toEqual(['b', 'c']);
    expect(unregisterUnused(registryAfterRestart(registry), 9)).toEqual(['a']);
  });
});
