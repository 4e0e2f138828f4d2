/** A stream job to be tuned: what its user reads off its metrics, as a fluid plan, with the bounds and prices it is judged by. */
import type { FluidPlan } from '../fluid-job/index.ts';
import type { Constraints } from './constraints.ts';
import type { LatencyView, Prices } from './objective.ts';

/** Whose configuration the recommended interval is written into. */
export type Engine = 'samza' | 'flink' | 'kafka-streams' | 'spark';

/** Objectives that need nothing but their name; weights are given by name, too. */
export type ObjectiveName = 'utilisation' | 'latency' | 'recovery-slo' | 'storage' | 'money' | 'weighted';

/** Weights of a weighted objective: each term counts in multiples of its value at the interval that is configured now. */
export type Weights = Readonly<Partial<Record<Exclude<ObjectiveName, 'weighted'>, number>>>;

export interface StreamJob {
  readonly name: string;
  readonly title: string;
  readonly engine: Engine;
  readonly seed: string;
  /** With the interval that is configured now. */
  readonly plan: FluidPlan;
  /** What the plan is of: the whole job, or one of its containers, which fail and restart on their own. */
  readonly scope: 'job' | 'container';
  readonly objective: ObjectiveName;
  /** What objective `latency` means; `first-output` unless given. */
  readonly latencyView?: LatencyView;
  readonly weights: Weights;
  readonly bounds: Constraints;
  readonly prices: Prices;
  /** Keys whose values nobody has measured. */
  readonly assumed: readonly string[];
  /** What a profile run has measured; empty when the numbers are the user's own. */
  readonly measured: readonly Measurement[];
}

/** One number of a profile run. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'records/s' | 'B';
  /** Of how many. */
  readonly n: number;
}

/** Prices of a job that gives none: our assumption (models.md §6.5 for the requests and the storage). */
export const PRICES_ASSUMED: Prices = {
  cores: 1,
  core_hour_price_usd: 0.05,
  put_price_usd: 0.000_005,
  get_price_usd: 0.000_000_4,
  storage_price_usd_per_gb_month: 0.023,
  transfer_price_usd_per_gb: 0,
};
