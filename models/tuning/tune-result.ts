/** What a search for an interval is asked and what it answers: plain data. */
import type { Summary } from '../../sim/statistics.ts';
import type { ClosedForm } from './closed-form.ts';
import type { ConstraintFinding, ConstraintName, Constraints } from './constraints.ts';
import type { Objective } from './objective.ts';

export interface TuneOptions {
  /** Root of all random draws. */
  readonly seed: string | number;
  /** The search ends when the half-width of the optimum's 95 % interval is at most this share of it; 0.05 unless given. */
  readonly precision?: number;
  /** Simulated failures per run; 100 unless given. */
  readonly failuresPerRun?: number;
  /** Replications at most; 96 unless given. */
  readonly maxReplications?: number;
  readonly constraints?: Constraints;
}

export interface TunePoint {
  readonly interval_s: number;
  readonly cost: Summary;
}

export interface TuneResult {
  readonly objective: Objective['kind'];
  readonly optimum: {
    readonly interval_s: number;
    readonly low_s: number;
    readonly high_s: number;
    readonly cost: number;
  };
  /** Intervals whose cost is within 5 % of the least. */
  readonly flat: { readonly low_s: number; readonly high_s: number };
  /** The end of the range at which the cost still falls; null when the optimum lies inside. */
  readonly atBorder: 'shortest' | 'longest' | null;
  /** With what its interval costs more than the optimum, as a share; null where that was not simulated. */
  readonly closed_form: (ClosedForm & { readonly excess: number | null }) | null;
  /** The interval that is configured now and what it costs more, as a share; null where it is too short to simulate. */
  readonly now: (TunePoint & { readonly excess: number }) | null;
  readonly constraints: readonly ConstraintFinding[];
  /** What to run: the optimum, or the longest interval below it that keeps every bound; null when none does. */
  readonly recommendation: {
    readonly interval_s: number;
    readonly because: 'optimum' | ConstraintName;
    /** What it costs more than the optimum, as a share; null where it is too short to simulate. */
    readonly excess: number | null;
  } | null;
  /** In ascending order; the last window, of all replications. */
  readonly points: readonly TunePoint[];
  readonly replications: number;
  readonly runs: number;
  readonly failures: number;
  /** The interval is as narrow as was asked for. */
  readonly isPrecise: boolean;
}
