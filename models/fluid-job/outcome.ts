/**
 * What a run of a fluid job came to: plain data. Names end in their unit. Totals are summed exactly and rounded once.
 */

export interface FluidOutcome {
  /** How long the run was: the horizon, or the moment the work was done. */
  readonly elapsedMicros: number;
  readonly budget: FluidBudget;
  /** Work processed for the first time, over what could have been processed in that time without a pause or a failure. */
  readonly utilization: number;
  /** Work that durable checkpoints cover, in time of processing; work in progress at the end is not in it. */
  readonly committedMicros: number;
  readonly checkpoints: CheckpointCounts;
  readonly failures: FailureCounts;
  readonly recoveries: RecoveryTimes;
  /** Null for a saturated or overloaded job, whose records wait ever longer. */
  readonly latency: FluidLatency | null;
  readonly space: FluidSpace;
  readonly io: FluidIo;
  readonly digests: { readonly order: string; readonly state: string; readonly cost: string };
}

/** Where the time went; the sum is the elapsed time, to the microsecond. */
export interface FluidBudget {
  /** Processing for the first time. */
  readonly useful_us: number;
  readonly paused_us: number;
  /** Processing again what had been processed before a failure. */
  readonly replay_us: number;
  readonly down_us: number;
  readonly detect_us: number;
  readonly restart_us: number;
  readonly restore_us: number;
  /** Up, with nothing to process. */
  readonly idle_us: number;
}

export interface CheckpointCounts {
  readonly triggered: number;
  readonly completed: number;
  /** Completed ones that survive failures of level 2; all of them where there is one level. */
  readonly remote: number;
  readonly failed: number;
  readonly timedOut: number;
  /** In flight when a failure struck. */
  readonly aborted: number;
  /** Overtaken by a younger one that became durable first. */
  readonly subsumed: number;
  /** From trigger to trigger, where no failure came between. */
  readonly period: Distribution;
  /** From trigger to durable, of completed ones. */
  readonly duration: Distribution;
}

export interface FailureCounts {
  /** Failures that struck. */
  readonly count: number;
  /** Of these, during an outage, which then began anew. */
  readonly inOutage: number;
  /** Of these, while catching up from an earlier one. */
  readonly inCatchUp: number;
  /** By source, in the order of the plan. */
  readonly bySource: readonly number[];
}

/** Numbers that were seen; mean, minimum and maximum are NaN when n is 0, the variance (divisor n - 1) when n is below 2. */
export interface Distribution {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
  readonly min: number;
  readonly max: number;
}

export interface RecoveryTimes {
  /** From the trigger of the newest completed checkpoint (or the start of the job) to the failure, for failures of a job that was up. */
  readonly age_us: Distribution;
  /** From resuming or the completion of the newest checkpoint, whichever was later, to the failure. */
  readonly sinceProgress_us: Distribution;
  /** Work that a failure of a job that was up undid, in time of processing. */
  readonly lostWork_us: Distribution;
  /** From a failure of a job that was up to processing again; failures within extend it. */
  readonly outage_us: Distribution;
  /** From processing again to no backlog, of recoveries that no failure interrupted. */
  readonly catchUp_us: Distribution;
  /** From the failure to no backlog, of the same. */
  readonly total_us: Distribution;
  /** Bytes read per restore that was begun. */
  readonly readBytes: Distribution;
  /** The first ones, as many as the plan asks for. */
  readonly list: readonly FluidRecovery[];
}

export interface FluidRecovery {
  readonly failedAt_us: number;
  readonly age_us: number;
  /** Failures that struck during the outage. */
  readonly restarts: number;
  readonly resumedAt_us: number;
  /** When the backlog was empty; null if the next failure or the end of the run came first. */
  readonly caughtUpAt_us: number | null;
}

export interface FluidLatency {
  /** Every record once, at its first processing. */
  readonly firstOutput: LatencyView;
  /** Every processing, replays too. */
  readonly replay: LatencyView;
  /** From arrival to the completion of the covering checkpoint. */
  readonly sink: LatencyView;
  /** Records whose first output is later than the bound; exact. */
  readonly late: readonly { readonly bound_us: number; readonly records: number; readonly fraction: number }[];
}

export interface LatencyView {
  readonly records: number;
  /** Latency summed over records. */
  readonly area_record_s: number;
  readonly mean_us: number;
  readonly max_us: number;
  /** Rounded to one part in 4096; null unless the plan asks for quantiles. */
  readonly quantiles: {
    readonly p50_us: number;
    readonly p90_us: number;
    readonly p99_us: number;
    readonly p999_us: number;
  } | null;
}

/** Space over time, term by term; means over the whole run. */
export interface FluidSpace {
  /** Input that a restart would have to read again; null for a saturated job. */
  readonly replayLogMeanBytes: number | null;
  readonly replayLogPeakBytes: number | null;
  /** Materialised snapshot and the log behind it; null without a changelog. */
  readonly changelogMeanBytes: number | null;
  readonly changelogPeakBytes: number | null;
  /** The last completed snapshots, and what they rest on. */
  readonly retainedMeanBytes: number;
  /** All snapshots completed within the history kept. */
  readonly historyMeanBytes: number;
  /** Checkpoints that are being written and will complete: from trigger to durable. */
  readonly uploadingMeanBytes: number;
}

export interface FluidIo {
  /** By completed checkpoints and materialisations. */
  readonly writtenBytes: number;
  readonly readBytes: number;
  readonly puts: number;
  readonly gets: number;
}
