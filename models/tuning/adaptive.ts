/**
 * An interval that adapts: from the gaps between the last failures and from the last pauses it estimates what the closed form
 * needs, and asks it again before each checkpoint. Against it: the best interval that stays as it is, and one that knows. All
 * of them live through the same failures, of a job whose failures or pauses change half-way.
 */
import { randomStreams } from '../../sim/index.ts';
import { summarise, type Summary } from '../../sim/statistics.ts';
import { type FluidPlan, simulateSteered, type Steering } from '../fluid-job/index.ts';
import { streamOptimalCheckpointPeriod } from '../performance/stream-utilization.ts';
import { mtbfEstimationOverheadFactor } from '../performance/tuning.ts';
import { figuresOf } from './closed-form.ts';
import { spread } from './logarithmic-steps.ts';
import type { Rounds } from './tune.ts';

/** What happens half-way: a factor by which the distance of failures, or the pause, is multiplied. */
export interface RegimeChange {
  readonly what: 'mtbf' | 'pause';
  readonly factor: number;
}

/** The estimator: gaps that are kept, and the weight of the newest pause. */
export interface Estimator {
  readonly gaps: number;
  readonly pauseWeight: number;
}

export type Policy =
  | { readonly kind: 'fixed'; readonly interval_s: number }
  /** Knows failure rate and pause of each half. */
  | { readonly kind: 'informed' }
  | { readonly kind: 'adaptive'; readonly estimator: Estimator };

export interface AdaptiveJob {
  readonly plan: FluidPlan;
  readonly policy: Policy;
  readonly change: RegimeChange;
  /** Failures expected in each half. */
  readonly failures: number;
  readonly replication: number;
}

/** Shares of the time that checkpoints and work done again took; outages are the same for all. */
export interface AdaptiveSample {
  readonly lost: number;
  readonly checkpoints: number;
}

export const ESTIMATOR: Estimator = { gaps: 5, pauseWeight: 0.3 };

interface Regimes {
  readonly pause_s: readonly [number, number];
  readonly mtbf_s: readonly [number, number];
  readonly changeMicros: number;
  readonly horizonMicros: number;
}

function regimesOf({ plan, change, failures }: AdaptiveJob): Regimes {
  const { pause_s, failuresPerSecond } = figuresOf(plan);
  const mtbf_s = 1 / failuresPerSecond;
  const later = change.what === 'mtbf' ? mtbf_s * change.factor : mtbf_s;
  const changeMicros = Math.round(failures * mtbf_s * 1e6);
  return {
    pause_s: [pause_s, change.what === 'pause' ? pause_s * change.factor : pause_s],
    mtbf_s: [mtbf_s, later],
    changeMicros,
    horizonMicros: changeMicros + Math.round(failures * later * 1e6),
  };
}

/** Makes a run. The same (job, seed) gives the same sample; jobs that differ in their policy see the same failures. */
export function runAdaptiveJob(job: AdaptiveJob, seed: string): AdaptiveSample {
  const { plan, policy, replication } = job;
  const regimes = regimesOf(job);
  const saturated: FluidPlan = {
    ...plan,
    end: { kind: 'time', micros: regimes.horizonMicros },
    load: { kind: 'saturated' },
    checkpoint: { ...plan.checkpoint, upload: null, timeoutMicros: null },
    failures: [{ name: 'job', law: { kind: 'gaps', micros: gaps(regimes, seed, replication) }, level: 1 }],
  };
  const { budget, elapsedMicros, checkpoints } = simulateSteered(saturated, steering(policy, regimes), {
    seed,
    replication,
  });
  return { lost: (budget.paused_us + budget.replay_us) / elapsedMicros, checkpoints: checkpoints.completed };
}

/** Gaps of the one regime until the change, then of the other. */
function gaps({ mtbf_s, changeMicros, horizonMicros }: Regimes, seed: string, replication: number): number[] {
  const stream = randomStreams(seed, replication)('adaptive/failures');
  const micros: number[] = [];
  for (let at = 0; at < horizonMicros; at += micros.at(-1)!) {
    micros.push(Math.max(1, Math.round(stream.exponential(mtbf_s[at < changeMicros ? 0 : 1] * 1e6))));
  }
  return micros;
}

/** What decides in a run; it sees the time, pauses and failures, and no more. */
function steering(policy: Policy, { pause_s, mtbf_s, changeMicros }: Regimes): Steering {
  const pauseAt = (now: number): number => Math.round(pause_s[now < changeMicros ? 0 : 1] * 1e6);
  let now = 0;
  let pauseMicros = pause_s[0] * 1e6;
  let lastFailure = 0;
  const seen: number[] = [];
  const period = (): number => {
    const late = now < changeMicros ? 0 : 1;
    switch (policy.kind) {
      case 'fixed':
        return policy.interval_s;
      case 'informed':
        return best(pause_s[late], mtbf_s[late]);
      case 'adaptive': {
        const mean = seen.length === 0 ? mtbf_s[0] * 1e6 : seen.reduce((sum, gap) => sum + gap, 0) / seen.length;
        return best(pauseMicros / 1e6, mean / 1e6);
      }
    }
  };
  return {
    intervalMicros: (isFirst) => {
      const micros = Math.round(period() * 1e6);
      return Math.max(1, isFirst ? micros - Math.round(pauseMicros) : micros);
    },
    pauseMicros: (at) => {
      now = at;
      const pause = pauseAt(at);
      const weight = policy.kind === 'adaptive' ? policy.estimator.pauseWeight : 1;
      pauseMicros += weight * (pause - pauseMicros);
      return pause;
    },
    failed: (at) => {
      now = at;
      seen.push(at - lastFailure);
      if (policy.kind === 'adaptive' && seen.length > policy.estimator.gaps) seen.shift();
      lastFailure = at;
    },
  };
}

function best(blocking_cost_s: number, mtbf_s: number): number {
  return streamOptimalCheckpointPeriod.evaluate({ blocking_cost_s, failure_rate_per_s: 1 / mtbf_s });
}

export interface AdaptiveResult {
  readonly change: RegimeChange;
  readonly estimator: Estimator;
  readonly adaptive: Summary;
  /** The one that is best over both halves, found by trying. */
  readonly bestFixed: Summary & { readonly interval_s: number };
  /** The one that is best before the change. */
  readonly unchanged: Summary & { readonly interval_s: number };
  readonly informed: Summary;
  /** What the adaptive one loses beyond the informed one, as a share; and what theory says not knowing M costs. */
  readonly regret: Summary;
  readonly regretOfTheory: number;
  /** The best fixed one over the adaptive one, less 1, as a share: what adapting saves. */
  readonly saved: Summary;
  readonly intervals: readonly [number, number];
}

const FIXED = 9;
const REPLICATIONS = 8;
const FAILURES = 60;

/** Runs all policies. Throws RangeError for a job without pauses or failures. */
export function* adaptiveStudy(
  plan: FluidPlan,
  change: RegimeChange,
  estimator: Estimator = ESTIMATOR,
): Rounds<AdaptiveResult, AdaptiveJob, AdaptiveSample> {
  const base = { plan, change, failures: FAILURES };
  const regimes = regimesOf({ ...base, policy: { kind: 'informed' }, replication: 0 });
  const { pause_s, mtbf_s } = regimes;
  if (!(pause_s[0] > 0) || !(mtbf_s[0] < Infinity)) {
    throw new RangeError('an interval adapts to pauses and failures, and this job has none of the one or the other');
  }
  const intervals = [best(pause_s[0], mtbf_s[0]), best(pause_s[1], mtbf_s[1])] as const;
  const [low, high] = intervals.toSorted((a, b) => a - b);
  // The best fixed one lies between the two.
  const tried = spread(low!, Math.max(high!, low! * 1.01), FIXED);
  const policies: Policy[] = [
    { kind: 'adaptive', estimator },
    { kind: 'informed' },
    { kind: 'fixed', interval_s: intervals[0] },
    ...tried.map((interval_s): Policy => ({ kind: 'fixed', interval_s })),
  ];
  const samples = yield policies.flatMap((policy) =>
    Array.from({ length: REPLICATIONS }, (_, replication): AdaptiveJob => ({ ...base, policy, replication })),
  );
  const lostOf = (i: number): number[] =>
    samples.slice(i * REPLICATIONS, (i + 1) * REPLICATIONS).map(({ lost }) => lost);
  const [adaptive, informed, unchanged] = [lostOf(0), lostOf(1), lostOf(2)];
  const fixed = tried.map((interval_s, i) => ({ interval_s, ...summarise(lostOf(i + 3)) }));
  const bestFixed = fixed.reduce((least, each) => (each.mean < least.mean ? each : least));
  const bestLost = lostOf(3 + fixed.indexOf(bestFixed));
  return {
    change,
    estimator,
    adaptive: summarise(adaptive),
    bestFixed,
    unchanged: { interval_s: intervals[0], ...summarise(unchanged) },
    informed: summarise(informed),
    regret: summarise(adaptive.map((lost, i) => lost / informed[i]! - 1)),
    regretOfTheory: mtbfEstimationOverheadFactor.evaluate({ observed_failure_count: estimator.gaps }) - 1,
    saved: summarise(bestLost.map((lost, i) => lost / adaptive[i]! - 1)),
    intervals,
  };
}
