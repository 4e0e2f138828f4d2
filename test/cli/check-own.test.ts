// A protocol of the user's own: the example with the output that its page quotes, and every mistake an author can make.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mismatch, quotesIn } from '../docs/console.ts';
import { root } from '../docs/pages.ts';
import { tidemark } from './tidemark.ts';

const example = join(root, 'examples', 'own-protocol');

describe('examples/own-protocol', () => {
  const quotes = quotesIn(readFileSync(join(example, 'README.md'), 'utf8'));

  it.each(quotes)('README.md:$line prints what the page quotes: $command', ({ command, expected }) => {
    const { stdout } = tidemark(command.split(' ').slice(1), { cwd: example });
    expect(mismatch(expected, stdout)).toBeNull();
  });
});

describe("an author's mistake is a sentence with exit code 2", () => {
  const good = readFileSync(join(example, 'naive-two-task.mjs'), 'utf8');
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidemark-own-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'tidemark'), 'dir');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const without = (text: string): string => good.replace(text, '');
  it.each([
    ['no export', 'export const other = 1;', 'has no default export and none named "protocol"; it exports other'],
    ['no protocol', 'export default 7;', 'is not a protocol: it is a number, not an object'],
    ['no handler', without('control() {},'), '"task.control" should be a function, and is missing'],
    ['a handler misspelt', good.replace('uploadFailed:', 'uploadFails:'), '"task.uploadFails" is no handler'],
    ['no promise', without("state: 'exactly-once',"), '"promise.state" should be exactly-once, at-least-once or none'],
    ['no needs', without('needs: { fifo: true, cycles: false },'), '"needs" should be'],
    ['a syntax error', 'export default {', 'cannot be loaded: Unexpected end of input'],
    ['an import that is not there', "import './gone.mjs';", 'cannot be loaded: Cannot find module'],
    [
      'a handler that throws',
      good.replace('fx.preCommit(checkpoint);', 'checkpoint.nothing.more;'),
      "the handler task.message threw: Cannot read properties of undefined (reading 'more')",
    ],
    [
      'an effect on a channel that is not there',
      good.replace('fx.preCommit(checkpoint);', "fx.send(99, { name: 'x', checkpoint });"),
      'threw: argument 1 of fx.send should be an output of the task (',
    ],
    [
      'a control element without a checkpoint',
      good.replace('fx.preCommit(checkpoint);', "fx.broadcast({ name: 'x' });"),
      'threw: argument 1 of fx.broadcast should be a control element { name, checkpoint }, not {"name":"x"}',
    ],
    [
      'an effect that does not exist',
      good.replace('fx.preCommit(checkpoint);', 'fx.precommit(checkpoint);'),
      'threw: fx.precommit does not exist; there are send, broadcast,',
    ],
    [
      'a handler that draws random numbers',
      good.replace('fx.preCommit(checkpoint);', 'if (Math.random() < 0.5) fx.preCommit(checkpoint);'),
      'the same run, made twice, went two ways',
    ],
    [
      'a state that is no plain data',
      good.replace('notified: restored }', 'notified: restored, seen: new Map() }'),
      'after task.start the state is no plain data',
    ],
    [
      'a handler that returns a new state',
      good.replace('state.last = checkpoint;', 'return { ...state, last: checkpoint };'),
      'the handler task.message returned an object: handlers change the state they are given',
    ],
  ])('%s', (_title, text, message) => {
    writeFileSync(join(folder, 'mine.mjs'), text);
    for (const command of ['check', 'explore']) {
      const { code, stdout, stderr } = tidemark([command, '--protocol', 'mine.mjs'], { cwd: folder });
      expect(stderr).toContain(message);
      expect(stderr).toContain('mine.mjs');
      expect(stderr).not.toContain('internal error');
      expect(stdout).toBe('');
      expect(code).toBe(2);
    }
  });

  it('a saved counterexample finds the protocol from anywhere, and another version of it can be tried', () => {
    writeFileSync(join(folder, 'mine.mjs'), good);
    mkdirSync(join(folder, 'saved'));
    const words = ['explore', 'mine.mjs', '--topology', 'chain', '--crashes', '0', '--save', 'saved/lost.json'];
    expect(tidemark(words, { cwd: folder }).code).toBe(1);
    expect(tidemark(['replay', join(folder, 'saved', 'lost.json'), '--same']).stdout).toContain('SAME');
    writeFileSync(join(folder, 'weaker.mjs'), good.replace("state: 'exactly-once'", "state: 'none'"));
    const other = tidemark(['replay', 'saved/lost.json', '--protocol', 'weaker.mjs'], { cwd: folder });
    expect(other.stdout).toContain('HOLDS  this path breaks no law');
    expect(other.code).toBe(0);
  });

  it.skipIf('typescript' in process.features)('TypeScript needs a Node that can read it', () => {
    writeFileSync(join(folder, 'mine.ts'), good);
    const { code, stderr } = tidemark(['check', '--protocol', 'mine.ts'], { cwd: folder });
    expect(stderr).toMatch(/mine\.ts: Node [\d.]+ cannot read TypeScript\n {3}remedy: use Node 22\.18/);
    expect(code).toBe(2);
  });
});
