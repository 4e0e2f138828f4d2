/**
 * The JSON documents of the commands: the outcome's own names (others rely on them) plus how to get the same again.
 */
import type { CrashMatrix } from '../models/crash-matrix.ts';
import type { Outcome } from '../models/outcome.ts';
import type { Expectation } from '../models/plan.ts';
import { meetsExpectation } from './sections/verdict.ts';

/** What a run's document says besides the outcome. */
export interface RunDocumentContext {
  readonly version: string;
  readonly command: string;
  readonly scenarioHash: string;
  readonly expect: Expectation;
  readonly notes: readonly string[];
}

/** An Outcome with the command that reproduces it. */
export interface RunDocument extends Outcome {
  readonly tidemark: string;
  readonly command: string;
  readonly scenario_hash: string;
  readonly expected: Expectation & { readonly met: boolean };
  readonly notes: readonly string[];
}

/** The document of `run --json` and `replay --json`. */
export function runDocument(outcome: Outcome, context: RunDocumentContext): RunDocument {
  return {
    tidemark: context.version,
    ...outcome,
    command: context.command,
    scenario_hash: context.scenarioHash,
    expected: { ...context.expect, met: meetsExpectation(outcome, context.expect) },
    notes: context.notes,
  };
}

/** The document of `crash-matrix --json`. */
export interface CrashMatrixDocument extends CrashMatrix {
  readonly tidemark: string;
  readonly command: string;
  readonly seed: string;
}

/** The matrix with the command that reproduces it; each cell carries its own. */
export function crashMatrixDocument(
  matrix: CrashMatrix,
  context: { readonly version: string; readonly command: string; readonly seed: string },
): CrashMatrixDocument {
  return { tidemark: context.version, ...matrix, seed: context.seed, command: context.command };
}

/** Any document as text: two spaces, one newline at the end. */
export function jsonText(document: unknown): string {
  return JSON.stringify(document, null, 2) + '\n';
}
