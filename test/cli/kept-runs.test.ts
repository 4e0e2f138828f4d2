// What is kept of a search comes back as it was, also what JSON cannot say.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keepRuns, keptRuns } from '../../cli/kept-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidemark-kept-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('finished runs in a file', () => {
  it('come back as they were', () => {
    const rounds = [
      [{ cost: NaN, name: 'number:5' }, null],
      [Infinity, -Infinity, -0, 0, 0.1, 'text:number:NaN', '', true],
    ];
    const path = join(folder, 'kept.json');
    keepRuns(path, 'abc', rounds);
    expect(keptRuns(path, 'abc')).toStrictEqual(rounds);
  });
});
