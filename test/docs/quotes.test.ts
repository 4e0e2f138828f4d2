// Every terminal session quoted in the README, the guide and the reference is run, and its lines are compared.
// After a change that moves numbers: DOCS=update npx vitest run test/docs, then read the text around them again.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Session, mismatch, quotesIn, refreshed, updatePage } from './console.ts';
import { pages, root } from './pages.ts';

const quoted = pages()
  .map(({ path, text }) => ({ path, quotes: quotesIn(text) }))
  .filter(({ quotes }) => quotes.length > 0);

/** Pages side by side; within a page one command after the other, as a reader types them. */
const LANES = 2;

describe('terminal sessions in the documentation (after a change of numbers: DOCS=update npx vitest run test/docs)', () => {
  /** What each command printed; one that several pages quote is run once. */
  const outputs: Map<string, string> = new Map();
  const sessions: Session[] = [];

  beforeAll(async () => {
    const waiting = quoted.toSorted((a, b) => b.quotes.length - a.quotes.length);
    const lane = async (): Promise<void> => {
      for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
        const session = new Session();
        sessions.push(session);
        for (const { command } of page.quotes) {
          if (outputs.has(command)) continue;
          outputs.set(command, '');
          // oxlint-disable-next-line no-await-in-loop -- in the order a reader types them
          outputs.set(command, await session.run(command));
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (process.env['DOCS'] === 'update') for (const { path } of quoted) updatePage(join(root, path), outputs);
  }, 240_000);

  afterAll(() => {
    for (const session of sessions) session.end();
  });

  for (const { path, quotes } of quoted) {
    it.each(quotes)(`${path}:$line prints what the page quotes: $command`, ({ command, expected }) => {
      expect(mismatch(expected, outputs.get(command)!)).toBeNull();
    });
  }
});

describe('a quote', () => {
  const output = 'one 1\ntwo 2\nthree 3\nfour 4\n';

  it('is true as a whole, and with lines left out where it says so', () => {
    expect(mismatch(['one 1', 'two 2', 'three 3', 'four 4'], output)).toBeNull();
    expect(mismatch(['one 1', '...', 'four 4'], output)).toBeNull();
    expect(mismatch(['...', 'two 2', 'three 3', '...'], output)).toBeNull();
    expect(mismatch(['...'], output)).toBeNull();
    expect(mismatch(['one 1', 'two...', '...'], output)).toBeNull();
  });

  it('is false when a line is wrong, missing, elsewhere, or left out without a word', () => {
    expect(mismatch(['one 1', 'two 3', '...'], output)).toBe('two 3');
    expect(mismatch(['two 2', '...'], output)).toBe('two 2');
    expect(mismatch(['...', 'two 2'], output)).toBe('two 2');
    expect(mismatch(['...', 'three 3', '...', 'two 2', '...'], output)).toBe('two 2');
    expect(mismatch(['one 1', 'three 3', '...'], output)).toBe('three 3');
    expect(mismatch(['one 1', 'two 2'], output)).toBe('and then: three 3');
    expect(mismatch(['one 1', 'too...', '...'], output)).toBe('too...');
  });

  it('is refreshed in its numbers only, in order', () => {
    expect(refreshed(['one 7', '...', 'four 1,234'], output)).toEqual(['one 1', '...', 'four 4']);
    expect(refreshed(['five 7'], output)).toEqual(['five 7']);
  });

  it('is found in console blocks only', () => {
    const page = 'text\n```sh\n$ a\n```\n```console\n$ b 1\nprinted\n$ c\n```\n$ d\n';
    expect(quotesIn(page)).toEqual([
      { line: 6, command: 'b 1', expected: ['printed'] },
      { line: 8, command: 'c', expected: [] },
    ]);
  });
});
