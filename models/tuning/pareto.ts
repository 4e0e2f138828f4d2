/**
 * What can be had of two objectives at once. Each has its own best interval; whatever lies between the two gives up something
 * of the one for the other, and whatever lies outside gives up both. So the front is walked from one optimum to the other.
 */
import { summarise, type Summary } from '../../sim/statistics.ts';
import type { FluidPlan } from '../fluid-job/index.ts';
import type { Objective } from './objective.ts';
import { spread } from './logarithmic-steps.ts';
import { type TuneJob, withInterval } from './tune-job.ts';
import type { TuneOptions, TuneResult } from './tune-result.ts';
import { type Rounds, tuning } from './tune.ts';

export interface ParetoPoint {
  readonly interval_s: number;
  readonly costs: readonly [Summary, Summary];
  /** No other point is better in one and no worse in the other, by the means. */
  readonly isOnFront: boolean;
}

export interface ParetoResult {
  readonly objectives: readonly [Objective['kind'], Objective['kind']];
  readonly optima: readonly [TuneResult, TuneResult];
  /** In ascending order of the interval. */
  readonly points: readonly ParetoPoint[];
}

const POINTS = 13;
const REPLICATIONS = 12;

/** Both searches, then the walk between them, with the same failures at every point. */
export function* paretoFront(
  objectives: readonly [Objective, Objective],
  plan: FluidPlan,
  options: TuneOptions,
): Rounds<ParetoResult> {
  const first = yield* tuning(objectives[0], plan, options);
  const second = yield* tuning(objectives[1], plan, options);
  const kinds = [objectives[0].kind, objectives[1].kind] as const;
  const optima = [first, second] as const;
  const ends = optima.map(({ optimum }) => optimum.interval_s).toSorted((a, b) => a - b);
  const intervals = spread(ends[0]!, Math.max(ends[1]!, ends[0]! * 1.01), POINTS);
  const failures = options.failuresPerRun ?? 100;
  const jobs = intervals.flatMap((interval_s) =>
    Array.from({ length: REPLICATIONS }, (_, replication): TuneJob => {
      return { interval_s, replication, plan: withInterval(plan, interval_s, failures), objectives };
    }),
  );
  const samples = yield jobs;
  const costsOf = (which: number, i: number): Summary => {
    const from = i * REPLICATIONS;
    return summarise(samples.slice(from, from + REPLICATIONS).map(({ costs }) => costs[which]!));
  };
  const points = intervals.map((interval_s, i) => ({ interval_s, costs: [costsOf(0, i), costsOf(1, i)] as const }));
  return {
    objectives: kinds,
    optima,
    points: points.map((point) => ({ ...point, isOnFront: !points.some((other) => dominates(other, point)) })),
  };
}

type Costs = Pick<ParetoPoint, 'costs'>;

function dominates({ costs: [a, b] }: Costs, { costs: [c, d] }: Costs): boolean {
  return a.mean <= c.mean && b.mean <= d.mean && (a.mean < c.mean || b.mean < d.mean);
}
