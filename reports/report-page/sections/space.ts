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
import { bytesAxis } from '../units.ts';

type Term = SpaceRow['term'];

const TERMS: Readonly<
  Record<Term, { readonly key: keyof SpacePoint; readonly name: string; readonly colour: Colour }>
> = {
  replayLog: { key: 'replay_log_bytes', name: 'input kept for replay', colour: 1 },
  changelog: { key: 'changelog_bytes', name: 'snapshot and changelog behind it', colour: 3 },
  retained: { key: 'retained_bytes', name: 'last snapshots', colour: 7 },
  history: { key: 'history_bytes', name: 'history of snapshots', colour: 5 },
  uploading: { key: 'uploading_bytes', name: 'being uploaded', colour: 6 },
  writtenPerSecond: { key: 'written_bytes_per_s', name: 'written per second', colour: 4 },
};

const TERM_WORDS = Object.fromEntries(Object.entries(TERMS).map(([term, { name }]) => [term, name]));

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
            { key: 'term', title: 'Term', kind: 'text', words: TERM_WORDS },
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
export function regimes(study: SpaceStudy): string[] {
  const { terms, points, kept, log_against_materialization: log } = study;
  const of = (regime: SpaceRow['regime']): string =>
    terms
      .filter((row) => row.regime === regime)
      .map(({ term, exponent, r_squared: r }) => `${TERMS[term].name} (exponent ${two(exponent)}, R² ${r.toFixed(3)})`)
      .join(', ');
  const sentences = STARTS.flatMap(([start, regime]) => (of(regime) === '' ? [] : [`${start} ${of(regime)}.`]));
  const changes = points.filter((point, i) => i === 0 || points[i - 1]!.dominant !== point.dominant);
  const dominant = [...new Set(points.map((point) => point.dominant))];
  const [first, last] = [points[0]!, points.at(-1)!];
  const middle = points[Math.floor(points.length / 2)]!;
  const largest =
    dominant.length === 1
      ? `is the ${TERMS[dominant[0]!].name}`
      : `changes: ${changes.map((point) => `${TERMS[point.dominant].name} from ${shown(point.interval_s, 'seconds')} on`).join(', ')}`;
  return [
    ...sentences,
    `From ${shown(first.interval_s, 'seconds')} to ${shown(last.interval_s, 'seconds')} the largest of what this job keeps ${largest}.`,
    `In sum, what it keeps ${IN_WORDS[kept.regime]} (exponent ${two(kept.exponent)}, R² ${kept.r_squared.toFixed(3)}): ` +
      `${bytes(middle.kept_bytes)} at ${shown(middle.interval_s, 'seconds')}.`,
    ...(log === null
      ? []
      : [
          `The log behind the snapshot follows the frequency of materialisation (exponent ${two(log.exponent)}), not that of checkpoints.`,
        ]),
    keptInWords(study),
  ];
}

function keptInWords({ keeps_history: keepsHistory, history_s, retained_snapshots: kept }: SpaceStudy): string {
  const history = duration(history_s * 1e6);
  const what = keepsHistory
    ? `Kept are all snapshots of the last ${history}.`
    : `Kept ${kept === 1 ? 'is the last snapshot' : `are the last ${kept} snapshots`}; a history of ${history} is shown for comparison.`;
  return `${what} Measured without failures, so that each term is what it is by itself.`;
}

const STARTS: readonly (readonly [string, SpaceRow['regime']])[] = [
  ['“Space is inversely proportional to frequency” is true of', 'inverse'],
  ['It falls with frequency, though by less, for', 'falls'],
  ['It does not depend on frequency for', 'independent'],
  ['It is the opposite, proportional to frequency, for', 'proportional'],
  ['It rises with frequency, though by less, for', 'rises'],
];

const IN_WORDS: Readonly<Record<SpaceRow['regime'], string>> = {
  inverse: 'is inversely proportional to frequency',
  falls: 'falls with frequency, though by less than inversely',
  independent: 'does not depend on frequency',
  rises: 'rises with frequency, though by less than proportionally',
  proportional: 'is proportional to frequency, the opposite of the claim',
};

function spaceCharts({ terms, points, kept }: SpaceStudy): ChartBlock[] {
  const drawn = terms.filter(({ term }) => term !== 'writtenPerSecond');
  if (drawn.length === 0) return [];
  const valueOf = (point: SpacePoint, term: Term): number => Number(point[TERMS[term].key] ?? 0);
  const axis = bytesAxis(Math.max(...drawn.flatMap(({ term }) => points.map((point) => valueOf(point, term)))));
  const chart = xyChart({
    title: 'Space against the frequency of checkpoints',
    description: `In sum, what this job keeps ${IN_WORDS[kept.regime]}.`,
    x: { label: 'checkpoints per second', scale: 'log' },
    y: { label: `mean bytes, ${axis.unit}`, scale: 'log' },
    series: drawn.flatMap(({ term }) => {
      const { name, colour } = TERMS[term];
      const places = points.map((point) => ({
        x: point.per_s,
        y: valueOf(point, term) / axis.size,
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
        { key: 'kept_bytes', title: 'kept in sum', kind: 'bytes' },
        { key: 'dominant', title: 'Largest of it', kind: 'text', words: TERM_WORDS },
      ]),
    },
  ];
}

const two = (value: number): string => (Math.abs(value) < 0.005 ? '0.00' : value.toFixed(2));
