// Stream jobs to be tuned: the shipped ones load and say what they assume; wrong ones are answered with place and remedy.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadStream, renderInputErrors, streamCatalog, streamJsonSchema } from '../../scenarios/index.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const shipped = streamCatalog.map((entry) => ({ ...entry, text: readFileSync(`${folder}${entry.file}`, 'utf8') }));

const noFile = (): { readonly code: string; readonly message: string } => ({ code: 'ENOENT', message: 'no such file' });

const good = `kind: stream
title: a job
load: { rate_per_s: 100, capacity_per_s: 200 }
state: { backend: full, bytes: 1000 }
checkpoint: { interval_s: 60, pause_ms: 100 }
faults: { mtbf_s: 3600 }
recovery: { detection_s: 1, restart_s: 2 }
`;

const load = (text: string, sets: readonly string[] = [], files: Readonly<Record<string, string>> = {}) =>
  loadStream({ path: 'job.yaml', text }, { readFile: (path) => files[path] ?? noFile(), sets });

function messageOf(text: string, sets: readonly string[] = [], files: Readonly<Record<string, string>> = {}): string {
  const result = load(text, sets, files);
  return result.kind === 'errors' ? renderInputErrors(result.errors) : 'no error';
}

describe.each(shipped)('$name', ({ name, file, text }) => {
  const result = loadStream({ path: `${folder}${file}`, text }, { readFile: noFile });

  it('loads under its own name, and teaches something', () => {
    expect(result).toMatchObject({ kind: 'loaded', job: { name } });
    if (result.kind === 'loaded') expect(result.teaches.length).toBeGreaterThan(80);
  });

  it('marks times that nobody has measured, and points editors at the schema', () => {
    expect(text.startsWith('# yaml-language-server: $schema=../stream.schema.json\n')).toBe(true);
    if (result.kind === 'loaded') expect(result.job.assumed).toContain('faults.mtbf_s');
  });
});

it('stream.schema.json is what stream-schema.ts says today (UPDATE_SCHEMA=1 writes it anew)', () => {
  const path = `${folder}stream.schema.json`;
  const today = JSON.stringify(streamJsonSchema(), null, 2);
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(path, `${today}\n`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(today));
});

it('a number below two bounds is told the stricter one, once', () => {
  const said = messageOf(good.replace('interval_s: 60', 'interval_s: -2'));
  expect(said).toContain('must be at least 0.001, found -2');
  expect(said.match(/must be/g)).toHaveLength(1);
});

describe('a wrong file is answered with its place and a remedy', () => {
  it.each([
    [good.replace('rate_per_s: 100', 'rate_per_s: 300'), 'job.yaml:3:21 load.rate_per_s: must be less than'],
    [good.replace('rate_per_s', 'rate_per_sec'), 'unknown key - did you mean "rate_per_s"?'],
    [good.replace('mtbf_s: 3600', ''), 'job.yaml:6:9 faults: needs mtbf_s or trace'],
    [good.replace('mtbf_s: 3600', 'mtbf_s: 3600, trace: x.csv'), 'faults: has mtbf_s and trace'],
    [good.replace('mtbf_s: 3600', 'trace: x.csv'), 'faults.trace: trace x.csv: no such file'],
    [good.replace('pause_ms: 100', 'pause_ms: 60000'), 'must be shorter than checkpoint.interval_s'],
    [good.replace('backend: full', 'backend: incremental'), 'does not say what changes'],
    [good.replace('backend: full', 'backend: ful'), 'found "ful" (text) - did you mean "full"?'],
    [good + 'objective: recovery-slo\n', 'objective: recovery-slo needs a bound'],
    [good + 'objective: weighted\n', 'objective: weighted needs weights'],
    [good + 'assumed: [checkpoint.pause]\n', 'is no key of this file: "checkpoint.pause" - did you mean "pause_ms"?'],
  ])('%#', (text, message) => {
    expect(messageOf(text)).toContain(message);
  });

  it('and so is a wrong option', () => {
    expect(messageOf(good, ['load.rate=5'])).toContain(
      '--set load.rate=5: unknown key - did you mean "load.rate_per_s"?',
    );
    expect(messageOf(good, ['load.rate_per_s=5', 'faults.mtbf_s=no'])).toContain(
      '--set faults.mtbf_s=no: must be a number',
    );
  });
});

describe('failures from a trace', () => {
  const rows = Array.from({ length: 14 }, (_, i) => `2020-01-${String(i + 1).padStart(2, '0')} 00:00:00,${i % 2},5`);
  const csv = `started_at,node,downtime_minutes\n${rows.join('\n')}\n`;
  const files = { 'x.csv': csv };

  it('replace the rate of the file, and keep their gaps', () => {
    const result = load(good, ['faults.trace=x.csv'], files);
    expect(result).toMatchObject({ kind: 'loaded' });
    if (result.kind !== 'loaded') return;
    expect(result.job.plan.failures[0]!.law).toEqual({
      kind: 'resampled',
      micros: Array.from({ length: 13 }, () => 86_400_000_000),
    });
  });

  it('of the nodes the job runs on alone, if enough are left', () => {
    expect(messageOf(good, ['faults.trace=x.csv', 'faults.trace_nodes=1'], files)).toContain(
      'has 7 failures of the nodes of the job; at least 10 are needed',
    );
    expect(messageOf(good, ['faults.trace=x.csv', 'faults.trace_nodes=3'], files)).toContain('at most the 2 nodes');
  });
});
