/**
 * What a report says, as plain data: the JSON document of `tidemark report`, and the only source of its page and of its
 * Markdown. Names end in their unit; null: does not apply or did not happen.
 */
import type { CheckpointHistory } from '../../models/checkpoint-history/index.ts';
import type { LatencySummary } from '../../models/flow-job/latency-histogram.ts';
import type { FaultEffect, LawReport, PhaseTime, TaskBudget } from '../../models/outcome.ts';
import type { FlowWhatIf, WhatIf } from '../../models/what-if/index.ts';

/** A share of the cost, with where it comes from. */
export interface CostTerm {
  readonly term: string;
  readonly total_us: number;
  /** Of all time of all tasks, 0 to 1. */
  readonly share: number;
  readonly meaning: string;
}

/** Bytes written, kept and read, by place. */
export interface StorageTerm {
  readonly place: string;
  readonly written_bytes: number | null;
  readonly end_bytes: number | null;
  readonly max_bytes: number | null;
}

/** The laws that were looked at, and how it ended. */
export interface ReportVerdict {
  readonly kind: 'holds' | 'violated' | 'unknown';
  readonly law: string | null;
  readonly statement: string | null;
  readonly bound: string;
  /** What happened, in sentences; empty when nothing broke. */
  readonly story: readonly string[];
  /** What the scenario declares; null: nothing. */
  readonly expected: { readonly kind: string; readonly law: string | null; readonly met: boolean } | null;
  readonly laws: readonly LawReport[];
}

/** A recovery; its stages are null where they are part of another, or had not come to their end. */
export interface ReportRecovery {
  /** What died: `container 1`, a task by name. */
  readonly who: string;
  readonly cause: string;
  readonly at_us: number;
  readonly from_host: number | null;
  /** Null, too, where nothing was started before the end. */
  readonly to_host: number | null;
  readonly detect_us: number | null;
  /** Of a dataflow job with the restore. */
  readonly restart_us: number | null;
  readonly restore_us: number | null;
  readonly catchup_us: number | null;
  readonly restored_bytes: number;
  readonly replayed_records: number;
  readonly skipped_records: number | null;
  readonly restored_from: string;
  readonly finished: boolean;
}

/** From the death to caught up, in µs, as far as the recovery came. */
export function recoveryMicros({ detect_us, restart_us, restore_us, catchup_us }: ReportRecovery): number {
  return (detect_us ?? 0) + (restart_us ?? 0) + (restore_us ?? 0) + (catchup_us ?? 0);
}

/** Where the time of a task went; the parts add up to the horizon, exactly. */
export interface NamedBudget extends TaskBudget {
  readonly name: string;
}

/** From a record's being there to be read to its being visible, over first copies. */
export interface OutputLatencyRow extends LatencySummary {
  readonly where: string;
}

/** One simulated run of the job. */
export interface RunPart {
  readonly simulated_s: number;
  readonly events: number;
  readonly verdict: ReportVerdict;
  /** Their sum is tasks × horizon, exactly. */
  readonly cost: readonly CostTerm[];
  readonly storage: readonly StorageTerm[];
  readonly budgets: readonly NamedBudget[];
  readonly phases: readonly PhaseTime[];
  readonly recoveries: readonly ReportRecovery[];
  /** Of a dataflow job. */
  readonly output_latency?: readonly OutputLatencyRow[];
  readonly faults: readonly FaultEffect[];
  readonly checkpoints: CheckpointHistory;
  readonly digests: { readonly order: string; readonly state: string; readonly cost: string };
}

export interface ReportData {
  readonly tidemark: string;
  readonly command: string;
  readonly scenario: string;
  readonly title: string;
  readonly teaches: string;
  readonly engine: string;
  readonly seed: string;
  readonly scenario_hash: string;
  readonly notes: readonly string[];
  /** Null for a job that is known by its numbers alone. */
  readonly run: RunPart | null;
  /** Null where `what_if_why_not` says why. */
  readonly what_if: WhatIf | FlowWhatIf | null;
  readonly what_if_why_not: string | null;
}
