/**
 * What a run answers: verdict, evidence, numbers. Plain JSON data; reports turn it into text, nothing here is prose
 * beyond single facts. All times µs, all sizes bytes, all counts exact integers.
 */

/** A broken law with the guilty things named by id; sentences are made in reports/. */
export interface Violation {
  /** Law id, e.g. `O1`. */
  readonly law: string;
  readonly statement: string;
  readonly atMicros: number;
  /** What broke it, as facts with names ("ssp", "offsets", "task", "checkpoint", "window"). */
  readonly facts: Readonly<Record<string, string | number>>;
}

export type Verdict =
  | { readonly kind: 'holds'; readonly law: null; readonly bound: string }
  | { readonly kind: 'violated'; readonly law: string; readonly bound: string }
  | { readonly kind: 'unknown'; readonly law: null; readonly bound: string };

/** How one law fared: `checked` counts how often it was really evaluated, so that a silent law can be told from a kept one. */
export interface LawReport {
  readonly law: string;
  readonly statement: string;
  readonly checked: number;
  readonly violations: number;
  readonly first: Violation | null;
}

export interface RecordCounts {
  /** Records appended to the inputs that the job was to process (after its first start, or all with offset default oldest). */
  readonly offered: number;
  /** Distinct input records processed at least once. */
  readonly processed: number;
  /** Input records that the job moved past without ever processing them. */
  readonly lost: number;
  /** Processings beyond the first of the same input record. */
  readonly duplicated: number;
  /** Offered, not yet processed at the horizon. */
  readonly pending: number;
  /** Records that arrived before the job's first consumer position (offset default upcoming). */
  readonly before_start: number;
  /** Distinct input records whose output reached the output topic, copies beyond the first, and outputs that never will. */
  readonly outputs: number;
  readonly outputs_duplicated: number;
  readonly outputs_lost: number;
}

/** State against the fold of the processed inputs, at the horizon. */
export interface StateCounts {
  readonly keys: number;
  /** Sum over keys of updates applied more than once. */
  readonly overcounted: number;
  /** Sum over keys of updates missing. */
  readonly undercounted: number;
  readonly wrong_keys: number;
}

export interface Recovery {
  readonly container: number;
  readonly cause: string;
  readonly at_us: number;
  readonly from_host: number;
  readonly to_host: number;
  /** Death to the application master's knowledge. */
  readonly detect_us: number;
  /** Request, allocation, launch, process start, checkpoint read. */
  readonly restart_us: number;
  /** State restore, trim and seal commit. */
  readonly restore_us: number;
  /** From the first message until every task has reached the input head it found at that moment. -1: not by the horizon. */
  readonly catchup_us: number;
  readonly restored_bytes: number;
  readonly replayed_records: number;
  readonly skipped_records: number;
  /** How the state came back: `local`, `changelog`, `blob`, `blob-local`, `standby`, `none`. */
  readonly restored_from: string;
  /** False when the horizon came, or the container died again, before it ran. */
  readonly finished: boolean;
}

/** Per-task time, µs; the six add up to the horizon exactly. */
export interface TaskBudget {
  readonly task: number;
  readonly useful_us: number;
  readonly blocked_us: number;
  readonly snapshot_us: number;
  readonly restart_us: number;
  readonly replay_us: number;
  readonly idle_us: number;
}

/** Time spent in each named step of the commit, over all completed commits. */
export interface PhaseTime {
  readonly step: string;
  readonly stage: 'sync' | 'async';
  readonly count: number;
  readonly total_us: number;
  readonly max_us: number;
}

export interface CheckpointCounts {
  readonly started: number;
  readonly completed: number;
  readonly skipped: number;
  readonly blocked: number;
  readonly failed: number;
  readonly timed_out: number;
  /** Cut off by a crash before completion. */
  readonly cut_off: number;
  readonly sync_us_total: number;
  readonly async_us_total: number;
  readonly sync_us_max: number;
  readonly async_us_max: number;
}

export interface StorageCounts {
  readonly changelog_bytes_written: number;
  readonly changelog_bytes_end: number;
  readonly changelog_bytes_max: number;
  readonly checkpoint_topic_bytes_written: number;
  readonly local_disk_bytes_end: number;
  readonly local_disk_bytes_max: number;
  readonly blob_bytes_uploaded: number;
  readonly blob_bytes_end: number;
  readonly blob_bytes_max: number;
  readonly restore_bytes_read: number;
}

/** One kind of fault: how many were planned, how many struck, how many changed anything, and why the others did not. */
export interface FaultEffect {
  readonly fault: string;
  readonly planned: number;
  readonly injected: number;
  readonly bit: number;
  readonly without_effect: readonly { readonly reason: string; readonly count: number }[];
}

export interface BatchLayerCounts {
  readonly batches: number;
  /** Largest error of the served view before a batch corrected it, and what the batches corrected in sum. */
  readonly served_error_max: number;
  readonly corrected_total: number;
  readonly served_error_end: number;
}

export interface Outcome {
  readonly scenario: string;
  readonly seed: string;
  readonly verdict: Verdict;
  readonly digests: { readonly order: string; readonly state: string; readonly cost: string };
  readonly simulated_s: number;
  readonly events: number;
  readonly ties: number;
  readonly records: RecordCounts;
  readonly state: StateCounts;
  /** Completed checkpoints (commits made durable and cleaned up). */
  readonly checkpoints: number;
  readonly checkpoint_detail: CheckpointCounts;
  readonly checkpoint_phases: readonly PhaseTime[];
  readonly recoveries: readonly Recovery[];
  readonly budgets: readonly TaskBudget[];
  readonly storage: StorageCounts;
  readonly faults: readonly FaultEffect[];
  readonly laws: readonly LawReport[];
  readonly batch_layer: BatchLayerCounts | null;
  /** True when the cluster manager gave the job up (retry count exceeded). */
  readonly job_failed: boolean;
  /** Where loss came from, by window of samza.md §5.4 ("W-first", …). */
  readonly windows: readonly {
    readonly window: string;
    readonly ssp: string;
    readonly records: number;
    readonly at_us: number;
  }[];
}
