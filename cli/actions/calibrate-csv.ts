/** The CSV files of `tidemark calibrate`: measured recoveries, and the causes beside a trace of failures. */
import { type RecoveryRun, SIMULATED_RECOVERY_SECONDS_MAX } from '../../models/calibration/index.ts';
import { type CsvProblem, readCsv } from '../../scenarios/csv.ts';
import type { InputError } from '../../scenarios/input-error.ts';

const COLUMNS = ['checkpoint_interval_s', 'throughput_records_per_s', 'recovery_time_s'];
const RATE_MAX = 1e9;

/** Measured recoveries, in the order of the file; further columns are not read. */
export function readRecoveries(source: string, text: string): readonly RecoveryRun[] | InputError {
  const runs: RecoveryRun[] = [];
  const rows = readCsv(source, text, COLUMNS, ([interval = '', rate = '', recovery = '']) => {
    const problem = secondsProblem(0, interval) ?? rateProblem(1, rate) ?? secondsProblem(2, recovery);
    if (problem !== null) return problem;
    runs.push({
      intervalSeconds: Number(interval),
      recordsPerSecond: Number(rate),
      recoverySeconds: Number(recovery),
    });
    return null;
  });
  return typeof rows === 'number' ? runs : rows;
}

/** Failures by cause, the most frequent first; empty for a file without causes. */
export function readCauses(
  source: string,
  text: string,
): readonly { readonly cause: string; readonly failures: number }[] {
  const counts = new Map<string, number>();
  readCsv(source, text, ['cause'], ([cause = '']) => {
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
    return null;
  });
  return [...counts]
    .map(([cause, failures]) => ({ cause, failures }))
    .sort((a, b) => b.failures - a.failures || (a.cause < b.cause ? -1 : 1));
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function secondsProblem(field: number, text: string): CsvProblem | null {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (value > SIMULATED_RECOVERY_SECONDS_MAX)
    return {
      field,
      message: `must be seconds, and ${text} of them are more than half a day`,
      remedy: 'is it in milliseconds? divide by 1000',
    };
  if (value >= 0.001) return null;
  return {
    field,
    message: `must be seconds, a number above 0, found "${text.slice(0, 40)}"`,
    remedy: 'leave out runs that were not measured; a run that never recovered has no recovery time',
  };
}

function rateProblem(field: number, text: string): CsvProblem | null {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (value > 0 && value <= RATE_MAX) return null;
  return {
    field,
    message: `must be records per second, a number above 0 and up to ${RATE_MAX}, found "${text.slice(0, 40)}"`,
    remedy: 'the rate at which records arrived during the run',
  };
}
