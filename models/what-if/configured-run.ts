/** One longer run of a job at the interval that is configured: where its time goes, how late records are, what it moves and costs. */
import { type FluidOutcome, type FluidPlan, type LatencyView, money, simulateFluid } from '../fluid-job/index.ts';
import type { Prices } from '../tuning/objective.ts';
import { withInterval } from '../tuning/tune-job.ts';

/** Recoveries listed one by one. */
const RECOVERIES_LISTED = 30;

export interface RunTerm {
  readonly term: 'useful' | 'replay' | 'pauses' | 'down' | 'detect' | 'restart' | 'restore' | 'idle';
  readonly total_us: number;
  readonly share: number;
}

export interface RunLatency {
  readonly view: 'first output' | 'every processing' | 'behind a transactional sink';
  readonly records: number;
  readonly mean_us: number;
  readonly p50_us: number | null;
  readonly p90_us: number | null;
  readonly p99_us: number | null;
  readonly p999_us: number | null;
  readonly max_us: number;
}

export interface RunRecovery {
  readonly failed_at_us: number;
  /** Since the trigger of the newest completed checkpoint. */
  readonly age_us: number;
  readonly restarts: number;
  readonly outage_us: number;
  readonly catch_up_us: number | null;
}

export interface RunMoney {
  readonly cause: string;
  readonly usd_per_month: number;
}

export interface ConfiguredRun {
  readonly elapsed_us: number;
  readonly failures: number;
  /** Add up to the elapsed time, exactly. */
  readonly cost: readonly RunTerm[];
  readonly checkpoints: readonly { readonly what: string; readonly count: number }[];
  readonly durations: readonly {
    readonly what: string;
    readonly n: number;
    readonly min_us: number | null;
    readonly mean_us: number | null;
    readonly max_us: number | null;
  }[];
  /** Null for a saturated job, or one that cannot keep up. */
  readonly latency: readonly RunLatency[] | null;
  readonly recoveries: readonly RunRecovery[];
  readonly moved: readonly { readonly what: string; readonly bytes: number; readonly requests: number }[];
  /** By cause, and in all. */
  readonly money: readonly RunMoney[];
}

/** Runs the plan at its own interval for so many failures. */
export function configuredRun(
  plan: FluidPlan,
  { seed, prices, failures }: { readonly seed: string | number; readonly prices: Prices; readonly failures: number },
): ConfiguredRun {
  const spread = withInterval(plan, plan.checkpoint.intervalMicros / 1e6, failures);
  const measure = { ...spread.measure, quantiles: true, recoveriesMax: RECOVERIES_LISTED };
  const outcome = simulateFluid({ ...spread, measure }, seed);
  const { elapsedMicros, failures: struck, checkpoints, io } = outcome;
  const span = (what: string, { n, min, mean, max }: typeof checkpoints.period) => ({
    what,
    n,
    min_us: n === 0 ? null : min,
    mean_us: n === 0 ? null : mean,
    max_us: n === 0 ? null : max,
  });
  return {
    elapsed_us: elapsedMicros,
    failures: struck.count,
    cost: costOf(outcome),
    checkpoints: [
      { what: 'triggered', count: checkpoints.triggered },
      { what: 'completed', count: checkpoints.completed },
      { what: 'failed', count: checkpoints.failed },
      { what: 'timed out', count: checkpoints.timedOut },
      { what: 'aborted by a failure of the job', count: checkpoints.aborted },
      { what: 'subsumed by a younger one', count: checkpoints.subsumed },
    ],
    durations: [
      span('from trigger to trigger', checkpoints.period),
      span('from trigger to durable', checkpoints.duration),
      span('from the newest checkpoint to a failure', outcome.recoveries.age_us),
      span('work undone by a failure', outcome.recoveries.lostWork_us),
      span('from a failure to processing again', outcome.recoveries.outage_us),
      span('from then to no backlog', outcome.recoveries.catchUp_us),
    ],
    latency: latencyOf(outcome),
    recoveries: outcome.recoveries.list.map(({ failedAt_us, age_us, restarts, resumedAt_us, caughtUpAt_us }) => ({
      failed_at_us: failedAt_us,
      age_us,
      restarts,
      outage_us: resumedAt_us - failedAt_us,
      catch_up_us: caughtUpAt_us === null ? null : caughtUpAt_us - resumedAt_us,
    })),
    moved: [
      { what: 'written by checkpoints', bytes: io.writtenBytes, requests: io.puts },
      { what: 'read by restores', bytes: io.readBytes, requests: io.gets },
    ],
    money: moneyOf(outcome, prices),
  };
}

function costOf({ budget, elapsedMicros }: FluidOutcome): RunTerm[] {
  const terms: readonly (readonly [RunTerm['term'], number])[] = [
    ['useful', budget.useful_us],
    ['replay', budget.replay_us],
    ['pauses', budget.paused_us],
    ['down', budget.down_us],
    ['detect', budget.detect_us],
    ['restart', budget.restart_us],
    ['restore', budget.restore_us],
    ['idle', budget.idle_us],
  ];
  return terms.map(([term, total_us]) => ({ term, total_us, share: total_us / elapsedMicros }));
}

function latencyOf({ latency }: FluidOutcome): RunLatency[] | null {
  if (latency === null) return null;
  const views: readonly (readonly [RunLatency['view'], LatencyView])[] = [
    ['first output', latency.firstOutput],
    ['every processing', latency.replay],
    ['behind a transactional sink', latency.sink],
  ];
  return views.map(([view, { records, mean_us, max_us, quantiles }]) => ({
    view,
    records,
    mean_us,
    p50_us: quantiles?.p50_us ?? null,
    p90_us: quantiles?.p90_us ?? null,
    p99_us: quantiles?.p99_us ?? null,
    p999_us: quantiles?.p999_us ?? null,
    max_us,
  }));
}

const MONTH_MICROS = 2_592_000_000_000;

/** A month of 30 days. */
function moneyOf(outcome: FluidOutcome, prices: Prices): RunMoney[] {
  const spent = money(outcome, {
    cores: prices.cores,
    coreHourUsd: prices.core_hour_price_usd,
    putUsd: prices.put_price_usd,
    getUsd: prices.get_price_usd,
    transferUsdPerGb: prices.transfer_price_usd_per_gb,
    storageUsdPerGbMonth: prices.storage_price_usd_per_gb_month,
  });
  const monthly = (usd: number): number => (usd * MONTH_MICROS) / outcome.elapsedMicros;
  return [
    { cause: 'cores that stand still in pauses', usd_per_month: monthly(spent.pausesUsd) },
    { cause: 'cores in outages, or working again', usd_per_month: monthly(spent.failuresUsd) },
    { cause: 'requests', usd_per_month: monthly(spent.requestsUsd) },
    { cause: 'transfer', usd_per_month: monthly(spent.transferUsd) },
    { cause: 'snapshots kept', usd_per_month: monthly(spent.snapshotsUsd) },
    { cause: 'input kept for replay', usd_per_month: monthly(spent.replayLogUsd) },
    { cause: 'in all', usd_per_month: monthly(spent.totalUsd) },
  ];
}
