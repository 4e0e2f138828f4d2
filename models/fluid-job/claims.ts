/**
 * Two sayings about checkpoints, measured: that time is proportional to the size of the state, and that space is inversely
 * proportional to the frequency of checkpoints. Each is true of some terms and false of others (models.md §1, §6.1): runs over
 * several sizes and several periods give the power each term follows.
 */
import type { FluidOutcome } from './outcome.ts';
import { fitPowerLaw, type PowerLawFit } from './power-law.ts';
import type { FluidPlan } from './plan.ts';
import { simulateFluid } from './simulate-fluid.ts';

export type TimeTerm = 'pause' | 'checkpointDuration' | 'restore';
export type SpaceTerm = 'replayLog' | 'changelog' | 'retained' | 'history' | 'uploading' | 'writtenPerSecond';

/** What a term does as checkpoints come more often. */
export type Regime = 'inverse' | 'falls' | 'independent' | 'rises' | 'proportional';

export interface TimeClaim extends PowerLawFit {
  readonly term: TimeTerm;
  /** State in bytes against seconds. */
  readonly points: readonly (readonly [stateBytes: number, seconds: number])[];
}

export interface SpaceClaim extends PowerLawFit {
  readonly term: SpaceTerm;
  /** By the exponent against frequency: -1 is inversely proportional. */
  readonly regime: Regime;
  /** Checkpoints per second against bytes (for what is written: bytes per second). */
  readonly points: readonly (readonly [perSecond: number, bytes: number])[];
}

export interface Claims {
  readonly timeAgainstState: readonly TimeClaim[];
  readonly spaceAgainstFrequency: readonly SpaceClaim[];
  /** The log behind the snapshot against the frequency of materialisation; null without a changelog. */
  readonly logAgainstMaterialization: PowerLawFit | null;
  /** For each period: the term that needs most space (what is written per second is none). */
  readonly dominant: readonly { readonly periodMicros: number; readonly term: SpaceTerm; readonly bytes: number }[];
}

export interface ClaimSweep {
  readonly stateBytes: readonly number[];
  readonly periodsMicros: readonly number[];
  readonly seed: string | number;
}

/** Runs the plan at each size and at each period, and fits every term that the plan has. */
export function measureClaims(plan: FluidPlan, sweep: ClaimSweep): Claims {
  const { stateBytes, periodsMicros, seed } = sweep;
  const bySize = stateBytes.map((size) => [size, simulateFluid(withState(plan, size), seed)] as const);
  const byPeriod = periodsMicros.map((period) => [period, simulateFluid(withPeriod(plan, period), seed)] as const);
  return {
    timeAgainstState: TIME_TERMS.flatMap(([term, of]) => {
      const points = bySize.map(([size, outcome]) => [size, of(outcome)] as const);
      return points.every(([, y]) => y > 0) ? [{ term, points, ...fitPowerLaw(points) }] : [];
    }),
    spaceAgainstFrequency: SPACE_TERMS.flatMap(([term, of]) => {
      const points = byPeriod.map(([period, outcome]) => [1e6 / period, of(outcome) ?? 0] as const);
      if (!points.every(([, y]) => y > 0)) return [];
      const fit = fitPowerLaw(points);
      return [{ term, points, ...fit, regime: regimeOf(fit.exponent) }];
    }),
    logAgainstMaterialization: logAgainstMaterialization(plan, sweep),
    dominant: byPeriod.map(([periodMicros, outcome]) => {
      const kept = SPACE_TERMS.filter(([term]) => term !== 'writtenPerSecond');
      const sizes = kept.map(([term, of]) => ({ periodMicros, term, bytes: of(outcome) ?? 0 }));
      return sizes.reduce((most, each) => (each.bytes > most.bytes ? each : most));
    }),
  };
}

function logAgainstMaterialization(plan: FluidPlan, { periodsMicros, seed }: ClaimSweep): PowerLawFit | null {
  const { snapshot } = plan;
  if (snapshot.kind !== 'changelog') return null;
  const points = periodsMicros.map((materializationPeriodMicros) => {
    const { space } = simulateFluid({ ...plan, snapshot: { ...snapshot, materializationPeriodMicros } }, seed);
    return [1e6 / materializationPeriodMicros, space.changelogMeanBytes! - snapshot.stateBytes] as const;
  });
  return fitPowerLaw(points);
}

/** How far an exponent may be from a whole one and still count as it. */
const NEAR = 0.1;

/** What an exponent against frequency means. */
export function regimeOf(exponent: number): Regime {
  if (Math.abs(exponent + 1) <= NEAR) return 'inverse';
  if (Math.abs(exponent) <= NEAR) return 'independent';
  if (Math.abs(exponent - 1) <= NEAR) return 'proportional';
  return exponent < 0 ? 'falls' : 'rises';
}

const TIME_TERMS: readonly (readonly [TimeTerm, (outcome: FluidOutcome) => number])[] = [
  ['pause', ({ budget, checkpoints }) => budget.paused_us / checkpoints.triggered / 1e6],
  ['checkpointDuration', ({ checkpoints }) => checkpoints.duration.mean / 1e6],
  ['restore', ({ budget, failures }) => budget.restore_us / failures.count / 1e6],
];

const SPACE_TERMS: readonly (readonly [SpaceTerm, (outcome: FluidOutcome) => number | null])[] = [
  ['replayLog', ({ space }) => space.replayLogMeanBytes],
  ['changelog', ({ space }) => space.changelogMeanBytes],
  ['retained', ({ space }) => space.retainedMeanBytes],
  ['history', ({ space }) => space.historyMeanBytes],
  ['uploading', ({ space }) => space.uploadingMeanBytes],
  ['writtenPerSecond', ({ io, elapsedMicros }) => io.writtenBytes / (elapsedMicros / 1e6)],
];

const withState = (plan: FluidPlan, stateBytes: number): FluidPlan => ({
  ...plan,
  snapshot: { ...plan.snapshot, stateBytes },
});

/** The first checkpoint after a restart comes a period later too. */
const withPeriod = (plan: FluidPlan, periodMicros: number): FluidPlan => ({
  ...plan,
  checkpoint: { ...plan.checkpoint, intervalMicros: periodMicros, firstTriggerMicros: periodMicros },
});
