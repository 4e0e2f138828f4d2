/**
 * The scenario of a stream job that is to be tuned, as a value: what a user can read off the job's metrics. Names are those of
 * the YAML file, with their units. `stream-schema.ts` says what is allowed and why; the compiler checks that both agree.
 */
import type { Engine, ObjectiveName } from '../models/tuning/stream-job.ts';

export interface StreamScenarioFile {
  readonly $schema?: string | undefined;
  readonly kind: 'stream';
  readonly name?: string | undefined;
  readonly title: string;
  readonly teaches?: string | undefined;
  readonly engine: Engine;
  readonly seed: string | number;
  readonly load: {
    readonly rate_per_s: number;
    readonly capacity_per_s: number;
    readonly record_bytes: number;
  };
  readonly state: StateEntry;
  readonly checkpoint: CheckpointEntry;
  readonly faults: FaultsEntry;
  readonly recovery: {
    readonly detection_s: number;
    readonly restart_s: number;
    readonly restore_s: number;
    readonly restore_bytes_per_s: number | null;
    readonly replay_bytes_per_s: number | null;
  };
  readonly objective: ObjectiveName;
  readonly weights?: Readonly<Partial<Record<string, number | undefined>>> | undefined;
  readonly bounds: BoundsEntry;
  readonly prices?: PricesEntry | undefined;
  readonly assumed: readonly string[];
}

export type StateEntry =
  | { readonly backend: 'full'; readonly bytes: number }
  | {
      readonly backend: 'incremental';
      readonly bytes: number;
      readonly full_every: number;
      readonly delta_bytes?: number | undefined;
      readonly updates_per_s?: number | undefined;
      readonly entry_bytes?: number | undefined;
    }
  | {
      readonly backend: 'changelog';
      readonly bytes: number;
      readonly updates_per_s: number;
      readonly entry_bytes: number;
      readonly materialization_s: number;
      readonly materialization_takes_s: number;
    };

export interface CheckpointEntry {
  readonly interval_s: number;
  readonly pause_ms: number;
  readonly duration_ms: number;
  readonly upload_bytes_per_s: number | null;
  readonly upload_blocks: boolean;
  readonly min_pause_s: number;
  readonly timeout_s: number | null;
  readonly failure_probability: number;
  readonly keep: number;
  readonly history_s: number;
  readonly objects: number;
}

/** Exactly one of `mtbf_s` and `trace` is given; the loader checks it. */
export interface FaultsEntry {
  readonly mtbf_s?: number | undefined;
  readonly shape: number;
  readonly trace?: string | undefined;
  readonly trace_nodes?: number | undefined;
}

export interface BoundsEntry {
  readonly recovery_p99_s?: number | undefined;
  readonly output_latency_s?: number | undefined;
  readonly transaction_timeout_s?: number | undefined;
}

export interface PricesEntry {
  readonly cores: number;
  readonly core_hour_usd: number;
  readonly put_usd: number;
  readonly get_usd: number;
  readonly storage_usd_per_gb_month: number;
  readonly transfer_usd_per_gb: number;
}
