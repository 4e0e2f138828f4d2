// What a comparison looks like: the verdict per protocol, cells with intervals, stars where they mean something.
import { describe, expect, it } from 'vitest';
import { compareRuns, METRIC_LIST, type MetricName, type MetricValues } from '../../models/comparison/index.ts';
import { amount } from '../../reports/compare.ts';
import { type CompareContext, compareReport, plain } from '../../reports/index.ts';

const CONTEXT: CompareContext = {
  version: '0',
  scenario: 'job',
  title: 'A job',
  seed: '1',
  horizonMicros: 10_000_000,
  sink: 'two-phase',
  first: 0,
  replications: 3,
  asked: 3,
  promises: ['exactly-once', 'none'],
  notes: ['a note'],
  command: 'tidemark compare job',
};

function metrics(values: Partial<Record<MetricName, number>>): MetricValues {
  return Object.fromEntries(METRIC_LIST.map(({ name }) => [name, values[name] ?? null])) as Record<
    MetricName,
    number | null
  >;
}

const runs = [0, 1, 2].flatMap((replication) => [
  {
    protocol: 'careful',
    replication,
    metrics: metrics({ overhead_share: 0.1 + replication / 100, lost_records: 0, network_bytes: 1_000 }),
  },
  {
    protocol: 'careless',
    replication,
    metrics: metrics({ overhead_share: 0.05 + replication / 100, lost_records: replication * 7, network_bytes: 1_000 }),
  },
]);
const report = (changes: Partial<CompareContext> = {}): string =>
  compareReport(compareRuns(runs, ['careful', 'careless']), { ...CONTEXT, ...changes }, plain);

describe('the report of a comparison', () => {
  it('says first what each promises and where it clearly differs', () => {
    expect(report()).toContain('Against careful, behind two-phase sinks\n  careful   outputs exactly-once\n');
    expect(report()).toContain('  careless  promises nothing; overhead -5 %\n');
  });

  it('puts the paired difference below the mean, with a star where its interval does not contain 0', () => {
    expect(report()).toMatch(/^ {2}careful +11 % ±2\.48 %$/m);
    expect(report()).toMatch(/^ {2}careless +6 % ±2\.48 %\n +-5 % ±<0\.001 % \*$/m);
    expect(report()).toMatch(/^ {2}careless +7 ±17\.4\n +\+7 ±17\.4$/m);
    expect(report()).toMatch(/^ {2}careless +1 kB\n +same$/m);
  });

  it('leaves out tables and columns in which nobody has a number', () => {
    expect(report()).not.toContain('Phases of a recovery');
    expect(report()).not.toContain('mean latency');
  });

  it('says that it was stopped, and that one run shows nothing', () => {
    expect(report({ replications: 1, asked: 3 })).toContain('STOPPED  after 1 of 3 replications');
    expect(report({ replications: 1, asked: 3 })).toContain('one replication shows no clear difference');
    expect(report()).not.toContain('STOPPED');
  });

  it('has no line that is wider than a terminal, and ends with the command', () => {
    const lines = report().trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.at(-1)).toBe('again     tidemark compare job');
  });

  it('gives numbers three digits and a unit', () => {
    expect(amount('share', 0.123_456)).toBe('12.3 %');
    expect(amount('share', 0.000_000_1)).toBe('<0.001 %');
    expect(amount('us', 1_234_567)).toBe('1.23 s');
    expect(amount('bytes', 1_234)).toBe('1.23 kB');
    expect(amount('per-second', 1_234.5)).toBe('1,235/s');
    expect(amount('count', 12_345)).toBe('12,345');
    expect(amount('count', 0.25)).toBe('0.25');
  });
});
