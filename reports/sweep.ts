/** A sweep for people and as JSON: means of each interval with their 95 % half-widths, or every run as a row. */
import { group } from 'd3-array';
import { summarise } from '../sim/statistics.ts';
import type { SweepRow } from '../models/tuning/index.ts';
import { bytes, count, duration } from './numbers.ts';
import { plain, type Style } from './style.ts';
import { paragraph, table } from './text.ts';
import { assumptions, type TuneContext } from './tune.ts';
import { interval } from './tune-words.ts';

export interface SweepContext extends TuneContext {
  readonly horizon_s: number;
}

/** The document of `sweep --json`. */
export interface SweepDocument {
  readonly tidemark: string;
  readonly scenario: string;
  readonly horizon_s: number;
  readonly runs: readonly SweepRow[];
  readonly assumed: readonly string[];
  readonly notes: readonly string[];
  readonly seed: string;
  readonly command: string;
}

/** All runs with what they are of and the command that gives them again. */
export function sweepDocument(
  runs: readonly SweepRow[],
  { version, command, job, notes, horizon_s }: SweepContext,
): SweepDocument {
  const { name: scenario, seed } = job;
  const assumed = assumptions(job, []);
  return { tidemark: version, scenario, horizon_s, runs, assumed, notes, seed, command };
}

/** A column of means, with their half-widths or without. */
interface ShownFigure {
  readonly title: string;
  readonly of: (row: SweepRow) => number | null;
  readonly text: (mean: number) => string;
  readonly spread: boolean;
}

/** The means for a terminal. */
export function sweepReport(runs: readonly SweepRow[], context: SweepContext, style: Style = plain): string {
  const { job, horizon_s, command, notes } = context;
  const assumed = assumptions(job, []);
  const byInterval = [...group(runs, ({ interval_s }) => interval_s)];
  const figures: readonly ShownFigure[] = [
    {
      title: 'lost time',
      of: (row) => row.lost_fraction,
      text: (mean) => `${(100 * mean).toPrecision(3)} %`,
      spread: true,
    },
    { title: 'recovery', of: (row) => row.recovery_mean_s, text: interval, spread: true },
    {
      title: 'latency',
      of: (row) => row.latency_first_output_mean_s,
      text: (mean) => duration(mean * 1e6),
      spread: true,
    },
    { title: 'replay log', of: (row) => row.replay_log_mean_bytes, text: bytes, spread: false },
    { title: 'snapshots', of: (row) => row.snapshots_mean_bytes, text: bytes, spread: false },
    { title: 'written', of: (row) => row.written_bytes, text: bytes, spread: false },
  ];
  const failures = runs.reduce((sum, row) => sum + row.failures, 0);
  return (
    [
      `${style('strong', job.name)}: ${job.title}`,
      '',
      ...paragraph(
        `${count(runs.length)} runs of ${duration(horizon_s * 1e6)}, ${count(failures)} failures; means over replications, ± is the 95 % half-width`,
      ),
      '',
      ...table(
        [
          { title: 'interval', align: 'right' },
          { title: 'n', align: 'right' },
          ...figures.flatMap(({ title, spread }) =>
            (spread ? [title, '±'] : [title]).map((each) => ({ title: each, align: 'right' }) as const),
          ),
        ],
        byInterval.map(([interval_s, rows]) => [
          interval(interval_s),
          count(rows.length),
          ...figures.flatMap(({ of, text, spread }) => {
            const { n, mean, halfWidth95 } = summarise(rows.flatMap((row) => of(row) ?? []));
            const shown = n === 0 ? '-' : text(mean);
            return spread ? [shown, n < 2 ? '-' : text(halfWidth95)] : [shown];
          }),
        ]),
        { style },
      ),
      '',
      ...(assumed.length === 0 ? [] : paragraph(`assumed, not measured: ${assumed.join(', ')}`)),
      ...notes.flatMap((note) => paragraph(note)),
      style('dim', `again: ${command}`),
    ].join('\n') + '\n'
  );
}
