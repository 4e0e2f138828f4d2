/** The answer of a search for people and as JSON: what to run, how sure that is, what a formula would say, and what to paste. */
import { sensibleInterval, type StreamJob, type TuneResult } from '../models/tuning/index.ts';
import { bytes, count } from './numbers.ts';
import { plain, type Style } from './style.ts';
import { labelled, paragraph, table } from './text.ts';
import { type ConfigLines, configLines } from './tune-config.ts';
import { boundTitles, costText, costTitle, excessText, gapReasons, interval } from './tune-words.ts';

export interface TuneContext {
  readonly version: string;
  readonly command: string;
  readonly job: StreamJob;
  readonly notes: readonly string[];
}

/** A bound is kept by a round number that is shorter by a quarter at most. */
const BELOW_BOUND = 0.75;

/** The recommendation as a person would write it; null when no interval keeps the bounds. */
export function intervalToSet({ recommendation, flat, constraints }: TuneResult): number | null {
  if (recommendation === null) return null;
  const { interval_s, because } = recommendation;
  const longest = Math.min(...constraints.map(({ longest_s }) => longest_s));
  const isFree = because === 'optimum';
  return sensibleInterval(interval_s, {
    low_s: isFree ? flat.low_s : interval_s * BELOW_BOUND,
    high_s: Math.min(isFree ? flat.high_s : interval_s, longest),
  });
}

/** The document of `tune --json`. */
export interface TuneDocument extends TuneResult {
  readonly tidemark: string;
  readonly scenario: string;
  readonly engine: StreamJob['engine'];
  readonly scope: StreamJob['scope'];
  /** The interval to set, in seconds. */
  readonly set_s: number | null;
  readonly reasons: readonly string[];
  readonly config: Pick<ConfigLines, 'file' | 'lines'> | null;
  readonly measured: StreamJob['measured'];
  readonly assumed: readonly string[];
  readonly notes: readonly string[];
  readonly seed: string;
  readonly command: string;
}

/** A result with what it is of, what to paste, and the command that gives it again. */
export function tuneDocument(result: TuneResult, { version, command, job, notes }: TuneContext): TuneDocument {
  const set_s = intervalToSet(result);
  const config = set_s === null ? null : configLines(job, set_s);
  return {
    tidemark: version,
    scenario: job.name,
    engine: job.engine,
    scope: job.scope,
    set_s,
    ...result,
    reasons: gapReasons(result),
    config: config === null ? null : { file: config.file, lines: config.lines },
    measured: job.measured,
    assumed: assumptions(job, [result.objective]),
    notes,
    seed: job.seed,
    command,
  };
}

/** The answer for a terminal. */
export function tuneReport(result: TuneResult, context: TuneContext, style: Style = plain): string {
  const { job } = context;
  const set_s = intervalToSet(result);
  const verdict =
    set_s === null
      ? style('bad', 'no interval keeps every bound')
      : style('good', `run with an interval of ${interval(set_s)}`);
  const where = job.scope === 'container' ? ', for each container' : '';
  return (
    [
      `${verdict}  ${style('dim', `${job.name}: ${job.title}`)}`,
      '',
      ...labelled('objective', `${result.objective}: least ${costTitle(result.objective, job)}${where}`),
      ...summaryLines(result),
      ...gapReasons(result).flatMap((reason, i) => labelled(i === 0 ? 'why' : '', reason)),
      ...boundLines(result),
      ...sourceLines(context, result),
      '',
      ...curveLines(result, job, style),
      ...(set_s === null ? [] : ['', ...pasteLines(context.job, set_s, style)]),
      '',
      style('dim', `again: ${context.command}`),
    ].join('\n') + '\n'
  );
}

function summaryLines(result: TuneResult): readonly string[] {
  const { optimum, flat, closed_form: form, now, replications, runs, failures } = result;
  const isInside = result.isPrecise || result.atBorder === null;
  const evidence = `${count(failures)} failures in ${count(runs)} runs, ${count(replications)} replications of each interval`;
  return [
    ...labelled(
      'optimum',
      isInside && optimum.low_s < optimum.high_s
        ? `${interval(optimum.interval_s)}, 95 % interval ${interval(optimum.low_s)} to ${interval(optimum.high_s)}; ${evidence}`
        : `${interval(optimum.interval_s)}; ${evidence}`,
    ),
    ...(flat.low_s < flat.high_s
      ? labelled('flat', `from ${interval(flat.low_s)} to ${interval(flat.high_s)} it costs at most 5 % more`)
      : []),
    ...(form === null
      ? []
      : labelled(
          'closed form',
          `${interval(form.interval_s)} (${form.model})${form.excess === null ? '' : `, ${excessText(form.excess)}`}`,
        )),
    ...(now === null ? [] : labelled('now', `${interval(now.interval_s)}, ${excessText(now.excess)}`)),
    ...(result.isPrecise || result.atBorder !== null
      ? []
      : labelled('caution', 'the interval is wider than was asked for: more replications would not have ended soon')),
  ];
}

function boundLines({ constraints }: TuneResult): readonly string[] {
  return constraints.flatMap(({ name, bound_s, longest_s, by }, i) =>
    labelled(
      i === 0 ? 'bounds' : '',
      longest_s === 0
        ? `${boundTitles[name]} within ${interval(bound_s)}: at no interval`
        : `${boundTitles[name]} within ${interval(bound_s)}: up to an interval of ${interval(longest_s)} at least${by === 'plan' ? ', by its figures' : ', simulated'}`,
    ),
  );
}

/** Prices matter where money does. */
export function assumptions(
  { assumed, objective, weights }: StreamJob,
  objectives: readonly string[],
): readonly string[] {
  const isPriced = objectives.includes('money') || (objective === 'weighted' && weights.money !== undefined);
  return assumed.filter((key) => key !== 'prices' || isPriced);
}

function sourceLines({ job, notes }: TuneContext, { objective }: TuneResult): readonly string[] {
  const assumed = assumptions(job, [objective]);
  return [
    ...job.measured.flatMap(({ what, value, unit, n }, i) => {
      const text = unit === 's' ? interval(value) : unit === 'B' ? bytes(value) : `${count(value)} ${unit}`;
      return labelled(i === 0 ? 'measured' : '', `${what}: ${text} (n = ${count(n)})`);
    }),
    ...(assumed.length === 0 ? [] : labelled('assumed', `${assumed.join(', ')}: not measured, a guess`)),
    ...notes.flatMap((note, i) => labelled(i === 0 ? 'note' : '', note)),
  ];
}

const BAR = 36;

/** The window as a table with bars: what each interval costs more than the least. */
function curveLines({ points, objective, optimum, flat }: TuneResult, job: StreamJob, style: Style): readonly string[] {
  const excess = points.map(({ cost }) => cost.mean / optimum.cost - 1);
  const most = Math.max(...excess.filter((each) => each < Infinity), 1e-9);
  return table(
    [
      { title: 'interval', align: 'right' },
      { title: costTitle(objective, job), align: 'right' },
      { title: '±', align: 'right' },
      { title: 'more', align: 'right' },
      { title: '', align: 'left' },
    ],
    points.map(({ interval_s, cost }, i) => {
      const share = Math.max(0, excess[i]!);
      const isFlat = interval_s >= flat.low_s && interval_s <= flat.high_s;
      const bar = '#'.repeat(Math.round((BAR * Math.min(share, most)) / most));
      return [
        interval(interval_s),
        costText(objective, cost.mean),
        costText(objective, cost.halfWidth95),
        `${(100 * excess[i]!).toFixed(1)} %`,
        isFlat ? `${bar} flat`.trim() : bar,
      ];
    }),
    { style },
  );
}

function pasteLines(job: StreamJob, set_s: number, style: Style): readonly string[] {
  const { file, lines, notes } = configLines(job, set_s);
  return [
    ...paragraph(`Paste into ${file}:`),
    ...lines.map((line) => `    ${style('strong', line)}`),
    ...notes.flatMap((note) => paragraph(note)),
  ];
}
