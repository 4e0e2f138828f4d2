// Pictures and traces from the command line: each option writes a file that its format's checker accepts, the window that
// was asked for or the one that tells most, and nothing at all when something is wrong.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromeTraceProblems, mermaidProblems, shivizProblems } from '../reports/export/checkers.ts';
import { tidemark, type Finished } from './tidemark.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-pictures-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (...words: readonly string[]): Finished => tidemark(words, { cwd: folder });
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const all = (name: string): readonly string[] =>
  ['html', 'perfetto', 'shiviz', 'mermaid'].flatMap((format) => [`--${format}`, `${name}.${format}`]);

function expectWellFormed(name: string): void {
  expect(text(`${name}.html`)).toMatch(/^<!doctype html>[^]*<svg[^]*<title>[^]*<desc>[^]*<table>[^]*<\/html>\n$/);
  expect(chromeTraceProblems(text(`${name}.perfetto`))).toEqual([]);
  expect(shivizProblems(text(`${name}.shiviz`)).problems).toEqual([]);
  expect(mermaidProblems(text(`${name}.mermaid`))).toEqual([]);
}

describe('every command that has something to show', () => {
  it.each([
    ['run', ['run', 'container-crash', '--horizon-s', '700'], 0],
    ['check', ['check', '--mutant', 'noAlign', '--topology', 'join'], 1],
    ['explore', ['explore', '--mutant', 'noAlign', '--crashes', '0'], 1],
  ])('%s writes a page, and traces that their tools accept', (name, words, code) => {
    const { code: ended, stderr } = inFolder(...words, ...all(name));
    expect(stderr).toContain(`wrote ${name}.html`);
    expect(ended).toBe(code);
    expectWellFormed(name);
  });

  it('replay draws a saved path, and a window of its steps', () => {
    inFolder('explore', '--mutant', 'noAlign', '--crashes', '0', '--save', 'path.json');
    expect(inFolder('replay', 'path.json', ...all('path')).code).toBe(1);
    expectWellFormed('path');
    expect(text('path.html')).toContain('class="m guilty"');
    expect(inFolder('replay', 'path.json', '--window', '2..4', '--html', 'steps.html').code).toBe(1);
    expect(text('steps.html')).toMatch(/Shown are events \d+ to \d+ of \d+; left out: \d+ events? before/);
  });

  it('replay draws a saved run as the run was drawn', () => {
    inFolder('run', 'container-crash', '--horizon-s', '700', '--save-replay', 'run.json', '--shiviz', 'first.log');
    expect(inFolder('replay', 'run.json', '--shiviz', 'again.log').code).toBe(0);
    expect(text('again.log')).toBe(text('first.log'));
  });
});

describe('the window of a run', () => {
  it('is around what broke the law, which is marked', () => {
    expect(inFolder('run', 'first-run-input-loss', '--html', 'loss.html').code).toBe(1);
    const page = text('loss.html');
    expect(page).toContain('VIOLATED O1');
    expect(page).toMatch(/<tr class="bad">(?:(?!<\/tr>).)*64\.274616(?:(?!<\/tr>).)*goes on at offset 334/);
    expect(page).toContain('container 0 (start 0, host 0) dies');
    expect(page).toContain('href="#tm-here"');
    expect(page).toContain('id="tm-here"');
  });

  it.each([
    ['crash', /container 0 \(start 0, host 0\) dies/],
    ['commits', /task 0, commit 1: complete/],
    ['100..160', /task 0, commit 2: complete/],
  ])('--window %s', (window, what) => {
    const words = ['run', 'container-crash', '--horizon-s', '700', '--window', window, '--html', 'window.html'];
    expect(inFolder(...words).code).toBe(0);
    expect(text('window.html')).toMatch(what);
  });

  it('--task shows these and no others', () => {
    const words = ['run', 'container-crash', '--horizon-s', '700', '--task', '1', '--task', '3', '--html', 'two.html'];
    expect(inFolder(...words).code).toBe(0);
    expect(text('two.html')).toMatch(/\(application master, task 1, task 3, output topic, checkpoint topic\)/);
  });

  it('20 tasks are all shown', () => {
    const wide = ['--set', 'job.inputs=[{stream: page-views, partitions: 20}]', '--set', 'job.containers=5'];
    const words = ['run', 'container-crash', '--horizon-s', '700', ...wide, '--html', 'wide.html'];
    expect(inFolder(...words).code).toBe(0);
    for (let task = 0; task < 20; task++) expect(text('wide.html')).toContain(`>task ${task}</text>`);
  });
});

describe('a mistake', () => {
  it.each([
    [['--window', '5000..6000'], 'the run ends at 1200 s'],
    [['--window', '20..10'], 'it ends before it begins'],
    [['--window', 'soon'], 'not understood'],
    [['--window', 'violation'], 'no law was broken in this run'],
    [['--task', '99'], 'this job has tasks 0 to 3'],
    [['--task', 'one'], 'this job has tasks 0 to 3'],
    [['--window', 'crash', '--window', 'commits'], 'given 2 times'],
    [['--shiviz', 'bad.html'], '--html and --shiviz cannot both write bad.html'],
    [['--save-replay', './bad.html'], 'cannot both write bad.html'],
    [['--perfetto', 'no/such/folder.json'], 'its folder does not exist'],
  ])('%j: exit code 2, a remedy, and no file', (words, message) => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = inFolder('run', 'container-crash', '--html', 'bad.html', ...words);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    [['--window', '500..600'], 'the path has'],
    [['--window', 'crash'], 'a path has steps, no time'],
    [['--window', '1.5..2'], 'a path has steps, no time'],
    [['--window', '4..2'], 'it ends before it begins'],
    [['--task', '1'], 'leave the option out'],
  ])('in the window of a path, too: %j', (words, message) => {
    inFolder('explore', '--mutant', 'noAlign', '--crashes', '0', '--save', 'mistake.json');
    const before = readdirSync(folder);
    const { code, stderr } = inFolder('replay', 'mistake.json', '--html', 'bad.html', ...words);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    ['--window', 'crash'],
    ['--task', '1'],
  ])('%s without a picture is told, not ignored', (...words) => {
    const { code, stdout, stderr } = inFolder('run', 'container-crash', ...words);
    expect(stderr).toContain('chooses what a picture shows, and none is asked for');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('an old file stays as it was', () => {
    writeFileSync(join(folder, 'old.html'), 'old');
    expect(inFolder('run', 'container-crash', '--window', 'violation', '--html', 'old.html').code).toBe(2);
    expect(text('old.html')).toBe('old');
  });

  it('nothing is written where nothing broke', () => {
    const before = readdirSync(folder);
    const { stderr } = inFolder('explore', '--topology', 'chain', '--crashes', '0', ...all('none'));
    expect(stderr).toContain('no law was broken: nothing to write');
    expect(readdirSync(folder)).toEqual(before);
  });
});
