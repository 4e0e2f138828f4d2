/** What a checkpoint interval is to be good for: one number per run of a fluid job, smaller is better. */
import type { FluidOutcome, FluidPlan } from '../fluid-job/index.ts';

/** Prices of a month of 30 days and gigabytes of 10^9 bytes, as `cloud_monthly_cost` takes them. */
export interface Prices {
  readonly cores: number;
  readonly core_hour_price_usd: number;
  readonly put_price_usd: number;
  readonly get_price_usd: number;
  readonly storage_price_usd_per_gb_month: number;
  readonly transfer_price_usd_per_gb: number;
}

/**
 * Whose latency is meant: of first outputs, of every processing (replays count, too), or until a transactional sink shows the
 * record (models.md §5.2, §5.4).
 */
export type LatencyView = 'first-output' | 'replay' | 'sink';

export type Objective =
  /** Share of a saturated job's time that is not useful work. */
  | { readonly kind: 'utilisation' }
  /** Mean latency in seconds. */
  | { readonly kind: 'latency'; readonly view: LatencyView }
  /** Share of a saturated job's time that is not useful work, while recovery keeps to its bound. */
  | { readonly kind: 'recovery-slo' }
  /** Bytes kept, over time: replay log, changelog, snapshots. */
  | { readonly kind: 'storage' }
  /** US dollars a month. */
  | { readonly kind: 'money'; readonly prices: Prices }
  /** Sum of terms, each over its value at the interval that is configured now. */
  | { readonly kind: 'weighted'; readonly terms: readonly WeightedTerm[] };

export interface WeightedTerm {
  readonly objective: Exclude<Objective, { readonly kind: 'weighted' }>;
  readonly weight: number;
  /** The term's value at the interval that is configured now. */
  readonly scale: number;
}

/** Utilization is measured with a backlog that never ends, everything else under the load the job has. */
function isMeasuredSaturated({ kind }: Objective): boolean {
  return kind === 'utilisation' || kind === 'recovery-slo';
}

/** The plan that is run for an objective. */
export function planFor(objective: Objective, plan: FluidPlan): FluidPlan {
  return isMeasuredSaturated(objective) ? { ...plan, load: { kind: 'saturated' } } : plan;
}

const MONTH_S = 2_592_000;
const GIGABYTE = 1e9;

/** The number to make small; Infinity where a job cannot keep up. A weighted sum is made of several runs: `runTuneJob`. */
export function costOf(outcome: FluidOutcome, objective: WeightedTerm['objective'], plan: FluidPlan): number {
  switch (objective.kind) {
    case 'utilisation':
    case 'recovery-slo':
      return 1 - outcome.utilization;
    case 'latency':
      return latencyOf(outcome, objective.view);
    case 'storage':
      return bytesKept(outcome, plan);
    case 'money':
      return dollarsAMonth(outcome, plan, objective.prices);
  }
}

function latencyOf({ latency }: FluidOutcome, view: LatencyView): number {
  if (latency === null) return Infinity;
  const seen = view === 'first-output' ? latency.firstOutput : latency[view];
  return seen.mean_us / 1e6;
}

/** With a history its snapshots count, otherwise the last few. */
function bytesKept({ space }: FluidOutcome, { measure }: FluidPlan): number {
  const snapshots = measure.historyMicros > 0 ? space.historyMeanBytes : space.retainedMeanBytes;
  return (space.replayLogMeanBytes ?? 0) + (space.changelogMeanBytes ?? 0) + snapshots;
}

/** Cores that stand still or work again, requests, transfer of what checkpoints write, and what is kept. */
function dollarsAMonth(outcome: FluidOutcome, plan: FluidPlan, prices: Prices): number {
  const { budget, elapsedMicros, io } = outcome;
  const lost =
    budget.paused_us + budget.replay_us + budget.down_us + budget.detect_us + budget.restart_us + budget.restore_us;
  const perMonth = (MONTH_S * 1e6) / elapsedMicros;
  const cores = (lost / 1e6) * prices.cores * (prices.core_hour_price_usd / 3600);
  const requests = io.puts * prices.put_price_usd + io.gets * prices.get_price_usd;
  const moved = (io.writtenBytes / GIGABYTE) * prices.transfer_price_usd_per_gb;
  const kept = (bytesKept(outcome, plan) / GIGABYTE) * prices.storage_price_usd_per_gb_month;
  return perMonth * (cores + requests + moved) + kept;
}
