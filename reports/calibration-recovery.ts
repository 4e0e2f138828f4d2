/**
 * The report of `tidemark calibrate recovery`: the fit and how far its simulation is off on runs it has never seen, what every
 * other interval would have given, and run by run what was measured and what was predicted.
 */
import {
  OVERLOADED_FROM,
  type PredictionErrors,
  type RecoveryCalibration,
  type RecoveryComparison,
  type RecoveryFit,
  type SingleInterval,
} from '../models/calibration/index.ts';
import { oneDecimal, signedShare } from './calibration-numbers.ts';
import { count, plural, share } from './numbers.ts';
import type { Style } from './style.ts';
import { type Column, labelled, paragraph, table } from './text.ts';

/** What is said besides the result. */
export interface CalibrationContext {
  readonly version: string;
  readonly file: string;
  /** The command that gives this report again. */
  readonly command: string;
}

/** The calibration with the command that reproduces it. */
export function recoveryCalibrationDocument(
  calibration: RecoveryCalibration,
  { version, file, command }: CalibrationContext,
): object {
  return { tidemark: version, file, ...calibration, overloadedFrom: OVERLOADED_FROM, command };
}

/** The whole report, ending in a newline. */
export function recoveryCalibrationReport(
  calibration: RecoveryCalibration,
  context: CalibrationContext,
  style: Style,
): string {
  const { fit, fitIntervalSeconds, heldBack, points } = calibration;
  const others = calibration.byInterval.flatMap(({ intervalSeconds }) =>
    intervalSeconds === fitIntervalSeconds ? [] : [String(intervalSeconds)],
  );
  const lines = [
    style('dim', `tidemark ${context.version} · calibrate recovery · ${context.file}`),
    style('strong', `outage ${outageOf(fit)} s, capacity ${capacityOf(fit)} records/s`),
    ...paragraph(
      `from ${plural(fit.n, 'run')} at a checkpoint interval of ${fitIntervalSeconds} s; ± is one standard error`,
    ),
    ...paragraph(
      `${plural(heldBack.n, 'run')} at ${others.join(', ')} s were held back and simulated with it: ` +
        `${errorOf(heldBack)} off on average, ${share(heldBack.within20Percent, 1)} within 20 %, ` +
        `${share(heldBack.within30Percent, 1)} within 30 %`,
    ),
    ...paragraph(comparisonOf(calibration)),
    '',
    style('strong', 'Simulated against measured'),
    ...errorTable(calibration, style),
    '',
    style('strong', 'Which interval to fit on'),
    ...intervalTable(calibration, style),
    '',
    style('strong', 'Run by run'),
    ...runTable(points, style),
    '',
    style('strong', 'Notes'),
    ...notes(calibration),
    '',
    style('strong', 'For the scenario of a stream job'),
    `  load: { rate_per_s: ${medianLoad(points)}, capacity_per_s: ${Math.round(fit.capacityPerSecond)} } # put in your own rate`,
    `  recovery: { detection_s: 0, restart_s: ${fit.outageSeconds.toFixed(3)} } # detection, restart and restore in one`,
    '',
    `again     ${style('strong', context.command)}`,
  ];
  return lines.join('\n') + '\n';
}

/** Against what the same two parameters reach when more runs may be used. */
function comparisonOf({ heldBack, fitted, together }: RecoveryCalibration): string {
  const { errors, leaveOneIntervalOut: left } = together;
  const own = `On the runs it was fitted to it is ${finely(fitted)} off, on the others ${finely(heldBack)}`;
  const rest =
    left === null
      ? 'leaving an interval out leaves too little to fit'
      : `fits that may use all intervals but one are ${finely(left)} off on that one`;
  return `${own}. For comparison: one fit on all runs is ${finely(errors)} off, ${rest}.`;
}

function finely({ meanAbsoluteError }: PredictionErrors): string {
  return `${(100 * meanAbsoluteError).toFixed(2)} %`;
}

const ERROR_COLUMNS: readonly Column[] = [
  { title: 'interval', align: 'left' },
  { title: '', align: 'left' },
  { title: 'runs', align: 'right' },
  { title: 'mean error', align: 'right' },
  { title: 'bias', align: 'right' },
  { title: 'within 20 %', align: 'right' },
  { title: 'within 30 %', align: 'right' },
  { title: 'correlation', align: 'right' },
];

function errorTable(calibration: RecoveryCalibration, style: Style): readonly string[] {
  const { byInterval, fitIntervalSeconds, fitted, heldBack, usable } = calibration;
  const cells = (errors: PredictionErrors): readonly string[] => [
    count(errors.n),
    errorOf(errors),
    Number.isNaN(errors.bias) ? '-' : signedShare(errors.bias),
    share(errors.within20Percent, 1),
    share(errors.within30Percent, 1),
    errors.correlation === null ? '-' : errors.correlation.toFixed(3),
  ];
  return table(
    ERROR_COLUMNS,
    [
      ...byInterval.map((each) => [
        `${each.intervalSeconds} s`,
        each.intervalSeconds === fitIntervalSeconds ? 'fitted' : 'held back',
        ...cells(each),
      ]),
      ['all', 'fitted', ...cells(fitted)],
      ['all', 'held back', ...cells(heldBack)],
      ['all', 'usable', ...cells(usable)],
    ],
    { style },
  );
}

function intervalTable({ singleIntervals, together }: RecoveryCalibration, style: Style): readonly string[] {
  const row = ({ intervalSeconds, n, fit, heldBack }: SingleInterval): readonly string[] => {
    const name = [`${intervalSeconds} s`, count(n)];
    if (typeof fit === 'string' || heldBack === null)
      return [...name, '-', '-', NO_FIT[fit as keyof typeof NO_FIT], '-'];
    return [...name, outageOf(fit), capacityOf(fit), share(fit.meanAbsoluteError, 1), errorOf(heldBack)];
  };
  const { fit, errors, leaveOneIntervalOut } = together;
  const left = leaveOneIntervalOut === null ? '-' : `${errorOf(leaveOneIntervalOut)} *`;
  return [
    ...table(
      [
        { title: 'fitted on', align: 'left' },
        { title: 'runs', align: 'right' },
        { title: 'outage s', align: 'right' },
        { title: 'capacity records/s', align: 'right' },
        { title: 'mean error on these', align: 'right' },
        { title: 'on the others', align: 'right' },
      ],
      [...singleIntervals.map(row), ['all', count(fit.n), outageOf(fit), capacityOf(fit), errorOf(errors), left]],
      { style },
    ),
    ...paragraph('* each interval simulated with a fit on the other ones'),
  ];
}

const NO_FIT = {
  tooFew: 'fewer than 3',
  capacityUndetermined: 'capacity open',
  outageNegative: 'too fast',
} as const;

function runTable(points: readonly RecoveryComparison[], style: Style): readonly string[] {
  return table(
    [
      { title: 'interval s', align: 'right' },
      { title: 'records/s', align: 'right' },
      { title: 'measured s', align: 'right' },
      { title: 'model s', align: 'right' },
      { title: 'simulated s', align: 'right' },
      { title: 'error', align: 'right' },
      { title: '', align: 'left' },
    ],
    points.map((each) => [
      String(each.intervalSeconds),
      count(Math.round(each.recordsPerSecond)),
      oneDecimal(each.recoverySeconds),
      each.modelSeconds === null ? 'never' : oneDecimal(each.modelSeconds),
      each.simulatedSeconds === null ? 'never' : oneDecimal(each.simulatedSeconds),
      each.error === null ? '-' : signedShare(each.error),
      ROLES[each.role],
    ]),
    { style },
  );
}

const ROLES: Readonly<Record<RecoveryComparison['role'], string>> = {
  fitted: 'fitted',
  heldBack: '',
  overloaded: 'overloaded, left out',
};

function notes({ fit, points, options, usable, heldBack }: RecoveryCalibration): readonly string[] {
  const overloaded = points.filter(({ role }) => role === 'overloaded');
  const { beforeCheckpointSeconds: before, fitIntervalSeconds } = options;
  const never = heldBack.neverRecovers;
  const busiest = Math.max(...points.map(({ recordsPerSecond }) => recordsPerSecond)) / fit.capacityPerSecond;
  return [
    ...labelled(
      'model',
      'recovery = (D + age rho) / (1 - rho), rho = load / capacity; D and capacity minimise the squares of relative errors. ' +
        `age = ${before === 0 ? 'the interval: failures struck just before the next checkpoint' : `the interval less ${before} s`}`,
    ),
    ...labelled(
      'left out',
      `${overloaded.length === 0 ? 'nothing' : plural(overloaded.length, 'run')}: a run is overloaded when ` +
        `(recovery - D) / (recovery + age), the load that its recovery means, is ${share(OVERLOADED_FROM, 1)} or more ` +
        'with the D of all runs that are not',
    ),
    ...(fitIntervalSeconds === null
      ? labelled(
          'fitted on',
          'the interval whose own runs lie closest to the model; no held-back recovery has a say in it',
        )
      : []),
    ...(never === 0
      ? []
      : labelled('never', `${plural(never, 'held-back run')} had more load than the fitted capacity; they are misses`)),
    ...(busiest > LOAD_TO_LEARN_FROM
      ? []
      : labelled('far off', `no run came above ${share(busiest, 1)} of the fitted capacity: it is an extrapolation`)),
    ...labelled('n', `${plural(usable.n, 'usable run')} of ${count(points.length)}`),
  ];
}

/** Below this load recovery hardly depends on the capacity. */
const LOAD_TO_LEARN_FROM = 0.3;

function medianLoad(points: readonly RecoveryComparison[]): number {
  const loads = points.map(({ recordsPerSecond }) => recordsPerSecond).toSorted((a, b) => a - b);
  return Math.round(loads[Math.floor(loads.length / 2)] ?? 0);
}

function outageOf({ outageSeconds, outageStandardError }: RecoveryFit): string {
  return `${oneDecimal(outageSeconds)} ± ${oneDecimal(outageStandardError)}`;
}

function capacityOf({ capacityPerSecond, capacityStandardError }: RecoveryFit): string {
  return `${count(Math.round(capacityPerSecond))} ± ${count(Math.round(capacityStandardError))}`;
}

function errorOf({ meanAbsoluteError }: PredictionErrors): string {
  return Number.isNaN(meanAbsoluteError) ? '-' : share(meanAbsoluteError, 1);
}
