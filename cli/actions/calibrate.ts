/** What `tidemark calibrate` does: reads a file of measurements, fits, simulates and reports. */
import {
  calibrateFailures,
  type CalibrationProblem,
  calibrateRecovery,
  type FailureCalibration,
} from '../../models/calibration/index.ts';
import { failureCalibrationDocument, failureCalibrationReport } from '../../reports/calibration-failures.ts';
import { recoveryCalibrationDocument, recoveryCalibrationReport } from '../../reports/calibration-recovery.ts';
import { jsonText } from '../../reports/json.ts';
import { type InputError, inputError, renderInputError } from '../../scenarios/input-error.ts';
import { TRACE_BYTES_MAX } from '../../scenarios/load-scenario.ts';
import { decodeText } from '../../scenarios/source-text.ts';
import { readFailures } from '../../scenarios/traces.ts';
import { commandText } from '../command-text.ts';
import type { CalibrateArgs } from '../commands/calibrate.ts';
import { exitCode, type ExitCode, UsageError } from '../exit.ts';
import { readFile } from '../files.ts';
import { packageVersion } from '../home.ts';
import { terminalStyle, writeOut } from '../output.ts';
import { startProgress } from '../progress.ts';
import { readCauses, readRecoveries } from './calibrate-csv.ts';

/** The random streams of the goodness of fit and of the simulated failures. */
const SEED = '1';

/** Prints what the measurements say. */
export async function calibrate(args: CalibrateArgs): Promise<ExitCode> {
  if (args.what === 'recovery') recovery(args);
  else await failures(args);
  return exitCode.done;
}

function recovery(args: CalibrateArgs): void {
  const { file, json, nodes } = args;
  const fitInterval = args['fit-interval'];
  const before = args['before-checkpoint-s'] ?? 0;
  if (nodes !== undefined) throw new UsageError('--nodes: recoveries are not counted by node; it is for failures');
  if (fitInterval !== undefined && !(fitInterval > 0))
    throw new UsageError('--fit-interval must be seconds, a number above 0');
  if (!(before >= 0 && before < Infinity))
    throw new UsageError('--before-checkpoint-s must be seconds, a number from 0');
  const runs = known(readRecoveries(file, textOf(file)));
  const options = { fitIntervalSeconds: fitInterval ?? null, beforeCheckpointSeconds: before };
  const result = calibrateRecovery(runs, options);
  if ('problem' in result) throw mistake(file, result);
  const command = commandText([
    'calibrate',
    'recovery',
    file,
    ...(fitInterval === undefined ? [] : ['--fit-interval', String(fitInterval)]),
    ...(before === 0 ? [] : ['--before-checkpoint-s', String(before)]),
  ]);
  const context = { version: packageVersion(), file, command };
  writeOut(
    json
      ? jsonText(recoveryCalibrationDocument(result, context))
      : recoveryCalibrationReport(result, context, terminalStyle(process.stdout)),
  );
}

async function failures(args: CalibrateArgs): Promise<void> {
  const { file, json, nodes } = args;
  if (args['fit-interval'] !== undefined || args['before-checkpoint-s'] !== undefined)
    throw new UsageError('--fit-interval and --before-checkpoint-s are for recoveries: failures have no checkpoints');
  if (nodes !== undefined && !(Number.isSafeInteger(nodes) && nodes > 0))
    throw new UsageError('--nodes must be a whole number from 1');
  const text = textOf(file);
  const trace = known(readFailures(file, text));
  const result = await withProgress(file, calibrateFailures(trace, { nodes: nodes ?? null, seed: SEED }));
  if ('problem' in result) throw mistake(file, result);
  const command = commandText([
    'calibrate',
    'failures',
    file,
    ...(nodes === undefined ? [] : ['--nodes', String(nodes)]),
  ]);
  const context = { version: packageVersion(), file, command, seed: SEED, causes: readCauses(file, text) };
  writeOut(
    json
      ? jsonText(failureCalibrationDocument(result, context))
      : failureCalibrationReport(result, context, terminalStyle(process.stdout)),
  );
}

type FailureSteps = ReturnType<typeof calibrateFailures>;

/** Goes through the steps, and lets the display and a Ctrl-C in between. */
async function withProgress(what: string, steps: FailureSteps): Promise<FailureCalibration | CalibrationProblem> {
  const progress = startProgress(what, null);
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      progress.update({ ...step.value, unit: 'parts' });
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
    }
  } finally {
    progress.stop();
  }
}

function textOf(path: string): string {
  const limits = { maxBytes: TRACE_BYTES_MAX, what: 'file of measurements' };
  const decoded = decodeText(path, readFile(path), limits);
  if (typeof decoded !== 'string') throw new UsageError(renderInputError(decoded));
  return decoded;
}

function known<T extends object>(read: T | InputError): T {
  if ('source' in read) throw new UsageError(renderInputError(read));
  return read;
}

function mistake(source: string, { problem, remedy }: CalibrationProblem): UsageError {
  return new UsageError(renderInputError(inputError({ source, message: problem, remedy })));
}
