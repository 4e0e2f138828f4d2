// `tidemark report` of a dataflow job: its laws, how late its outputs are, sink by sink, and what other intervals would cost.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidemark } from './tidemark.ts';

interface Report {
  readonly run: {
    readonly verdict: {
      readonly kind: string;
      readonly laws: readonly { readonly law: string; readonly checked: number }[];
    };
    readonly output_latency: readonly { readonly where: string; readonly count: number; readonly mean_us: number }[];
  };
}

const reportOf = (...words: readonly string[]): Report =>
  JSON.parse(tidemark(['report', 'trading-low-latency', '--set', 'horizon_s=18', '--json', ...words]).stdout) as Report;

interface Studied {
  readonly what_if: { readonly replications: number; readonly curves: readonly { readonly measure: string }[] } | null;
  readonly what_if_why_not: string | null;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-report-flow-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('other intervals of a dataflow job', () => {
  const words = [
    'report',
    'back-pressured-pipeline',
    '--set',
    'load.rate_per_s=500',
    '--set',
    'faults.mtbf_s=9',
    '--html',
    'r.html',
    '--json',
  ];
  const run = (...more: readonly string[]) => {
    const { stdout, code } = tidemark([...words, ...more], { cwd: folder });
    return { code, stdout, html: readFileSync(join(folder, 'r.html'), 'utf8') };
  };

  it('has a chart and a table for each curve, and goes on from kept runs to the same bytes', () => {
    const whole = run('--save', 'kept.json', '--workers', '2');
    expect(whole.code).toBe(0);
    const { what_if: study } = JSON.parse(whole.stdout) as Studied;
    expect(study!.curves.map(({ measure }) => measure)).toEqual([
      'overhead',
      'latency',
      'recovery',
      'replayed',
      'storage',
    ]);
    const section = /<section id="intervals".*?<\/section>/s.exec(whole.html)![0];
    expect(section.match(/role="img"/g)).toHaveLength(5);
    expect(section.match(/<table/g)).toHaveLength(5);
    expect(section).toContain(`${study!.replications} replications of 36.4 s at each of 6 intervals`);
    expect(section).toContain('the crashes are drawn at random');
    const kept = JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8')) as { rounds: (unknown[] | null)[] };
    expect(kept.rounds.map((samples) => samples!.length)).toEqual([1, 6 * study!.replications]);
    kept.rounds[1] = kept.rounds[1]!.map((sample, i) => (i % 2 === 0 ? null : sample));
    writeFileSync(join(folder, 'part.json'), JSON.stringify(kept));
    expect(run('--resume', 'part.json', '--workers', '1')).toEqual(whole);
  });

  it('says why there are none', () => {
    const { stdout } = tidemark(['report', 'hot-item', '--set', 'checkpoints.interval_ms=3600000', '--json']);
    const { what_if: study, what_if_why_not: why } = JSON.parse(stdout) as Studied;
    expect(study).toBeNull();
    expect(why).toMatch(/^runs at other intervals would take \d+ million events/);
  });
});

describe('tidemark report of a dataflow job', () => {
  it('tells the laws, and what the wait for a commit is of the latency of a transactional sink', () => {
    const { verdict, output_latency: rows } = reportOf().run;
    expect(verdict.kind).toBe('holds');
    expect(verdict.laws.map(({ law }) => law)).toEqual(['E2', 'E1', 'Q1', 'Q2']);
    expect(verdict.laws.every(({ checked }) => checked > 0)).toBe(true);
    expect(rows.map(({ where }) => where)).toEqual([
      'all sinks',
      'trades-0',
      'trades-0, held back for the commit',
      'trades-1',
      'trades-1, held back for the commit',
    ]);
    expect(rows[1]!.count + rows[3]!.count).toBe(rows[0]!.count);
    expect(rows[2]!.mean_us).toBeGreaterThan(rows[1]!.mean_us / 2);
  });

  it('tells of no wait where sinks show outputs at once', () => {
    const { output_latency: rows } = reportOf('--set', 'sink=idempotent').run;
    expect(rows.map(({ where }) => where)).toEqual(['all sinks', 'trades-0', 'trades-1']);
  });
});
