/**
 * Space against the frequency of checkpoints: the power that each term follows, by itself and together, and which of them is
 * the largest at which interval.
 */
import { fitPowerLaw, type FluidPlan, measureClaims, type SpaceClaim } from '../fluid-job/index.ts';
import { regimeOf } from '../fluid-job/claims.ts';
import { figuresOf } from '../tuning/closed-form.ts';

/** A term of space against the frequency of checkpoints. */
export interface SpaceRow {
  readonly term: SpaceClaim['term'];
  /** Of a power law of the frequency; -1 is inversely proportional. */
  readonly exponent: number;
  readonly r_squared: number;
  readonly regime: SpaceClaim['regime'];
}

export interface SpacePoint {
  readonly interval_s: number;
  readonly per_s: number;
  readonly replay_log_bytes: number | null;
  readonly changelog_bytes: number | null;
  readonly retained_bytes: number | null;
  readonly history_bytes: number | null;
  readonly uploading_bytes: number | null;
  readonly written_bytes_per_s: number | null;
  /** What this job keeps, in sum: log, changelog, and either the last snapshots or a history. */
  readonly kept_bytes: number;
  /** The largest of what it keeps. */
  readonly dominant: SpaceClaim['term'];
}

export interface SpaceStudy {
  readonly terms: readonly SpaceRow[];
  /** What this job keeps, in sum. */
  readonly kept: Omit<SpaceRow, 'term'>;
  readonly points: readonly SpacePoint[];
  /** The job keeps a history, and not just the last snapshots. */
  readonly keeps_history: boolean;
  /** How long snapshots are kept for the term `history`, s. */
  readonly history_s: number;
  /** How many snapshots are kept for the term `retained`. */
  readonly retained_snapshots: number;
  /** Of the frequency of materialisation, for the log behind the snapshot; null without a changelog. */
  readonly log_against_materialization: { readonly exponent: number; readonly r_squared: number } | null;
}

/** Periods of the study of space, as multiples of the configured interval. */
const SPACE_FACTORS = [0.25, 0.5, 1, 2, 4] as const;
/** A history holds so many of the longest periods where the plan keeps none, and a run so many histories. */
const HISTORY_PERIODS = 20;
const HISTORIES = 4;

/** The study measures time against state, too, of which nothing is said here. */
const SIZES_UNUSED = [1e6, 2e6] as const;

/** Without failures, so that a term is what it is by itself (models.md §6.1). */
export function spaceStudy(plan: FluidPlan, seed: string | number): SpaceStudy {
  const configured = plan.checkpoint.intervalMicros / 1e6;
  const pause = figuresOf(plan).pause_s;
  const periodsMicros = SPACE_FACTORS.map((factor) => Math.round(Math.max(configured, 8 * pause) * factor * 1e6));
  const longest = periodsMicros.at(-1)!;
  const historyMicros = plan.measure.historyMicros > 0 ? plan.measure.historyMicros : HISTORY_PERIODS * longest;
  const studied: FluidPlan = {
    ...plan,
    failures: [],
    end: { kind: 'time', micros: HISTORIES * Math.max(historyMicros, HISTORY_PERIODS * longest) },
    measure: { ...plan.measure, historyMicros },
  };
  const { spaceAgainstFrequency, logAgainstMaterialization } = measureClaims(studied, {
    stateBytes: SIZES_UNUSED,
    periodsMicros,
    seed,
  });
  const at = (term: SpaceClaim['term'], i: number): number | null =>
    spaceAgainstFrequency.find((claim) => claim.term === term)?.points[i]?.[1] ?? null;
  const keepsHistory = plan.measure.historyMicros > 0;
  const kept = (['replayLog', 'changelog', keepsHistory ? 'history' : 'retained'] as const).map((term) => ({
    term,
    bytes: periodsMicros.map((_, i) => at(term, i) ?? 0),
  }));
  const keptBytes = periodsMicros.map((_, i) => kept.reduce((sum, { bytes }) => sum + bytes[i]!, 0));
  const fit = fitPowerLaw(periodsMicros.map((period, i) => [1e6 / period, keptBytes[i]!] as const));
  return {
    kept: { exponent: fit.exponent, r_squared: fit.rSquared, regime: regimeOf(fit.exponent) },
    terms: spaceAgainstFrequency.map(({ term, exponent, rSquared, regime }) => ({
      term,
      exponent,
      r_squared: rSquared,
      regime,
    })),
    points: periodsMicros.map((period, i) => ({
      interval_s: period / 1e6,
      per_s: 1e6 / period,
      replay_log_bytes: at('replayLog', i),
      changelog_bytes: at('changelog', i),
      retained_bytes: at('retained', i),
      history_bytes: at('history', i),
      uploading_bytes: at('uploading', i),
      written_bytes_per_s: at('writtenPerSecond', i),
      kept_bytes: keptBytes[i]!,
      dominant: kept.reduce((most, each) => (each.bytes[i]! > most.bytes[i]! ? each : most)).term,
    })),
    keeps_history: keepsHistory,
    history_s: historyMicros / 1e6,
    retained_snapshots: plan.measure.retainedSnapshots,
    log_against_materialization:
      logAgainstMaterialization === null
        ? null
        : { exponent: logAgainstMaterialization.exponent, r_squared: logAgainstMaterialization.rSquared },
  };
}
