// `tidemark check` as a user meets it: verdicts and exit codes, one JSON document, files, the same answer with any workers.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidemark } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-check-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Document {
  readonly verdict: { readonly kind: string; readonly law: string | null; readonly why: string | null };
  readonly runs: number;
  readonly durable_projections: number;
  readonly faults: readonly { readonly fault: string; readonly happened: number; readonly bit: number }[];
  readonly canary_run: number | null;
  readonly counterexample: {
    readonly steps: number;
    readonly path: readonly string[];
    readonly story: string[];
  } | null;
}

const json = (words: readonly string[]): Document => JSON.parse(tidemark([...words, '--json']).stdout) as Document;

describe('the verdict', () => {
  it('holds with its bound, its reach, and a canary that was convicted', () => {
    const { code, stdout } = tidemark(['check', '--runs', '1200']);
    expect(stdout).toContain('HOLDS  no law was broken in 1,200 random runs');
    expect(stdout).toMatch(/Canary: .* convicted in run \d+\./);
    expect(stdout).toContain('again     tidemark check flink-aligned --runs 1200 --seed 1');
    expect(code).toBe(0);
  });

  it('is violated with a story that names record, channel and checkpoint, the path, and what to run next', () => {
    const { code, stdout } = tidemark(['check', '--mutant', 'snapFirst', '--topology', 'join']);
    expect(stdout).toContain('VIOLATED  C3');
    expect(stdout).toMatch(/s\d sent s\d#\d on s\d>join \(step \d+\), before it took its part of checkpoint \d/);
    expect(stdout).toMatch(/\n +1 {2}\S+:\S+/);
    expect(stdout).toMatch(/keep it {3}tidemark check .* --save tidemark-c3-[0-9a-f]{4}\.replay\.json/);
    expect(stdout).toContain('again     tidemark check --mutant snapFirst --topology join --seed 1');
    expect(code).toBe(1);
  });

  it.each([
    [['--runs', '0'], 'nothing was run'],
    [['--runs', '5'], 'the runs reached'],
    [['--runs', '5', '--min-reach', '10'], 'no restart ever began from a completed checkpoint'],
  ])('is unknown, exit code 3, when the runs prove nothing: %j', (words, why) => {
    const { code, stdout } = tidemark(['check', ...words]);
    expect(stdout).toContain('UNKNOWN');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(why);
    expect(code).toBe(3);
  });
});

describe('the JSON document', () => {
  it('has a verdict, what the faults did, and no counterexample where nothing broke', () => {
    const document = json(['check', 'flink-unaligned', '--runs', '1200']);
    expect(document.verdict.kind).toBe('holds');
    expect(document.durable_projections).toBeGreaterThan(1000);
    expect(document.canary_run).not.toBeNull();
    expect(document.faults.filter(({ bit }) => bit > 0).length).toBeGreaterThan(5);
    expect(document.counterexample).toBeNull();
  });

  it('is the same, byte by byte, for any number of workers', () => {
    const outputs = (words: readonly string[]): Set<string> =>
      new Set(
        ['1', '2', '4'].map((workers) => {
          const { stdout } = tidemark([...words, '--workers', workers, '--json']);
          expect(stdout).toContain('"verdict"');
          return stdout;
        }),
      );
    expect(outputs(['check', '--mutant', 'noAlign'])).toHaveProperty('size', 1);
    expect(outputs(['check', '--runs', '700'])).toHaveProperty('size', 1);
  });

  it('depends on the seed', () => {
    const words = ['check', 'lai-yang', '--topology', 'ring', '--runs', '300', '--min-reach', '1'];
    expect(json([...words, '--seed', '2']).durable_projections).not.toBe(json(words).durable_projections);
  });
});

describe('files', () => {
  it('a saved counterexample replays to the same law and state, and its page opens', () => {
    const words = ['check', '--mutant', 'noAlign', '--save', 'a.replay.json', '--html', 'a.html'];
    const { code, stdout } = tidemark(words, { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toContain('replay    tidemark replay a.replay.json');
    expect(readFileSync(join(folder, 'a.html'), 'utf8')).toMatch(/^<!doctype html>[^]*<svg[^]*<\/html>\n$/);
    const again = tidemark(['replay', 'a.replay.json', '--same'], { cwd: folder });
    expect(again.stdout).toContain('VIOLATED  C2');
    expect(again.stdout).toContain('SAME');
    expect(again.code).toBe(0);
    expect(tidemark(['replay', 'a.replay.json'], { cwd: folder }).code).toBe(1);
  });

  it('a path that is changed no longer fits, and a changed law is said', () => {
    const saved = JSON.parse(readFileSync(join(folder, 'a.replay.json'), 'utf8')) as { actions: string[]; law: string };
    writeFileSync(join(folder, 'b.json'), JSON.stringify({ ...saved, actions: ['store:coordinator#c9/a0'] }));
    const { code, stderr } = tidemark(['replay', 'b.json'], { cwd: folder });
    expect(stderr).toContain('action 1, store:coordinator#c9/a0, cannot happen here; what can: emit:s0#0');
    expect(code).toBe(2);
    writeFileSync(join(folder, 'c.json'), JSON.stringify({ ...saved, law: 'E1' }));
    const other = tidemark(['replay', 'c.json', '--same'], { cwd: folder });
    expect(other.stdout).toContain('CHANGED  the file has E1 broken, this path C2 broken');
    expect(other.code).toBe(1);
    writeFileSync(join(folder, 'd.json'), JSON.stringify({ ...saved, actions: saved.actions.slice(0, 3) }));
    const short = tidemark(['replay', 'd.json'], { cwd: folder });
    expect(short.stdout).toContain('HOLDS  this path breaks no law');
    expect(short.code).toBe(0);
  });

  it.each([
    [{ topology: null }, '"topology" should be a job'],
    [{ environment: {} }, '"environment.checkpoints" should be a whole number'],
    [{ actions: 'x' }, '"actions" should be a list of action ids'],
    [{ protocol: { kind: 'catalogue', name: 'flink-alined' } }, 'did you mean "flink-aligned"?'],
    [{ protocol: { kind: 'file', path: './gone.mjs' } }, 'gone.mjs: no such file'],
  ])('a replay file with a mistake is answered with it: %j', (change, message) => {
    const saved = JSON.parse(readFileSync(join(folder, 'a.replay.json'), 'utf8')) as object;
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...saved, ...change }));
    const { code, stdout, stderr } = tidemark(['replay', 'bad.json'], { cwd: folder });
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('nothing is written where nothing broke, or where it cannot be', () => {
    const before = readdirSync(folder).length;
    const words = ['check', '--runs', '20', '--min-reach', '1'];
    expect(tidemark([...words, '--save', 'none.json'], { cwd: folder }).stderr).toContain('nothing to write');
    expect(tidemark([...words, '--save', 'x', '--html', 'x'], { cwd: folder }).code).toBe(2);
    expect(tidemark([...words, '--save', 'nowhere/x'], { cwd: folder }).stderr).toContain('its folder does not exist');
    expect(readdirSync(folder)).toHaveLength(before);
  });
});

describe('wrong usage is answered with exit code 2 and a sentence', () => {
  it.each([
    [['flink-alined'], 'there is no protocol "flink-alined" - did you mean "flink-aligned"?'],
    [['samza'], 'samza has no coordinator whose checkpoints could be searched'],
    [['nowhere.mjs'], 'nowhere.mjs: no such file'],
    [['--mutant', 'noalign'], 'there is no mutant "noalign" - did you mean "noAlign"?'],
    [['flink-aligned', '--mutant', 'noAlign'], 'flink-aligned and --mutant noAlign: give one of them'],
    [['flink-aligned', '--protocol', 'x.mjs'], 'flink-aligned and --protocol x.mjs: give one of them'],
    [['--topology', 'ring'], '--topology ring: flink-aligned does not work on graphs with cycles'],
    [['--topology', 'rign'], '--topology rign: not one of chain, join, diamond, ring, keyed - did you mean "ring"?'],
    [['--runs', 'many'], '--runs must be a whole number from 0'],
    [['--workers', '0'], '--workers must be a whole number from 1 to 64'],
    [['--seed', ''], '--seed must not be empty'],
    [['--seed', '1', '--seed', '2'], '--seed is given 2 times'],
  ])('check %j', (words, message) => {
    const { code, stdout, stderr } = tidemark(['check', ...words], { cwd: folder });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
