/** A Pareto front for people and as JSON: what each interval between two optima costs of the one and of the other. */
import type { ParetoResult, StreamJob } from '../models/tuning/index.ts';
import { plain, type Style } from './style.ts';
import { labelled, table } from './text.ts';
import { costText, costTitle, interval } from './tune-words.ts';
import { assumptions, type TuneContext } from './tune.ts';

/** The document of `tune --pareto --json`; `optimum` and `closed_form` of each objective stand in `optima`. */
export interface ParetoDocument extends ParetoResult {
  readonly tidemark: string;
  readonly scenario: string;
  readonly engine: StreamJob['engine'];
  readonly assumed: readonly string[];
  readonly notes: readonly string[];
  readonly seed: string;
  readonly command: string;
}

/** A front with what it is of and the command that gives it again. */
export function paretoDocument(result: ParetoResult, { version, command, job, notes }: TuneContext): ParetoDocument {
  return {
    tidemark: version,
    scenario: job.name,
    engine: job.engine,
    ...result,
    assumed: assumptions(job, result.objectives),
    notes,
    seed: job.seed,
    command,
  };
}

/** The front for a terminal. */
export function paretoReport(result: ParetoResult, { job, command }: TuneContext, style: Style = plain): string {
  const { objectives, optima, points } = result;
  const front = points.filter(({ isOnFront }) => isOnFront);
  const [low, high] = [front[0]?.interval_s ?? NaN, front.at(-1)?.interval_s ?? NaN];
  return (
    [
      `${style('good', `between ${interval(low)} and ${interval(high)} one is had for the other`)}  ${style('dim', `${job.name}: ${job.title}`)}`,
      '',
      ...optima.flatMap(({ optimum, objective, atBorder }) =>
        labelled(
          `best ${objective}`,
          atBorder === null
            ? `${interval(optimum.interval_s)}, 95 % interval ${interval(optimum.low_s)} to ${interval(optimum.high_s)}`
            : `${interval(optimum.interval_s)}, the ${atBorder} interval that makes sense: the cost still falls there`,
          { labelWidth: 20 },
        ),
      ),
      '',
      ...table(
        [
          { title: 'interval', align: 'right' },
          ...objectives.flatMap((objective) => [
            { title: costTitle(objective, job), align: 'right' } as const,
            { title: 'more', align: 'right' } as const,
          ]),
          { title: '', align: 'left' },
        ],
        points.map(({ interval_s, costs, isOnFront }) => [
          interval(interval_s),
          ...costs.flatMap((cost, which) => [
            costText(objectives[which]!, cost.mean),
            `${(100 * (cost.mean / least(result, which) - 1)).toFixed(1)} %`,
          ]),
          isOnFront ? '' : 'another is better in both',
        ]),
        { style },
      ),
      '',
      style('dim', `again: ${command}`),
    ].join('\n') + '\n'
  );
}

function least({ points }: ParetoResult, which: number): number {
  return Math.min(...points.map(({ costs }) => costs[which]!.mean));
}
