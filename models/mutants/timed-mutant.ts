/**
 * Mutants outside the dataflow world: of Samza's commit, of the timed kernel, of whatever has a clock. Such a mutant runs
 * once as it is and once unmutated, on the same plan and seed, and says itself which laws were broken.
 */
import type { MutantResult } from './run-matrix.ts';
import type { Expectation } from './mutant.ts';

/** What one run of a timed mutant, or of its base, shows. */
export interface TimedRun {
  /** Laws broken. */
  readonly violations: readonly string[];
  /** What was measured, in words and numbers; for the reader. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface TimedMutant {
  /** As in the catalogue. */
  readonly name: string;
  /** What is broken, in one sentence. */
  readonly broken: string;
  /** Keys of the issues in which it was seen, of Flink's tracker. */
  readonly seen?: readonly string[];
  /** What it was made from, as the matrix names it. */
  readonly base: string;
  /** Id of the law that must break. */
  readonly law: string;
  readonly expected: Expectation;
  /** Deterministic; with `mutated` false the run of the base, which must break nothing. */
  readonly run: (mutated: boolean) => TimedRun;
}

/** Runs the mutant and its base once each. */
export function runTimedMutant({ name, broken, base, law, expected, run }: TimedMutant): MutantResult {
  const { violations, facts } = run(true);
  const isKilled = violations.includes(law);
  const spared = expected.status === 'killed' ? ({ status: 'survived', why: '' } as const) : expected;
  return {
    name,
    broken,
    base,
    law,
    ...(isKilled ? { status: 'killed', why: '' } : spared),
    driver: isKilled ? 'timed' : 'none',
    steps: 0,
    runs: 1,
    shrunkSteps: -1,
    breadthSteps: -1,
    stateGraph: { states: 0, transitions: 0, emptied: false },
    breaks: violations.toSorted(),
    twin: null,
    baseBreaks: run(false).violations,
    path: [],
    facts,
  };
}
