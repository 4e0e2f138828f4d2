/** `--trace`: a file that appears when the run is finished, or stdout. */
import { UsageError } from '../exit.ts';
import { createPending, type PendingFile } from '../files.ts';
import type { TraceTarget } from '../jobs/job.ts';

/** Where the lines go, and the file that must be kept or dropped afterwards. */
export interface TraceOption {
  readonly target: TraceTarget | null;
  readonly file: PendingFile | null;
}

/** Creates the temporary file, if there is to be one. */
export function traceOption(trace: string | undefined, json: boolean): TraceOption {
  if (trace === undefined) return { target: null, file: null };
  if (trace !== '' && trace !== '-') {
    const file = createPending(trace);
    return { target: { kind: 'file', path: file.temporaryPath }, file };
  }
  if (json) throw new UsageError('--json and --trace - both want stdout: give --trace a file');
  return { target: { kind: 'stdout' }, file: null };
}
