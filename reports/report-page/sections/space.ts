/**
 * "Space is inversely proportional to the frequency of checkpoints": of which terms that is true, of which the opposite, and
 * which of them is the largest here (models.md §6.1).
 */
import type { SpacePoint, SpaceRow, SpaceStudy } from '../../../models/what-if/index.ts';
import type { Colour } from '../../charts/frame.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { bytes, duration } from '../../numbers.ts';
import type { ChartBlock, Section } from '../section.ts';
import { shown, tableView } from '../table-view.ts';
import { bytesAxis, plainNumber } from '../units.ts';

type Term = SpaceRow['term'];

const TERMS: Readonly<
  Record<Term, { readonly key: keyof SpacePoint & string; readonly name: string; readonly colour: Colour }>
> = {
  replayLog: { key: 'replay_log_bytes', name: 'input kept for replay', colour: 1 },
  changelog: { key: 'changelog_bytes', name: 'snapshot and changelog behind it', colour: 3 },
  retained: { key: 'retained_bytes', name: 'last snapshots', colour: 7 },
  history: { key: 'history_bytes', name: 'history of snapshots', colour: 5 },
  uploading: { key: 'uploading_bytes', name: 'being uploaded', colour: 6 },
  writtenPerSecond: { key: 'written_bytes_per_s', name: 'written per second', colour: 4 },
};

/** Measured powers, and what they say. */
export function spaceSection(space: SpaceStudy): Section {
  return {
    id: 'space',
    title: 'Space against frequency',
    blocks: [
      { kind: 'list', items: regimes(space) },
      { kind: 'charts', charts: spaceCharts(space) },
      {
        kind: 'table',
        isOpen: true,
        table: tableView(
          'what_if.space.terms',
          'Power of the frequency that each term follows: -1 is inversely proportional',
          space.terms,
          [
            { key: 'term', title: 'Term', kind: 'text' },
            { key: 'exponent', title: 'Exponent', kind: 'number' },
            { key: 'r_squared', title: 'R²', kind: 'number' },
            { key: 'regime', title: 'With more frequent checkpoints', kind: 'text' },
          ],
        ),
      },
    ],
  };
}

/** In which regime the claim is true, in which it is the opposite, and where this job is. */
export function regimes({
  terms,
  points,
  history_s: history,
  retained_snapshots: kept,
  log_against_materialization: log,
}: SpaceStudy): string[] {
  const of = (...wanted: readonly SpaceRow['regime'][]): string => {
    const found = terms.filter(({ regime }) => wanted.includes(regime));
    return found
      .map(({ term, exponent, r_squared: r }) => `${TERMS[term].name} (exponent ${two(exponent)}, R² ${r.toFixed(3)})`)
      .join(', ');
  };
  const sentences = [
    ['“Space is inversely proportional to frequency” is true of', of('inverse')],
    ['It falls with frequency, though by less, for', of('falls')],
    ['It does not depend on frequency:', of('independent')],
    ['It is the opposite, proportional to frequency, for', of('proportional')],
    ['It rises with frequency, though by less, for', of('rises')],
  ].flatMap(([start, which]) => (which === '' ? [] : [`${start} ${which}.`]));
  const dominant = [...new Set(points.map((point) => point.dominant))];
  const names = dominant.map((term) => TERMS[term].name);
  const middle = points[Math.floor(points.length / 2)]!;
  return [
    ...sentences,
    dominant.length === 1
      ? `From ${shown(points[0]!.interval_s, 'seconds')} to ${shown(points.at(-1)!.interval_s, 'seconds')} the largest of them is the ${names[0]}, so the job as a whole goes with that term.`
      : `The largest of them changes with the interval: ${points.map((point) => `${TERMS[point.dominant].name} at ${shown(point.interval_s, 'seconds')}`).join(', ')}.`,
    `At ${shown(middle.interval_s, 'seconds')}: ${terms
      .filter(({ term }) => term !== 'writtenPerSecond')
      .map(({ term }) => `${TERMS[term].name} ${bytes(Number(middle[TERMS[term].key] ?? 0))}`)
      .join(', ')}.`,
    ...(log === null
      ? []
      : [
          `The log behind the snapshot follows the frequency of materialisation (exponent ${two(log.exponent)}), not that of checkpoints.`,
        ]),
    `Kept are ${kept === 1 ? 'the last snapshot' : `the last ${kept} snapshots`}; for the history, all of the last ${duration(history * 1e6)}. Measured without failures.`,
  ];
}

function spaceCharts({ terms, points }: SpaceStudy): ChartBlock[] {
  const drawn = terms.filter(({ term }) => term !== 'writtenPerSecond');
  if (drawn.length === 0) return [];
  const valueOf = (point: SpacePoint, term: Term): number => Number(point[TERMS[term].key] ?? 0);
  const axis = bytesAxis(Math.max(...drawn.flatMap(({ term }) => points.map((point) => valueOf(point, term)))));
  const chart = xyChart({
    title: 'Space against the frequency of checkpoints',
    description:
      regimes({ terms, points, history_s: 0, retained_snapshots: 1, log_against_materialization: null })[0] ?? '',
    x: { label: 'checkpoints per second', format: plainNumber, scale: 'log' },
    y: { label: `mean bytes, ${axis.unit}`, format: axis.format, scale: 'log' },
    series: drawn.flatMap(({ term }) => {
      const { name, colour } = TERMS[term];
      const places = points.map((point) => ({
        x: point.per_s,
        y: valueOf(point, term),
        title: `${name}, every ${shown(point.interval_s, 'seconds')}: ${bytes(valueOf(point, term))}`,
      }));
      return [{ name, colour, shape: 'line' as const, points: places }];
    }),
  });
  return [
    {
      title: 'Each term by itself',
      text: 'Both axes are logarithmic, so a power is a straight line: falling to the right where more frequent checkpoints need less.',
      chart,
      table: tableView('what_if.space.points', 'Mean of each term, over time', points, [
        { key: 'interval_s', title: 'Interval', kind: 'seconds' },
        { key: 'per_s', title: 'Per second', kind: 'number' },
        ...Object.values(TERMS).map(({ key, name }) => ({
          key: key as 'replay_log_bytes',
          title: name,
          kind: key === 'written_bytes_per_s' ? ('bytesPerSecond' as const) : ('bytes' as const),
        })),
        { key: 'dominant', title: 'Largest', kind: 'text' },
      ]),
    },
  ];
}

const two = (value: number): string => (Math.abs(value) < 0.005 ? '0.00' : value.toFixed(2));
