/**
 * Exit codes, and the errors that lead to them. Commands return a code or throw; `main.ts` is the only place that ends
 * the process.
 */

/** What a shell script or a CI job can rely on. */
export const exitCode = {
  /** The verdict holds, or the command did what it was asked. */
  done: 0,
  violated: 1,
  badInput: 2,
  unknown: 3,
  internal: 70,
  /** Ctrl-C, as a shell reports it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The user's mistake, on the command line or in a file: a sentence or more for stderr, never a stack trace. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** The user stopped the run. */
export class Interrupted extends Error {
  override readonly name: string = 'Interrupted';
}

/** Whoever read our stdout has gone (`| head`). */
export class StdoutClosed extends Error {
  override readonly name: string = 'StdoutClosed';
}

/** The exit code of a run's verdict. */
export function exitCodeOfVerdict(kind: 'holds' | 'violated' | 'unknown'): ExitCode {
  switch (kind) {
    case 'holds':
      return exitCode.done;
    case 'violated':
      return exitCode.violated;
    case 'unknown':
      return exitCode.unknown;
  }
}
