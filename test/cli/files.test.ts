import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../cli/exit.ts';
import { createPending, dropPending, fillPending, readFile } from '../../cli/files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('reading', () => {
  it('gives the bytes of a file', () => {
    writeFileSync(join(folder, 'a'), 'text');
    expect(readFile(join(folder, 'a'))).toEqual(Buffer.from('text'));
  });

  it('gives the reason as data where there is nothing to read', () => {
    expect(readFile(join(folder, 'none'))).toMatchObject({ code: 'ENOENT' });
    expect(readFile(folder)).toMatchObject({ code: 'EISDIR' });
    expect(readFile(join(folder, 'a\0b'))).toHaveProperty('message');
  });

  it.runIf(process.platform === 'linux')('never reads an endless device', () => {
    expect(readFile('/dev/zero')).toMatchObject({ message: 'it is a device, not a file' });
  });
});

describe('writing', () => {
  it('shows a file only when it is complete', () => {
    const file = createPending(join(folder, 'out.txt'));
    expect(readdirSync(folder)).not.toContain('out.txt');
    fillPending(file, 'done');
    expect(readdirSync(folder)).toEqual(['out.txt']);
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('done');
  });

  it('leaves what was there before when it is dropped', () => {
    writeFileSync(join(folder, 'out.txt'), 'old');
    dropPending(createPending(join(folder, 'out.txt')));
    expect(readdirSync(folder)).toEqual(['out.txt']);
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('old');
  });

  it('says before the run that a place cannot be written', () => {
    mkdirSync(join(folder, 'sub'));
    expect(() => createPending(join(folder, 'sub'))).toThrow(UsageError);
    expect(() => createPending(join(folder, 'none', 'out.txt'))).toThrow(/its folder does not exist/);
    expect(() => createPending('')).toThrow(/empty/);
  });
});
