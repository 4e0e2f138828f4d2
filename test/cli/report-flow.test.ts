// `tidemark report` of a dataflow job: its laws, and how late its outputs are, sink by sink.
import { describe, expect, it } from 'vitest';
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
