#!/usr/bin/env node
/**
 * The front door: parses the command line, calls one command, and ends the process with one exit code. Data goes to
 * stdout, everything else to stderr; a stack trace is shown only when TIDEMARK_DEBUG is set.
 */
import { commandText } from './command-text.ts';
import { exitCode, Interrupted, StdoutClosed, UsageError, type ExitCode } from './exit.ts';
import { writeErr } from './output.ts';
import { parse } from './parse.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<ExitCode> {
  try {
    return await parse(words);
  } catch (error) {
    return explain(error, words);
  }
}

/** What went wrong in words, and the exit code for it. */
function explain(error: unknown, words: readonly string[]): ExitCode {
  if (error instanceof UsageError) {
    writeErr(`${error.message}\n`);
    return exitCode.badInput;
  }
  if (error instanceof Interrupted) {
    writeErr('interrupted: the run was stopped, no file was written\n');
    return exitCode.interrupted;
  }
  if (error instanceof StdoutClosed) {
    writeErr('stdout was closed: stopped before the end, so there is no verdict\n');
    return exitCode.unknown;
  }
  const message = error instanceof Error ? error.message : String(error);
  writeErr(
    `internal error: ${message}\n` +
      'This is a fault of Tidemark, not of your input. Please report it with this command and its input files:\n' +
      `  ${commandText(words)}\n` +
      (process.env['TIDEMARK_DEBUG'] === undefined
        ? 'TIDEMARK_DEBUG=1 shows where it happened.\n'
        : `${error instanceof Error ? (error.stack ?? '') : ''}\n`),
  );
  return exitCode.internal;
}
