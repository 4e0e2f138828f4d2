/**
 * The report of `tidemark calibrate failures`: how often, by which law and how well it fits, whether failures cluster, and the
 * law as a generator whose simulation is compared with the trace.
 */
import type {
  DurationStudy,
  FailureCalibration,
  FailureGenerator,
  FittedLaw,
  LifetimeLaw,
} from '../models/calibration/index.ts';
import type { CalibrationContext } from './calibration-recovery.ts';
import { spanOf, withError } from './calibration-numbers.ts';
import { count, plural, share } from './numbers.ts';
import type { Style } from './style.ts';
import { labelled, paragraph, table } from './text.ts';

/** What is said besides the result. */
export interface FailureCalibrationContext extends CalibrationContext {
  readonly seed: string;
  /** Empty if the file has none. */
  readonly causes: readonly { readonly cause: string; readonly failures: number }[];
}

/** The calibration with the command that reproduces it; the gaps that are resampled are in the file, and only counted here. */
export function failureCalibrationDocument(
  calibration: FailureCalibration,
  { version, file, command, seed, causes }: FailureCalibrationContext,
): object {
  const generators = calibration.generators.map(({ law, ...rest }) => ({
    law: law.kind === 'resampled' ? { kind: law.kind, gaps: law.micros.length } : law,
    ...rest,
  }));
  return { tidemark: version, file, seed, ...calibration, generators, causes, command };
}

/** The whole report, ending in a newline. */
export function failureCalibrationReport(
  calibration: FailureCalibration,
  context: FailureCalibrationContext,
  style: Style,
): string {
  const { failures, spanSeconds, mtbfSeconds, nodeMtbfSeconds, nodes, nodesSeen } = calibration;
  const { gaps, repairs, failuresOfOneNodeMax } = calibration;
  const lines = [
    style('dim', `tidemark ${context.version} · calibrate failures · ${context.file} · seed ${context.seed}`),
    style('strong', `a failure every ${spanOf(mtbfSeconds)}, of one node every ${spanOf(nodeMtbfSeconds)}`),
    ...paragraph(
      `${plural(failures, 'failure')} in ${spanOf(spanSeconds)}; ${count(nodesSeen)} of ${plural(nodes, 'node')} failed, ` +
        `one of them ${plural(failuresOfOneNodeMax, 'time')}`,
    ),
    ...paragraph(`Times between failures: ${verdictOf(gaps)}.`),
    ...paragraph(`Repairs: ${verdictOf(repairs)}.`),
    ...(context.causes.length === 0
      ? []
      : paragraph(
          `Causes: ${context.causes.map(({ cause, failures: n }) => `${cause} ${share(n, failures)}`).join(', ')}.`,
        )),
    '',
    style('strong', 'Time between failures'),
    ...study(gaps, style),
    '',
    style('strong', 'Repair time'),
    ...study(repairs, style),
    '',
    style('strong', 'Do failures come together?'),
    ...clustering(calibration, style),
    '',
    style('strong', 'As a generator'),
    ...generatorTable(calibration, style),
    '',
    style('strong', 'For the scenario of a stream job'),
    ...scenarioLines(calibration.generators, context.file),
    '',
    `again     ${style('strong', context.command)}`,
  ];
  return lines.join('\n') + '\n';
}

/** Above it the law is not contradicted. */
const SIGNIFICANCE = 0.05;

function verdictOf({ laws }: DurationStudy): string {
  const best = laws[0]!;
  const { goodness } = best;
  const answer =
    goodness.pValue >= SIGNIFICANCE
      ? `the values cannot be told from it (p = ${probability(best)})`
      : `the values can be told from it (p = ${probability(best)}): it is ${share(goodness.distance, 1)} off at most, ` +
        `samples of the law itself stay below ${share(goodness.distanceAt5Percent, 1)} in 95 of 100`;
  return `best by ${nameOf(best.law)}, ${parametersOf(best)}; ${answer}`;
}

function nameOf({ kind }: LifetimeLaw): string {
  return kind === 'weibull' ? 'Weibull' : kind;
}

function parametersOf({ law, standardErrors: [first = NaN, second = NaN] }: FittedLaw): string {
  switch (law.kind) {
    case 'exponential':
      return `mean ${withError(law.mean, first)} s`;
    case 'weibull':
      return `shape ${withError(law.shape, first)}, scale ${withError(law.scale, second)} s`;
    case 'lognormal':
      return `median ${withError(law.median, first)} s, sigma ${withError(law.sigma, second)}`;
  }
}

/** A p-value no more exact than its samples allow. */
function probability({ goodness: { pValue, samples } }: FittedLaw): string {
  return pValue <= 1 / (samples + 1) ? `below ${(2 / (samples + 1)).toFixed(3)}` : pValue.toFixed(3);
}

function study(durations: DurationStudy, style: Style): readonly string[] {
  const { n, laws, zeros, resolutionSeconds, weibullWithoutZeros: without } = durations;
  const summary =
    `${count(n)} values, mean ${spanOf(durations.meanSeconds)}, median ${spanOf(durations.medianSeconds)}, ` +
    `${spanOf(durations.minSeconds)} to ${spanOf(durations.maxSeconds)}, coefficient of variation ${durations.cv.toFixed(2)}; ` +
    `in steps of ${spanOf(resolutionSeconds)}, ${count(durations.tied)} of them equal to another`;
  return [
    ...paragraph(summary),
    ...table(
      [
        { title: 'law', align: 'left' },
        { title: 'by maximum likelihood, ± one standard error', align: 'left' },
        { title: 'AIC - best', align: 'right' },
        { title: 'KS distance', align: 'right' },
        { title: 'p', align: 'right' },
      ],
      laws.map((each) => [
        nameOf(each.law),
        parametersOf(each),
        count(Math.round(each.aic - laws[0]!.aic)),
        each.goodness.distance.toFixed(4),
        probability(each),
      ]),
      { style },
    ),
    ...paragraph('Quantiles, in seconds:'),
    ...quantiles(laws, style),
    ...(zeros === 0
      ? []
      : labelled(
          'zeros',
          `${plural(zeros, 'value')} of 0 count as half a step` +
            (without === null
              ? ''
              : `; without them the Weibull shape would be ${withError(without.law.shape, without.standardErrors[0]!)}`),
        )),
    ...labelled(
      'p',
      `share of ${count(laws[0]!.goodness.samples)} samples of the fitted law, rounded to the same steps and fitted again, ` +
        'that lie at least as far off',
    ),
  ];
}

function quantiles(laws: readonly FittedLaw[], style: Style): readonly string[] {
  return table(
    [
      { title: 'share', align: 'right' },
      { title: 'measured', align: 'right' },
      ...laws.map(({ law }) => ({ title: nameOf(law), align: 'right' }) as const),
    ],
    laws[0]!.quantiles.map(({ share: part, measured }, i) => [
      `${Math.round(100 * part)} %`,
      count(Math.round(measured)),
      ...laws.map(({ quantiles: own }) => count(Math.round(own[i]!.law))),
    ]),
    { style },
  );
}

function clustering(
  { clustering: { lag1, lag1StandardError, dispersion }, nodeGaps }: FailureCalibration,
  style: Style,
): readonly string[] {
  return [
    ...paragraph(
      `Correlation of a gap with the one before: ${lag1.toFixed(3)} (by chance 0 ± ${lag1StandardError.toFixed(3)}).`,
    ),
    ...(dispersion.length === 0
      ? []
      : table(
          [
            { title: 'failures per', align: 'left' },
            { title: 'windows', align: 'right' },
            { title: 'variance / mean', align: 'right' },
            { title: 'if independent', align: 'right' },
          ],
          dispersion.map(({ windowSeconds, windows, index, standardErrorIfPoisson }) => [
            spanOf(windowSeconds),
            count(windows),
            index.toFixed(2),
            `1 ± ${standardErrorIfPoisson.toFixed(2)}`,
          ]),
          { style },
        )),
    ...(nodeGaps === null
      ? []
      : paragraph(
          `On one and the same node (${count(nodeGaps.n)} gaps, ${count(nodeGaps.censored)} cut off by the end of the trace): ` +
            `Weibull shape ${withError(nodeGaps.fit.law.shape, nodeGaps.fit.standardErrors[0]!)}. A shape below 1 says that a ` +
            'failure makes the next one likelier, or that nodes differ.',
        )),
    ...paragraph(
      'A generator draws gaps one by one: it has their distribution, and no memory from one gap to the next.',
    ),
  ];
}

function generatorTable({ generators, gaps }: FailureCalibration, style: Style): readonly string[] {
  const { failuresPerReplication, mtbfSeconds: overReplications } = generators[0]!.simulated;
  return [
    ...table(
      [
        { title: 'source', align: 'left' },
        { title: 'simulated MTBF s', align: 'right' },
        { title: 'of the law', align: 'right' },
        { title: 'measured', align: 'right' },
        { title: 'simulated CV', align: 'right' },
        { title: 'of the law', align: 'right' },
        { title: 'measured', align: 'right' },
      ],
      generators.map(({ law, mtbfSeconds, cv, simulated }) => [
        law.kind,
        `${count(Math.round(simulated.mtbfSeconds.mean))} ± ${count(Math.round(simulated.mtbfSeconds.halfWidth95))}`,
        count(Math.round(mtbfSeconds)),
        count(Math.round(gaps.meanSeconds)),
        `${simulated.cv.mean.toFixed(3)} ± ${simulated.cv.halfWidth95.toFixed(3)}`,
        cv.toFixed(3),
        gaps.cv.toFixed(3),
      ]),
      { style },
    ),
    ...paragraph(
      `± is the 95 % interval over ${plural(overReplications.n, 'replication')} of ${plural(failuresPerReplication, 'failure')}.`,
    ),
  ];
}

/** A job that all nodes can stop; fewer nodes fail more rarely. */
function scenarioLines(generators: readonly FailureGenerator[], file: string): readonly string[] {
  return [
    ...generators.flatMap(({ law }) =>
      law.kind === 'weibull'
        ? [`  faults: { mtbf_s: ${Math.round(law.meanMicros / 1e6)}, shape: ${law.shape.toFixed(4)} }`]
        : [`  faults: { trace: ${JSON.stringify(file)} } # from the scenario’s folder; its gaps in random order`],
    ),
    ...paragraph('Any node stops this job. On k of N nodes multiply mtbf_s by N / k, or set trace_nodes: k.'),
  ];
}
