/** docs/validation.md from the rows of a campaign. */
import { PERFORMANCE_MODELS } from '../../models/performance/index.ts';
import type { PowerLawFit, SpaceClaim } from '../../models/fluid-job/index.ts';
import type { SchemeClaims } from './claim-sweep.ts';
import { agrees, type Experiment, noticedError, percent, REPLICATIONS, type Row } from './experiment.ts';
import { NOT_SIMULATED } from './not-simulated.ts';

export interface Results {
  readonly experiment: Experiment;
  readonly rows: readonly Row[];
}

/** An error of a closed form that a check should notice. */
export const SMALL_ERROR = 0.02;

export function validationPage(results: readonly Results[], claims: readonly SchemeClaims[]): string {
  const rows = results.flatMap((each) => each.rows);
  const disagreeing = rows.filter((row) => !agrees(row));
  const weak = rows.filter((row) => noticedError(row) > SMALL_ERROR);
  const models = new Set(rows.map(({ model }) => model));
  return [
    '# Closed forms against simulation',
    '',
    `${rows.length - disagreeing.length} of ${rows.length} numbers agree, of ${models.size} closed forms in ${results.length} experiments.`,
    'Written by `npm run validate`; the same version writes the same page. `npm test` runs the same experiments with fewer',
    'failures.',
    '',
    '**How to read it.** Each row has a number of a closed form (`tidemark model NAME`) beside the same number of a simulation',
    'under the assumptions of the form. SE is the standard error of the simulated mean over',
    `${REPLICATIONS} replications; the seed is \`validation/\` and the name of the experiment, the replications are 0 to ${REPLICATIONS - 1}; rows`,
    'without SE have no chance in them, or are the place of an optimum on a grid with common random numbers. z is the',
    'difference in standard errors. The band is fixed beforehand: 3 SE, plus the bias that the form itself admits where failures',
    'overlap, 3 (T + TRT) / M relative, or the resolution of a grid. A row is marked',
    '**no** if the difference is beyond its band. "notices" is the smallest error of the form, either way, that the row would',
    `mark: ${rows.length - weak.length} rows would notice ${percent(SMALL_ERROR)} or less, the others are marked weak.`,
    '',
    ...results.flatMap(section),
    ...claimSection(claims),
    ...TUNER_COVERAGE,
    '## Closed forms without a simulation',
    '',
    ...[...PERFORMANCE_MODELS.keys()]
      .filter((name) => !models.has(name))
      .map((name) => `- \`${name}\`: ${NOT_SIMULATED.get(name) ?? 'not yet'}`),
    '',
  ].join('\n');
}

function section({ experiment, rows }: Results): string[] {
  return [
    `## ${experiment.name} (models.md ${experiment.section})`,
    '',
    ...(experiment.finding === undefined ? [] : [experiment.finding, '']),
    '| what | model | closed form | simulated ± SE | z | difference | band | notices | failures | agrees |',
    '| --- | --- | --: | --: | --: | --: | --: | --: | --: | --- |',
    ...rows.map(line),
    '',
  ];
}

function line(row: Row): string {
  const { expected, simulated, standardError, band, bandIs, failures } = row;
  const z = standardError > 0 ? ((simulated - expected) / standardError).toFixed(1) : '–';
  const error = standardError > 0 ? ` ± ${standardError.toPrecision(2)}` : '';
  const notices = noticedError(row);
  const cells = [
    row.what,
    `\`${row.model}\``,
    expected.toPrecision(7),
    `${simulated.toPrecision(7)}${error}`,
    z,
    percent(simulated / expected - 1),
    `${percent(band / Math.abs(expected))}${bandIs === '' ? '' : ` (${bandIs})`}`,
    `${percent(notices)}${notices > SMALL_ERROR ? ' weak' : ''}`,
    failures === 0 ? '–' : String(failures),
    agrees(row) ? 'yes' : '**no**',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** By hand: counted over a hundred seeds of test/models/tuning/exact-optimum.ts, which takes minutes. */
const TUNER_COVERAGE: readonly string[] = [
  '## How sure the tuner is',
  '',
  'Counted once, over 1,000 searches of `tune`; `npm run validate` does not count it again. Ten jobs whose exact optimum is known',
  '(C/M from 1e-5 to 0.05), each under the root seeds 1 to 100:',
  '',
  '- the 95 % interval had the exact optimum in it in 94.7 % of the searches; the largest error of an optimum was 6.3 %;',
  '- 90 of the 100 seeds had at least nine of their ten jobs covered: 66 all, 24 all but one. Of the others 4 missed two, 4',
  '  three, 1 four and 1 five. The ten jobs of a seed share their failures, so misses come together: six seeds with three or more,',
  '  where jobs that share nothing would give one or two. The seeds 4, 5 and 9 are among the ten;',
  '- the suite runs one seed, `npm run validate:tuner` the seeds 1 to 3, and all of these are among the 90. With',
  '  `TIDEMARK_TUNER_SEEDS=100` in front, `npx vitest run test/models/tuning/tune.test.ts` names the ten.',
  '',
];

const TIME_WORDS = {
  pause: 'pause',
  checkpointDuration: 'trigger to durable',
  restore: 'restore',
} as const;

const SPACE_WORDS = {
  replayLog: 'input kept for replay',
  changelog: 'materialised snapshot and changelog',
  retained: 'the last completed snapshots',
  history: 'all snapshots of a while',
  uploading: 'snapshots being written',
  writtenPerSecond: 'bytes written per second',
} as const;

const REGIME_WORDS = {
  inverse: 'true: inversely proportional',
  falls: 'in part: falls, but not in proportion',
  independent: 'false: no dependence',
  rises: 'the opposite: rises, but not in proportion',
  proportional: 'the opposite: proportional',
} as const;

function claimSection(schemes: readonly SchemeClaims[]): string[] {
  return [
    '## Two sayings, measured',
    '',
    '"Time is proportional to the size of the state": fitted powers of the state, from 1 MB to 1 GB. True of what moves the whole',
    'state, and of the pause only where the upload blocks.',
    '',
    '| scheme | time | exponent | R2 |',
    '| --- | --- | --: | --: |',
    ...schemes.flatMap(({ scheme, claims }) =>
      claims.timeAgainstState.map((each) => `| ${scheme} | ${TIME_WORDS[each.term]} | ${fitCells(each)} |`),
    ),
    '',
    '"Space is inversely proportional to the frequency of checkpoints": fitted powers of the frequency, periods from 5 to 320 s.',
    '',
    '| scheme | space | exponent | R2 | the saying |',
    '| --- | --- | --: | --: | --- |',
    ...schemes.flatMap(({ scheme, claims }) => claims.spaceAgainstFrequency.map((each) => spaceLine(scheme, each))),
    ...schemes.flatMap(({ scheme, claims: { logAgainstMaterialization: fit } }) =>
      fit === null
        ? []
        : [`| ${scheme} | log, against the frequency of materialisation | ${fitCells(fit)} | true of that frequency |`],
    ),
    '',
    'The largest term, by period:',
    '',
    ...schemes.map(({ scheme, claims }) => {
      const terms = claims.dominant.map(
        ({ periodMicros, term, bytes }) =>
          `${periodMicros / 1e6} s ${SPACE_WORDS[term]} (${(bytes / 1e9).toPrecision(2)} GB)`,
      );
      return `- ${scheme}: ${terms.join(', ')}`;
    }),
    '',
  ];
}

const spaceLine = (scheme: string, each: SpaceClaim): string =>
  `| ${scheme} | ${SPACE_WORDS[each.term]} | ${fitCells(each)} | ${REGIME_WORDS[each.regime]} |`;

/** R2 says nothing of a line without slope. */
function fitCells({ exponent, rSquared }: PowerLawFit): string {
  return `${exponent.toFixed(3)} | ${Math.abs(exponent) < 0.01 ? '–' : rSquared.toFixed(4)}`;
}
