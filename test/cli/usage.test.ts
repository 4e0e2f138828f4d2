import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidemark } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-usage-'));
  writeFileSync(join(folder, 'bad.yaml'), 'title: x\nloads: { rate_per_s: 5 }\n');
  writeFileSync(join(folder, 'broken.json'), '{\n  "tidemark": [1,\n');
  writeFileSync(join(folder, 'other.json'), '{ "tidemark": "0.1.0", "law": null }');
  writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0, 1, 2, 3]));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('wrong usage is answered with exit code 2, one sentence on stderr, nothing on stdout', () => {
  it.each([
    [['rnu'], 'there is no command "rnu" - did you mean "run"?'],
    [['run', '--jsn'], 'there is no option --jsn - did you mean "--json"?'],
    [['run', '--ties', 'fif'], '--ties fif: not one of fifo, shuffled - did you mean "fifo"?'],
    [['run', 'page-views', 'again'], '"again" is one word too many'],
    [['run', '--seed', '1', '--seed', '2'], '--seed is given 2 times: 1, 2'],
    [['run', '--seed'], '--seed needs a value'],
    [['run', '--horizon-s', 'soon'], '--horizon-s must be a number of seconds above 0'],
    [['run', '--horizon-s', '-1'], '--horizon-s must be a number of seconds above 0'],
    [['run', 'page-veiws'], 'there is no scenario "page-veiws" - did you mean "page-views"?'],
    [['run', 'nowhere.yaml'], 'nowhere.yaml: no such file'],
    [['run', '--set', 'load.rat=5'], '--set load.rat=5: unknown key - did you mean "load.rate_per_s"?'],
    [['run', '--seed', ''], "--seed '': must not be empty"],
    [['run', '--trace', 'page-views'], '--trace page-views: this is a scenario, not a file to write'],
    [['run', '--json', '--trace', '-'], '--json and --trace - both want stdout'],
    [['run', '--save-replay', 'nowhere/x.json'], 'nowhere/x.json: cannot be written: its folder does not exist'],
    [['run', '--trace', 'x', '--save-replay', 'x'], '--trace and --save-replay cannot both write x'],
    [['replay'], 'a word is missing: tidemark replay <file>'],
    [['replay', 'nowhere.json'], 'nowhere.json: no such file'],
    [
      ['list', 'keyz'],
      '"keyz": not one of scenarios, keys, laws, steps, protocols, protocol-laws, models - did you mean "keys"?',
    ],
    [['crash-matrix', 'flink'], '"flink": not one of samza'],
  ])('%j', (words, message) => {
    const { code, stdout, stderr } = tidemark(words, { cwd: folder });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('shows the whole help when no command is given', () => {
    const { code, stdout, stderr } = tidemark([]);
    expect(stderr).toContain('tidemark crash-matrix [protocol]');
    expect(stderr.trimEnd().endsWith('which command?')).toBe(true);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('a bad file is answered with its place', () => {
  it.each([
    [['run', 'bad.yaml'], 'bad.yaml:2:1 loads: unknown key - did you mean "load"?'],
    [['run', 'binary.yaml'], 'binary.yaml: is a binary file'],
    [['run', '.'], '.: is a directory'],
    [['run', './'], './: is a directory'],
    [['replay', 'broken.json'], 'broken.json:3:1: is not JSON'],
    [['replay', 'other.json'], 'other.json: is not a replay file: "digests" should be three digests'],
    [['replay', 'bad.yaml'], 'is not JSON'],
  ])('%j', (words, message) => {
    const { code, stdout, stderr } = tidemark(words, { cwd: folder });
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('and nothing is written', () => {
    const before = readdirSync(folder);
    tidemark(['run', 'bad.yaml', '--trace', 'trace.txt', '--save-replay', 'replay.json'], { cwd: folder });
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('help and version', () => {
  it('go to stdout with exit code 0', () => {
    expect(tidemark(['--help'])).toMatchObject({ code: 0, stderr: '' });
    expect(tidemark(['run', '--help']).stdout).toContain('--save-replay');
    expect(tidemark(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });
});

describe('list', () => {
  it.each(['scenarios', 'keys', 'laws', 'steps'])('%s is one JSON document with that name', (what) => {
    const { code, stdout, stderr } = tidemark(['list', what, '--json']);
    const document = JSON.parse(stdout) as Record<string, readonly unknown[]>;
    expect(document[what]?.length).toBeGreaterThan(0);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('names every scenario with its expected verdict', () => {
    expect(tidemark(['list']).stdout).toMatch(/^ {2}page-views +holds /m);
  });
});
