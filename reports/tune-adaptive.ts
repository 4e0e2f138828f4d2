/** An interval that adapts, beside those that do not: for people and as JSON. */
import type { AdaptiveResult, StreamJob } from '../models/tuning/index.ts';
import type { Summary } from '../sim/statistics.ts';
import { plain, type Style } from './style.ts';
import { labelled, table } from './text.ts';
import { interval } from './tune-words.ts';
import { assumptions, type TuneContext } from './tune.ts';

/** The document of `tune --adaptive --json`. */
export interface AdaptiveDocument extends AdaptiveResult {
  readonly tidemark: string;
  readonly scenario: string;
  readonly engine: StreamJob['engine'];
  readonly assumed: readonly string[];
  readonly notes: readonly string[];
  readonly seed: string;
  readonly command: string;
}

/** A result with what it is of and the command that gives it again. */
export function adaptiveDocument(
  result: AdaptiveResult,
  { version, command, job, notes }: TuneContext,
): AdaptiveDocument {
  const { name: scenario, engine, seed } = job;
  const assumed = assumptions(job, [result.change.what]);
  return { tidemark: version, scenario, engine, ...result, assumed, notes, seed, command };
}

const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`;
const withSpread = ({ mean, halfWidth95 }: Summary): string => `${percent(mean)} ± ${percent(halfWidth95)}`;

/** The comparison for a terminal. */
export function adaptiveReport(result: AdaptiveResult, { job, command }: TuneContext, style: Style = plain): string {
  const { change, estimator, adaptive, bestFixed, unchanged, informed, regret, saved, intervals } = result;
  const isBetter = saved.mean - saved.halfWidth95 > 0;
  const isWorse = saved.mean + saved.halfWidth95 < 0;
  const verdict = isBetter
    ? 'adapting pays'
    : isWorse
      ? 'adapting does not pay'
      : 'adapting makes no difference that can be seen';
  const changed = change.what === 'mtbf' ? 'the time between failures' : 'the pause of a checkpoint';
  return (
    [
      `${style(isBetter ? 'good' : 'warn', verdict)}  ${style('dim', `${job.name}: ${job.title}`)}`,
      '',
      ...labelled(
        'change',
        `half-way ${changed} is multiplied by ${change.factor}: the best interval goes from ${interval(intervals[0])} to ${interval(intervals[1])}`,
      ),
      ...labelled(
        'adaptive',
        `failure rate from the last ${estimator.gaps} gaps, pause as a mean in which the newest weighs ${estimator.pauseWeight}`,
      ),
      ...labelled('saved', `against the best fixed interval ${withSpread(saved)}, paired over the same failures`),
      ...labelled(
        'regret',
        `against one that knows both regimes ${withSpread(regret)}; knowing M from ${estimator.gaps} gaps alone costs ${percent(result.regretOfTheory)} when nothing changes`,
      ),
      '',
      ...table(
        [
          { title: 'interval', align: 'left' },
          { title: 'time in pauses and work done again', align: 'right' },
          { title: '±', align: 'right' },
        ],
        [
          ['as if both regimes were known', informed],
          ['adaptive', adaptive],
          [`best fixed, ${interval(bestFixed.interval_s)}`, bestFixed] as const,
          [`best before the change, ${interval(unchanged.interval_s)}`, unchanged] as const,
        ].map(([name, summary]) => [
          name as string,
          percent((summary as Summary).mean),
          percent((summary as Summary).halfWidth95),
        ]),
        { style },
      ),
      '',
      style('dim', `again: ${command}`),
    ].join('\n') + '\n'
  );
}
